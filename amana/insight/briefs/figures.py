"""The door through which figures come into briefs: from the sheets of a year, on which
everything was protected together (ADR 24), and from the page of a gap, likewise.

`Safe` is a figure that may be told. Nothing else in this room asks for figures, and
nothing here asks for facts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from amana.insight.briefs import naming
from amana.insight.gaps import looking as gaps
from amana.insight.measure import looking, telling
from amana.insight.measure.engine.shown import Cell, Shown
from amana.insight.measure.library.reading import library
from amana.insight.measure.naming import labels
from amana.insight.release.models import Release


@dataclass(frozen=True)
class Safe:
    """A figure that may be told: its name, and what is shown of it."""

    name: str
    shown: Shown
    gap: str = ""
    """The gap that it is of, by its public key; empty: the whole country."""

    @property
    def title(self) -> str:
        if self.gap:
            return naming.of_gap(self.name, self.gap)
        return naming.title(self.name)

    @property
    def words(self) -> str:
        if self.gap:
            return naming.amount_of_gap(self.name, self.shown.value or 0)
        return telling.value(naming.found(self.name)[1], self.shown)

    @property
    def between(self) -> str:
        """Between what it surely lies."""
        if self.gap:
            return ""
        return telling.between(naming.found(self.name)[1], self.shown)

    @property
    def what(self) -> str:
        """What is counted, and how many there are."""
        counted = telling.counted(self.shown)
        if self.gap:
            return ""
        said = naming.definition(self.name)
        return f"{said} ({counted})" if said and counted else said or counted

    @property
    def not_known(self) -> str:
        if not self.shown.unknown:
            return ""
        return _("not known: %(n)s") % {"n": telling.unknown(self.shown)}


def stored(figures: Mapping[str, Any]) -> dict[str, Safe]:
    return {name: as_safe(one) for name, one in figures.items()}


def as_safe(one: Mapping[str, Any]) -> Safe:
    return Safe(**{**one, "shown": Shown(**one["shown"])})


def to_store(figures: Mapping[str, Safe]) -> dict[str, Any]:
    return {name: asdict(one) for name, one in figures.items()}


@dataclass(frozen=True)
class Chart:
    """A figure by groups; a group without one is too small to be shown."""

    name: str
    by: str
    groups: tuple[tuple[str, Safe | None], ...] = field(default=())

    @property
    def title(self) -> str:
        return naming.title(self.name)

    def labelled(self) -> list[tuple[str, Safe | None]]:
        names = labels(self.by)
        return [(str(names.get(code, code)), one) for code, one in self.groups]

    def to_store(self) -> dict[str, Any]:
        return asdict(self)


def stored_chart(chart: Mapping[str, Any] | None) -> Chart | None:
    if not chart:
        return None
    groups = ((code, as_safe(one) if one else None) for code, one in chart["groups"])
    return Chart(chart["name"], chart["by"], tuple(groups))


# --- from the sheets


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
    return {one.name: one for one in (*_of_gap(year, gap), *_of_year(year))}


def of_release(release: Release) -> dict[str, Safe]:
    """Those of everybody in a release: as they were signed."""
    sheets = release.contents.sheets
    told = {}
    for one in release.contents.chosen:
        name = naming.name_of(one.indicator, one.part)
        shown = sheets.shown(one.code, one.figure)
        if not one.by and not shown.hidden:
            told[name] = Safe(name, shown)
    return told


def _of_year(year: int) -> Iterator[Safe]:
    there = looking.year(year)
    if there is None:
        return
    for indicator in library().values():
        for name, part in naming.names_of(indicator):
            shown = there.sheets.shown(indicator.code, part)
            if not shown.hidden:
                yield Safe(name, shown)


def _of_gap(year: int, gap: str) -> Iterator[Safe]:
    """How many needed it in the year, and for how many nothing was found, where that
    is counted and not estimated."""
    if not gap:
        return
    told = gaps.demand_of(year)
    needed = told.people(*naming.places(gap))
    unmet = told.people(*naming.places(gap), unmet=True)
    if needed is None or needed.estimated or not needed.value:
        return
    n = needed.value
    yield Safe("gap", Shown(value=n, of=n), gap)
    if unmet is not None and unmet.value is not None:
        share = min(1.0, unmet.value / n)
        yield Safe("gap.unmet", Shown(value=share, counted=unmet.value, of=n), gap)


def chart(name: str, by: str, year: int) -> Chart | None:
    """A figure by groups, if the sheets split it so."""
    there = looking.year(year)
    if there is None or not naming.is_known(name):
        return None
    indicator, part = naming.found(name)
    if not there.sheets.splits(indicator.code, part, [by]):
        return None

    def of(cell: Cell) -> Safe | None:
        shown = there.sheets.shown(indicator.code, part, cell)
        return None if shown.hidden else Safe(name, shown)

    codes = there.sheets.codes(part, by)
    return Chart(name, by, tuple((code, of(((by, code),))) for code in codes))


@dataclass(frozen=True)
class Changed:
    """A figure that was told, and is counted otherwise today."""

    title: str
    then: str
    now: str


def changed(told: Mapping[str, Safe], year: int) -> list[Changed]:
    """What is said of the country; a gap is looked at anew on its own page."""
    today = offered(year)
    return [
        Changed(one.title, one.words, now.words if now else _("Not shown"))
        for name, one in told.items()
        if not one.gap and ((now := today.get(name)) is None or now.words != one.words)
    ]
