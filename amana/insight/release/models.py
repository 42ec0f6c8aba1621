"""Published figures: for all readers, for good, signed by two people."""

from functools import cached_property
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from amana.errors import Changed
from amana.insight.release.contents import ReleaseContents, ReleaseTable
from amana.privacy import personal, plain
from amana.trust.access.models import User

if TYPE_CHECKING:
    from amana.insight.disclosure.engine import Protected


class ReleaseState(models.TextChoices):
    PROPOSED = "proposed", lazy("Waits for a second signature")
    PUBLISHED = "published", lazy("Published")
    AWAY = "away", lazy("Archived")


class ReleaseQuerySet(models.QuerySet["Release"]):
    def proposed(self) -> Self:
        return self.filter(state=ReleaseState.PROPOSED)

    def published(self) -> Self:
        return self.filter(state=ReleaseState.PUBLISHED)

    def in_force(self) -> Self:
        """Find what is published and not restated since."""
        return self.published().exclude(restated_by__state=ReleaseState.PUBLISHED)

    def for_list(self) -> Self:
        # All tables of a release are in `pages`: a list does without them.
        return self.defer("pages").select_related("restates")


class Release(models.Model):
    """Tables of a year, copied from the sheets on the day that they were proposed.

    Once published, nothing of it changes: the database sees to that (migration 0002).
    Other figures of the same tables are a new release, which shows what is different.
    """

    year = models.PositiveSmallIntegerField()
    until = models.DateField()
    """Facts of months before this one are in it."""
    smallest = models.PositiveSmallIntegerField()
    """No group of fewer people is shown."""
    inhabitants = models.PositiveBigIntegerField(default=0)
    mechanism = models.CharField(max_length=200, blank=True)
    """Its name and version on that day."""
    chosen = models.JSONField()
    """Its tables: of which figure, split by what."""
    pages = models.JSONField()
    """The figures, by kind of observation, copied from the protected tables: what was
    suppressed there is nowhere in it."""
    restates = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="restated_by"
    )
    why = models.TextField(blank=True, max_length=1000)
    """Why figures that were out are others now."""
    changes = models.JSONField(default=list, blank=True)
    """Which, and what they were."""

    state = models.CharField(
        max_length=10, choices=ReleaseState, default=ReleaseState.PROPOSED
    )
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    signed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="release_published_is_signed",
                condition=Q(
                    state=ReleaseState.PUBLISHED,
                    published_at__isnull=False,
                    signed_by__isnull=False,
                )
                | (
                    ~Q(state=ReleaseState.PUBLISHED)
                    & Q(published_at=None, signed_by=None)
                ),
            ),
            models.CheckConstraint(
                # In the database too: no mistake of the program publishes with one
                # signature.
                name="release_signed_by_two",
                condition=Q(signed_by=None) | ~Q(signed_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="release_restated_with_a_reason",
                condition=Q(restates=None) | ~Q(why=""),
            ),
        ]

    class Privacy:
        kept = "As long as others may cite it."
        year = until = smallest = inhabitants = mechanism = chosen = pages = plain
        restates = why = changes = state = proposed_at = published_at = plain
        proposed_by = signed_by = personal

    def __str__(self) -> str:
        return f"release {self.pk} of {self.year}"

    @property
    def is_published(self) -> bool:
        return self.state == ReleaseState.PUBLISHED

    @cached_property
    def contents(self) -> ReleaseContents:
        chosen = [ReleaseTable.of(stored) for stored in self.chosen]
        return ReleaseContents(chosen, self.pages, self.inhabitants, str(self.year))

    @property
    def newest(self) -> "Release":
        """That in force today: what restates it, and so on; or itself."""
        newer = Release.objects.published().filter(restates=self).first()
        return newer.newest if newer else self

    def tables(self) -> "tuple[Protected, ...]":
        """Return all counts in it, one table for each part of a figure:
        “I03.all:counted”, “I03.all:others”, “I03.all:unknown”. Exports read these
        alone."""
        return self.contents.tables()

    def move(self, to: ReleaseState, **changes: object) -> None:
        """Change the state of a proposal. Raises `Changed` when someone else did
        first."""
        waiting = Release.objects.proposed().filter(pk=self.pk)
        if not waiting.update(state=to, **changes):
            raise Changed(_("This release was signed or archived in the meantime."))
        for name, value in ({"state": to} | changes).items():
            setattr(self, name, value)


# --- figures of very many people, with noise


class Budget(models.Model):
    """How much may be revealed of a year's people in all tables with noise together."""

    year = models.PositiveSmallIntegerField(unique=True)
    epsilon = models.FloatField()
    said_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="budget_is_a_little", condition=Q(epsilon__gt=0, epsilon__lte=10)
            )
        ]

    class Privacy:
        kept = "As long as the tables."
        year = epsilon = said_at = plain
        said_by = personal

    def __str__(self) -> str:
        return f"budget of {self.year}"


class NoisedTableQuerySet(models.QuerySet["NoisedTable"]):
    def published(self) -> Self:
        return self.exclude(signed_by=None)


class NoisedTable(models.Model):
    """Counts of a year with noise, drawn once: what it cost is spent, signed or not."""

    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=24)
    by = models.CharField(max_length=60)
    """The dimensions, by their codes, with commas between."""
    codes = models.JSONField()
    counts = models.JSONField()
    """With noise; the true ones are nowhere."""
    epsilon = models.FloatField()
    sigma = models.FloatField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    signed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)

    objects = NoisedTableQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                # Drawn twice, two tables would average out the noise.
                name="no_table_noised_twice",
                fields=["year", "kind", "by"],
            ),
            models.CheckConstraint(
                name="noised_table_signed_by_two",
                condition=Q(signed_by=None) | ~Q(signed_by=F("made_by")),
            ),
            models.CheckConstraint(
                name="noised_table_published_is_signed",
                condition=Q(signed_by=None, published_at=None)
                | Q(signed_by__isnull=False, published_at__isnull=False),
            ),
        ]

    class Privacy:
        kept = "As long as others may cite it."
        year = kind = by = codes = counts = epsilon = sigma = plain
        made_at = published_at = plain
        made_by = signed_by = personal

    def __str__(self) -> str:
        return f"{self.kind} {self.year} with noise"

    @property
    def dims(self) -> list[str]:
        return self.by.split(",")


class SyntheticTree(models.Model):
    """How columns of a year's facts hang together, with noise: learnt once, and paid
    for from the year's budget. Rows drawn from it are of people who don't exist."""

    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=24)
    epsilon = models.FloatField()
    tree = models.JSONField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="no_tree_learnt_twice", fields=["year", "kind"]
            )
        ]

    class Privacy:
        kept = "As long as somebody trains with its rows."
        year = kind = epsilon = tree = made_at = plain

    def __str__(self) -> str:
        return f"synthetic {self.kind} {self.year}"
