"""The facts that figures are made of. Who wrote one, and of whom, is nowhere."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from amana.care.cases.models import Case
from amana.insight.facts import codes
from amana.insight.facts.kinds import KINDS, Codes, ObservationKind
from amana.privacy import personal, plain, sealed, sensitive

BANDS: Codes = tuple(codes.Band.values)
LARGEST = 10**12
"""Money in thousands, in whatever currency."""


class ObservationQuerySet(models.QuerySet["Observation"]):
    def in_force(self) -> Self:
        """Exclude those that a later observation corrects."""
        corrected = Observation.objects.exclude(corrects=None).values("corrects")
        return self.exclude(pk__in=corrected)


def build_known_check(name: str) -> models.CheckConstraint:
    """Build the constraint that a column has one of the public codes, or is unknown."""
    values = ["", *codes.DIMENSIONS[name].values]
    return models.CheckConstraint(
        name=f"fact_{name}_known", condition=Q(**{f"{name}__in": values})
    )


def build_kind_check(
    name: str, allowed: Callable[[ObservationKind], Codes]
) -> models.CheckConstraint:
    """Build the constraint that a column has one of the codes that its kind allows, or
    is unknown."""
    alike: dict[Codes, list[str]] = defaultdict(list)
    for kind in KINDS.values():
        alike[allowed(kind)].append(kind.code)
    return models.CheckConstraint(
        name=f"fact_{name}_of_its_kind",
        condition=join_conditions(
            Q(**{"kind__in": kinds, f"{name}__in": ["", *values]})
            for values, kinds in alike.items()
        ),
    )


def join_conditions(conditions: Iterable[Q]) -> Q:
    return Q(*conditions, _connector=Q.OR)


class Observation(models.Model):
    """One thing that is counted, in public codes: no person, case, user or time."""

    # Never a counter: the order of rows would show which case each belongs to (ADR 23).
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    """Random. What is of a person keeps it in the encrypted case alone."""
    kind = models.CharField(max_length=24)
    result = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=20, blank=True)
    band = models.CharField(max_length=4, blank=True)
    number = models.BigIntegerField(null=True, blank=True)
    month = models.DateField()
    """The first day of the month in which it happened; of a hidden kind, of the one in
    which it is written."""
    age_band = models.CharField(max_length=5, blank=True)
    sex = models.CharField(max_length=6, blank=True)
    nationality_group = models.CharField(max_length=9, blank=True)
    disability = models.CharField(max_length=3, blank=True)
    status = models.CharField(max_length=11, blank=True)
    exploitation = models.CharField(max_length=10, blank=True)
    area = models.CharField(max_length=20, blank=True)
    """A first-level area of the country; the database refuses any other."""
    sector = models.CharField(max_length=15, blank=True)
    agency = models.CharField(max_length=60, blank=True)
    """Who acted, by `actions.build_agency_code`: letters, digits and hyphens."""
    urgency = models.CharField(max_length=2, blank=True)
    topic = models.CharField(max_length=20, blank=True)
    corrects = models.UUIDField(null=True, blank=True)
    """The earlier fact that this one replaces."""

    objects = ObservationQuerySet.as_manager()

    class Privacy:
        kept = "As long as the mechanism: it says nothing of any one person."
        id = kind = result = reason = band = number = month = plain
        age_band = sex = nationality_group = disability = plain
        status = exploitation = plain
        area = sector = agency = urgency = topic = corrects = plain

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="fact_kind_known", condition=Q(kind__in=list(KINDS))
            ),
            build_kind_check("result", lambda kind: kind.results),
            build_kind_check("reason", lambda kind: kind.reasons),
            build_kind_check("topic", lambda kind: kind.topics),
            build_kind_check("band", lambda kind: BANDS if kind.timed else ()),
            models.CheckConstraint(
                name="fact_number_of_its_kind",
                condition=Q(number=None)
                | Q(
                    kind__in=[k.code for k in KINDS.values() if k.numbered],
                    number__range=(-LARGEST, LARGEST),
                ),
            ),
            models.CheckConstraint(
                name="fact_month_is_a_first", condition=Q(month__day=1)
            ),
            *(build_known_check(name) for name in codes.DIMENSIONS),
        ]
        indexes = [
            models.Index(fields=["month"], name="fact_by_month"),
            models.Index(fields=["kind", "month"], name="fact_by_kind"),
            models.Index(
                fields=["corrects"],
                name="fact_corrects",
                condition=Q(corrects__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.result}".strip()


class PendingObservation(models.Model):
    """An observation of a person, sealed until the batch: unreadable in between."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    sealed = models.BinaryField(_("sealed observation"), max_length=4096)
    """To the facts key, whose private half lies outside the database."""

    class Privacy:
        kept = "Until the batch that writes it; its key is then destroyed."
        id = plain
        sealed = sealed

    def __str__(self) -> str:
        return f"waiting fact {self.pk}"


class DeferredObservation(models.Model):
    """A fact that another team or the clock caused, in codes that the case store has in
    the clear anyway, until the case's own team adds what only its words say."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="untold_facts")
    month = models.DateField()
    said = models.JSONField()

    class Privacy:
        kept = "Until the case's team next does something, or three months."
        case = personal
        month = plain
        said = sensitive

    def __str__(self) -> str:
        return f"untold fact of {self.case_id}"
