"""Half-years that are over: what people needed is counted in these alone.

They never overlap, and no other stretch of time is offered. So two of them have no
difference that would be the figure of a month."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from django.utils import timezone
from django.utils.translation import gettext as _

MONTHS = 6


@dataclass(frozen=True, order=True)
class Half:
    year: int
    part: int
    """1 to June, 2 to December."""

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, 1 if day.month <= MONTHS else 2)

    @classmethod
    def last(cls, today: date | None = None) -> Self:
        """The latest that is over."""
        return cls.of(today or timezone.localdate()).before

    @property
    def before(self) -> Self:
        return type(self)(*((self.year, 1) if self.part == 2 else (self.year - 1, 2)))

    @property
    def since(self) -> date:
        return date(self.year, 1 if self.part == 1 else MONTHS + 1, 1)

    @property
    def until(self) -> date:
        """The first day after it."""
        return date(*((self.year, 7) if self.part == 1 else (self.year + 1, 1)), 1)

    @property
    def code(self) -> str:
        return f"{self.year}-{self.part}"

    def __str__(self) -> str:
        said = {1: _("January to June %(year)s"), 2: _("July to December %(year)s")}
        return said[self.part] % {"year": self.year}
