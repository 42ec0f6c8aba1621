"""What is asked of those who decide, and the yearly report that others cite."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from amana.errors import Changed
from amana.insight.briefs.parts import KINDS, BriefSection
from amana.insight.costing.models import Scenario
from amana.insight.release.models import Release
from amana.privacy import personal, plain
from amana.trust.access.models import User


class BriefState(models.TextChoices):
    DRAFT = "draft", lazy("Draft")
    PUBLISHED = "published", lazy("Published")
    AWAY = "away", lazy("Deleted")


class BriefKind(models.TextChoices):
    BRIEF = "brief", lazy("Policy brief")
    REPORT = "report", lazy("National report")


class BriefQuerySet(models.QuerySet["Brief"]):
    def drafts(self) -> Self:
        return self.filter(state=BriefState.DRAFT)

    def waiting(self) -> Self:
        """Find the drafts for which a review was requested."""
        return self.drafts().filter(asked_at__isnull=False)

    def published(self) -> Self:
        return self.filter(state=BriefState.PUBLISHED)

    def briefs(self) -> Self:
        return self.filter(kind=BriefKind.BRIEF)

    def reports(self) -> Self:
        return self.filter(kind=BriefKind.REPORT)

    def in_force(self) -> Self:
        """Find what is published without a newer published edition."""
        return self.published().exclude(replaced_by__state=BriefState.PUBLISHED)

    def with_title(self, language: str) -> Self:
        written = Passage.objects.filter(
            brief=models.OuterRef("pk"), part="title", language=language
        )
        newest = written.order_by("-pk").values("words")[:1]
        return self.annotate(title=models.Subquery(newest))


class Brief(models.Model):
    """One brief or report, from its first draft to the edition that stays as it is."""

    kind = models.CharField(max_length=8, choices=BriefKind, default=BriefKind.BRIEF)
    about = models.CharField(max_length=8, blank=True)
    """The code of the indicator that a brief begins with."""
    gap = models.CharField(max_length=60, blank=True)
    """The gap that it begins with, by its public key; empty: an indicator alone."""
    scenario = models.ForeignKey(
        Scenario, models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The simulation that it reports."""
    release = models.ForeignKey(
        Release, models.PROTECT, null=True, blank=True, related_name="+"
    )
    """Of a report: whose tables it shows. Of a brief: figures that were in none yet,
    signed when it is published."""
    year = models.PositiveSmallIntegerField()
    """Its figures are of this year, as far as it has gone."""
    state = models.CharField(
        max_length=12, choices=BriefState, default=BriefState.DRAFT
    )
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    cited = models.JSONField(default=dict, blank=True)
    """By name, the release that holds each of its figures, since it is published: they
    are read there. A draft's figures are those of the day it is read."""
    languages = models.JSONField(default=list, blank=True)
    """In which it was published."""

    begun_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    asked_at = models.DateTimeField(null=True, blank=True)
    """When the review was requested of those who publish."""
    published_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    writers = models.ManyToManyField(User, related_name="+", blank=True)

    objects = BriefQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="brief_published_has_its_day",
                condition=Q(state=BriefState.PUBLISHED, published_at__isnull=False)
                | (~Q(state=BriefState.PUBLISHED) & Q(published_at=None)),
            ),
            models.CheckConstraint(
                name="report_has_its_release",
                condition=Q(kind=BriefKind.BRIEF) | Q(release__isnull=False),
            ),
        ]

    class Privacy:
        kept = "As long as others may cite it; a draft until it is put away."
        kind = about = gap = scenario = release = year = state = plain
        replaces = cited = languages = plain
        begun_at = changed_at = asked_at = published_at = plain
        begun_by = published_by = writers = personal

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_published(self) -> bool:
        return self.state == BriefState.PUBLISHED

    @property
    def edition(self) -> int:
        """Of the report of a year: the first, the second …"""
        earlier = Brief.objects.reports().published().filter(year=self.year)
        return earlier.filter(published_at__lte=self.published_at).count()

    @property
    def sections(self) -> tuple[BriefSection, ...]:
        return KINDS[self.kind]

    def section(self, code: str) -> BriefSection | None:
        return next(
            (section for section in self.sections if section.code == code), None
        )

    def move(self, to: BriefState, **changes: Any) -> None:
        """Change the state of a draft, unless someone else did so first."""
        # Asked in the statement that changes it: of two who publish or delete at once,
        # the second finds no draft. Afterwards triggers refuse any change (migration
        # 0002).
        free = Brief.objects.drafts().filter(pk=self.pk)
        if not free.update(state=to, **changes):
            raise Changed(_("This brief was published or deleted in the meantime."))
        for name, value in ({"state": to} | changes).items():
            setattr(self, name, value)


class PassageQuerySet(models.QuerySet["Passage"]):
    def newest(self) -> dict[tuple[str, str], "Passage"]:
        """Map part and language to what was written last."""
        return {
            (passage.part, passage.language): passage for passage in self.order_by("pk")
        }


class Passage(models.Model):
    """What a part of a brief says since it was written; earlier passages stay."""

    brief = models.ForeignKey(Brief, models.CASCADE, related_name="passages")
    part = models.CharField(max_length=30)
    language = models.CharField(max_length=8, blank=True)
    """Empty: the same in each, like a score or a day."""
    words = models.TextField(blank=True)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    objects = PassageQuerySet.as_manager()

    class Privacy:
        kept = "As long as the brief."
        brief = part = language = words = written_at = plain
        written_by = personal

    def __str__(self) -> str:
        return f"{self.part} {self.language}".strip()
