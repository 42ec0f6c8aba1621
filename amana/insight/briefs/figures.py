"""The door through which figures come into briefs: each is protected before it is here.

`Safe` is what is left of a figure then: a share or a length of time as it may be told,
out of rounded counts. Nothing else in this room asks for figures.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Safe:
    """A figure that may be told."""

    name: str
    unit: str
    """percent, days, hours, or nothing: a number."""
    value: float
    low: float | None
    high: float | None
    of: int
    """Of how many, rounded."""
    unknown: int
    """Of how many it is not known, rounded."""

    @property
    def words(self) -> str:
        return in_words(self.value, self.unit)

    @property
    def between(self) -> str:
        if self.low is None or self.high is None:
            return ""
        ends = {
            "low": in_words(self.low, ""),
            "high": in_words(self.high, self.unit),
        }
        return _("surely between %(low)s and %(high)s") % ends


def in_words(value: float, unit: str) -> str:
    n = number_format(round(value, 1 if unit in ("days", "hours") else 0))
    match unit:
        case "percent":
            return _("%(n)s %%") % {"n": n}
        case "days":
            return _("%(n)s days") % {"n": n}
        case "hours":
            return _("%(n)s hours") % {"n": n}
    return str(n)


def stored(figures: Mapping[str, Any]) -> dict[str, Safe]:
    return {name: Safe(**one) for name, one in figures.items()}


def to_store(figures: Mapping[str, Safe]) -> dict[str, Any]:
    return {name: asdict(one) for name, one in figures.items()}


@dataclass(frozen=True)
class Chart:
    """A figure by groups; a group without one is too small to be shown."""

    name: str
    by: str
    groups: tuple[tuple[str, Safe | None], ...]

    @property
    def title(self) -> str:
        return title(self.name)

    def labelled(self) -> list[tuple[str, Safe | None]]:
        names = labels(self.by)
        return [(names.get(code, code), one) for code, one in self.groups]

    def to_store(self) -> dict[str, Any]:
        return asdict(self)


def stored_chart(chart: Mapping[str, Any] | None) -> Chart | None:
    if not chart:
        return None
    groups = tuple(
        (code, Safe(**one) if one else None) for code, one in chart["groups"]
    )
    return Chart(chart["name"], chart["by"], groups)
