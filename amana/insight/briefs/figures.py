"""The door through which figures come into briefs: from the sheets of a year alone, on
which everything was protected together (ADR 24).

`Safe` is a figure that may be told: a share or a length of time, out of rounded counts.
Nothing else in this room asks for figures, and nothing here asks for facts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from amana.insight.briefs import naming
from amana.insight.briefs.naming import definition, found, labels, names_of, title
from amana.insight.gaps import demand
from amana.insight.gaps.halves import Half
from amana.insight.measure import looking
from amana.insight.measure.engine.definitions import Measure, Part
from amana.insight.measure.engine.shown import Shown
from amana.insight.measure.library.reading import library

LONG_HOURS = 72


@dataclass(frozen=True)
class Safe:
    """A figure that may be told."""

    name: str
    unit: str
    """percent, days, hours, each (so many for each), or nothing: a number."""
    value: float
    low: float | None
    high: float | None
    of: int
    """Of how many, rounded."""
    unknown: int
    """Of how many it is not known, rounded."""
    gap: str = ""
    """The gap that it is of, by its public key; empty: the whole country."""
    half: str = ""
    """The half-year that it is of; empty: the year of the brief."""

    @property
    def title(self) -> str:
        return naming.of_gap(self.name, self.gap) if self.gap else title(self.name)

    @property
    def period(self) -> str:
        return naming.half(self.half) if self.half else ""

    @property
    def words(self) -> str:
        return in_words(self.value, self.unit)

    @property
    def what(self) -> str:
        """What is counted, and of how many."""
        counted = "" if self.gap else definition(self.name)
        many = _("of %(n)s") % {"n": in_words(self.of, "")}
        return f"{counted} ({many})" if counted else many

    @property
    def not_known(self) -> str:
        if not self.unknown:
            return ""
        return _("not known of %(n)s") % {"n": in_words(self.unknown, "")}

    @property
    def between(self) -> str:
        if self.low is None or self.high is None:
            return ""
        ends = {
            "low": in_words(self.low, self.unit),
            "high": in_words(self.high, self.unit),
        }
        return _("surely between %(low)s and %(high)s") % ends


def in_words(value: float, unit: str) -> str:
    """As one writes it in the language that is active; long hours as days."""
    if unit == "hours" and value >= LONG_HOURS:
        value, unit = value / 24, "days"
    places = 1 if unit in ("days", "hours", "each") else 0
    n = number_format(round(value, places), places, force_grouping=True)
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


# --- from the sheets

SCALES = {Measure.SHARE: 100.0, Measure.MEDIAN: 1.0, Measure.MEAN: 1.0}
"""What may stand in a text: with counts, as many as there are, which need no scale."""


def years() -> list[int]:
    """Those of which there are figures, the usual one first."""
    known = looking.years()
    if not known:
        return []
    usual = looking.usual(known)
    return [usual, *(one for one in known if one != usual)]


def until(year: int) -> date:
    """The last day that is counted."""
    there = looking.year(year)
    return there.until - timedelta(days=1) if there else date(year, 12, 31)


def offered(year: int, gap: str = "") -> dict[str, Safe]:
    """All that may be told, by name: of the gap, and of the whole country."""
    return {one.name: one for one in (*_of_gap(gap), *_of_year(year))}


def _of_gap(gap: str) -> Iterator[Safe]:
    """How many needed it in the last half-year, and for how many nothing was found, as
    the page of the gap shows it."""
    if not gap:
        return
    need, area, group = naming.places(gap)
    half = Half.last()
    told = demand.of(half)
    needed = told.people("need", need, area, group)
    unmet = told.people("need:unmet", need, area, group)
    if needed is None or not needed.value:
        return
    n = needed.value
    yield Safe("gap", "", n, None, None, n, 0, gap, half.code)
    if unmet is not None and unmet.value is not None:
        share = min(100.0, 100 * unmet.value / n)
        yield Safe("gap.unmet", "percent", share, None, None, n, 0, gap, half.code)


def _of_year(year: int) -> Iterator[Safe]:
    there = looking.year(year)
    if there is None:
        return
    for indicator in library().values():
        for name, part in names_of(indicator):
            shown = there.sheets.shown(indicator.code, part)
            if one := safe(name, part, shown):
                yield one


def safe(name: str, part: Part, shown: Shown) -> Safe | None:
    """What the sheet shows, or nothing where it hides it or tells a bound alone."""
    if shown.value is None or not shown.of:
        return None
    of, unknown = round(shown.of), shown.unknown or 0
    if part.measure is Measure.COUNT:
        return Safe(name, "", shown.value, None, None, of, unknown)
    scale = SCALES.get(part.measure)
    if scale is None:
        return None
    ends = (None if n is None else n * scale for n in (shown.low, shown.high))
    return Safe(name, unit(part), shown.value * scale, *ends, of, unknown)


def unit(part: Part) -> str:
    if part.measure is Measure.SHARE:
        return "percent"
    return part.unit if part.measure is Measure.MEDIAN else "each"


def chart(name: str, by: str, year: int) -> Chart | None:
    """A figure by groups, if the sheets split it so."""
    there, known = looking.year(year), found(name)
    if there is None or known is None:
        return None
    indicator, part = known
    if not there.sheets.splits(indicator.code, part, [by]):
        return None
    groups = (
        (
            code,
            safe(name, part, there.sheets.shown(indicator.code, part, ((by, code),))),
        )
        for code in there.sheets.codes(part, by)
    )
    return Chart(name, by, tuple(groups))


@dataclass(frozen=True)
class Changed:
    """A figure that was told, and is counted otherwise today."""

    title: str
    then: str
    now: str


def changed(told: Mapping[str, Safe], year: int) -> list[Changed]:
    """Of the year: a half-year that is over is not counted again."""
    today = offered(year)
    return [
        Changed(one.title, one.words, now.words if now else _("not shown"))
        for name, one in told.items()
        if not one.gap and ((now := today.get(name)) is None or now.words != one.words)
    ]
