"""Invented facts of a year that is over, and the sheets that are made of them."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from amana.insight.facts.models import Observation
from amana.insight.measure import actions as measure

type Counted = tuple[str, str, str, int]
"""A kind, a result, a sex, and how many."""

MANY: tuple[Counted, ...] = (
    ("need", "unmet", "female", 60),
    ("need", "met", "female", 90),
    ("need", "unmet", "male", 40),
    ("need", "met", "male", 30),
    ("need", "met", "other", 3),
    ("acceptance", "accepted", "female", 80),
    ("acceptance", "declined", "female", 40),
    ("loop", "closed", "female", 70),
    ("loop", "closed", "male", 30),
    ("loop", "open", "female", 40),
    ("loop", "open", "male", 60),
    ("safe_bed", "placed", "female", 4),
    ("safe_bed", "not_placed", "female", 3),
)
"""Of a bed for the same night there are too few to be told."""


def year() -> int:
    return timezone.localdate().year - 1


def tell(counted: Iterable[Counted], *, need: str = "") -> None:
    """These facts, those of needs of this need, and the sheets of their year."""
    Observation.objects.bulk_create(
        Observation(
            kind=kind,
            result=result,
            sex=sex,
            month=date(year(), 1 + n % 12, 1),
            topic=need if kind == "need" else "",
        )
        for kind, result, sex, many in counted
        for n in range(many)
    )
    measure.prepare_protected_tables()
