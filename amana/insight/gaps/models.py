"""What is to be done about gaps. The gaps themselves are computed each time."""

from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.design.directory.taxonomy import ServiceType
from amana.insight.gaps.finding import GapKind
from amana.privacy import personal, plain
from amana.trust.access.models import Organisation

type Key = tuple[str, str, str]


class GapPlanQuerySet(models.QuerySet["GapPlan"]):
    def of(self, need: str, area: str, group: str) -> Self:
        return self.filter(need=need, area=area, group=group)

    def for_list(self) -> Self:
        return self.select_related("owner", "by").order_by("-pk")

    def in_force(self) -> dict[Key, "GapPlan"]:
        """Map each gap to the plan that counts today."""
        # Newest first, reversed: the latest of a gap is set last and stays.
        return {plan.key: plan for plan in reversed(self.for_list())}


class GapPlan(models.Model):
    """What a coordinator decided about one gap, once. The latest counts, all are
    kept."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("To be done")
        STARTED = "started", _("Under way")
        DONE = "done", _("Done")
        LEFT = "left", _("Left as it is")

    need = models.CharField(_("need"), max_length=4, choices=ServiceType)
    area = models.CharField(_("area"), max_length=20)
    """A first-level area, or "all"."""
    group = models.CharField(_("for whom"), max_length=12)
    status = models.CharField(_("status"), max_length=8, choices=Status)
    owner = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible organisation"),
    )
    cost = models.DecimalField(
        _("approximate cost"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    due_on = models.DateField(_("by when"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True, max_length=1000)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = GapPlanQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["need", "area", "group"])]
        constraints = [
            models.CheckConstraint(
                name="plan_of_a_gap_costs_something",
                condition=models.Q(cost=None, currency="")
                | (models.Q(cost__gte=0) & ~models.Q(currency="")),
            )
        ]

    class Privacy:
        kept = "As long as the mechanism."
        need = area = group = status = owner = cost = currency = due_on = plain
        note = at = plain
        by = personal

    def __str__(self) -> str:
        return f"plan {self.pk}"

    @property
    def key(self) -> Key:
        return self.need, self.area, self.group

    @property
    def is_late(self) -> bool:
        """Whether its day has passed and it is not done."""
        waits = self.status in (self.Status.PLANNED, self.Status.STARTED)
        today = timezone.localdate()
        return waits and self.due_on is not None and self.due_on < today


class KeptGapQuerySet(models.QuerySet["KeptGap"]):
    def of_year(self, year: int) -> dict[Key, str]:
        """Map each gap that was found then to its kind."""
        rows = self.filter(year=year).values_list("need", "area", "group", "kind")
        return {(need, area, group): kind for need, area, group, kind in rows}


class KeptGap(models.Model):
    """A gap as it was when a year was kept, to tell what is new and what has closed."""

    year = models.PositiveSmallIntegerField()
    need = models.CharField(max_length=4, choices=ServiceType)
    area = models.CharField(max_length=20)
    group = models.CharField(max_length=12)
    kind = models.CharField(max_length=12, choices=GapKind)

    objects = KeptGapQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="kept_gap_once_in_a_year",
                fields=["year", "need", "area", "group"],
            )
        ]

    class Privacy:
        kept = "As long as the mechanism."
        year = need = area = group = kind = plain

    def __str__(self) -> str:
        return f"{self.year}: {self.kind}"


def build_rows(year: int, gaps: Iterable[tuple[Key, str]]) -> list[KeptGap]:
    return [
        KeptGap(year=year, need=need, area=area, group=group, kind=kind)
        for (need, area, group), kind in gaps
    ]
