"""How long each kind of record may be kept: as the law of the mechanism says, or as we
would where it says nothing."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from amana.registry import Registry

LONGEST = 150
"""In years: what is longer is a slip of the pen, and before it there is no calendar."""
WRITTEN = re.compile(r"P([1-9]\d{0,3})([YD])", re.ASCII)


@dataclass(frozen=True)
class RetentionTerm:
    """So many years, or so many days."""

    amount: int
    unit: str

    @classmethod
    def parse(cls, written: str) -> Self:
        """Parse P5Y as five years, P30D as thirty days. Raises `ValueError`."""
        found = WRITTEN.fullmatch(written)
        if not found:
            raise ValueError(written)
        term = cls(int(found[1]), found[2])
        if term.years > LONGEST:
            raise ValueError(written)
        return term

    @property
    def in_years(self) -> bool:
        return self.unit == "Y"

    @property
    def years(self) -> int:
        """Whole ones, for what is counted by a year of birth; days count up."""
        return self.amount if self.in_years else -(-self.amount // 365)

    def length(self) -> int:
        """Return the length in days, to compare by."""
        # A year counts as its longest: of two terms that are near, the one in days is
        # shorter.
        return self.amount * 366 if self.in_years else self.amount

    def after(self, start: datetime) -> datetime:
        """Compute when it is over; of a 29 February, on 1 March."""
        if not self.in_years:
            return start + timedelta(days=self.amount)
        year = start.year + self.amount
        if (start.month, start.day) == (2, 29) and not _is_leap(year):
            return start.replace(year=year, month=3, day=1)
        return start.replace(year=year)

    def before(self, end: datetime) -> datetime:
        """Compute from when on it began, of what is over by `end`."""
        if not self.in_years:
            return end - timedelta(days=self.amount)
        year = end.year - self.amount
        if (end.month, end.day) == (2, 29) and not _is_leap(year):
            return end.replace(year=year, day=28)
        return end.replace(year=year)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


type Terms = Mapping[str, RetentionTerm]

REQUEST = "request"
"""By when someone who asks to be forgotten gets an answer (GDPR, article 12(3))."""

USUAL: dict[str, RetentionTerm] = {
    "case": RetentionTerm(5, "Y"),
    "child": RetentionTerm(25, "Y"),
    "screening": RetentionTerm(30, "D"),
    "refusal": RetentionTerm(90, "D"),
    "log": RetentionTerm(10, "Y"),
    "feedback": RetentionTerm(2, "Y"),
    "learning": RetentionTerm(2, "Y"),
    REQUEST: RetentionTerm(30, "D"),
}
"""Where the law of the mechanism says nothing."""

LAWS: Registry[Callable[[], Terms]] = Registry()
"""What the law says, as upper rooms know it; of several, the shortest counts."""


def load() -> Terms:
    """Load every term in force."""
    said: dict[str, list[RetentionTerm]] = {}
    for law in LAWS:
        for kind, term in law().items():
            said.setdefault(kind, []).append(term)
    # Of several mechanisms the shortest: what one promises people, no other may
    # lengthen.
    shortest = {
        kind: min(terms, key=RetentionTerm.length) for kind, terms in said.items()
    }
    return USUAL | shortest
