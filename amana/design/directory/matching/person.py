"""The person whom a service should fit: what is known of her, and what she wants."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

ADULT = 18
OLDEST = 120
ANY_NUMBER = 99
"""Of children who may come along."""


class Point(NamedTuple):
    lat: float
    lon: float


class Ages(NamedTuple):
    """From and to, both included; the same number twice for an age that is known."""

    youngest: int
    oldest: int


def build_need(*types: str) -> frozenset[str]:
    """Build a need that any of these service types meets."""
    return frozenset(types)


@dataclass(frozen=True, kw_only=True)
class Person:
    """None, or a code in neither of a pair of sets, is "not known" and never "no".

    Codes are those of `taxonomy.py`, areas are codes of areas.
    """

    needs: tuple[frozenset[str], ...]
    at: datetime
    """The moment for which it is asked; aware."""

    place: Point | None = None
    within_km: float | None = None
    area: str | None = None

    sex: str | None = None
    ages: Ages | None = None
    perhaps_child: bool = False
    """A person who may be under 18 is treated as a child until shown otherwise."""
    nationalities: frozenset[str] | None = None
    statuses: frozenset[str] | None = None
    exploitation: frozenset[str] | None = None
    groups: frozenset[str] = frozenset()
    not_groups: frozenset[str] = frozenset()
    children: int | None = 0
    """How many come along."""
    adults: int = 0
    """How many come along, each of whom takes a place."""
    access_needs: frozenset[str] | None = frozenset()
    documents: frozenset[str] = frozenset()
    no_documents: frozenset[str] = frozenset()
    works_with_police: bool | None = None
    identified: bool | None = None
    pays: bool | None = None
    languages: frozenset[str] = frozenset()

    needs_language: bool = False
    """Only where one of the languages is spoken; otherwise an interpreter may help."""
    open_by: datetime | None = None
    """Only where it is open at some moment from `at` until then; None: it can wait."""

    not_areas: frozenset[str] = frozenset()
    not_organisations: frozenset[int] = frozenset()
    not_services: frozenset[int] = frozenset()
    refuses: frozenset[str] = frozenset()
    """Traits that she doesn't want."""
    prefers: frozenset[str] = frozenset()
    """Traits that she would rather have."""

    def __post_init__(self) -> None:
        if not self.needs or not all(self.needs):
            raise ValueError("Matching starts from a need.")
        if self.at.tzinfo is None:
            raise ValueError("The moment needs a time zone.")
        if self.open_by is not None and self.open_by < self.at:
            raise ValueError("What is open by then can't be earlier than now.")
        if self.within_km is not None and self.within_km <= 0:
            raise ValueError("A limit of distance is more than 0 km.")

    @property
    def treated_as(self) -> Ages | None:
        """Her age, with the presumption of minority: doubt about 18 counts for her."""
        if self.ages is None:
            return Ages(0, ADULT - 1) if self.perhaps_child else None
        # The upper end is 17 then: services for adults are excluded, and those for
        # children are not.
        youngest, oldest = self.ages
        if oldest >= ADULT and (youngest < ADULT or self.perhaps_child):
            return Ages(min(youngest, ADULT - 1), ADULT - 1)
        return self.ages

    @property
    def places(self) -> int:
        """Places taken where children take one each."""
        return 1 + self.adults + (self.children or 0)
