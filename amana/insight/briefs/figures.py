"""The door through which figures come into briefs, and the one by which they leave.

A draft may name what is in the protected tables of a year (ADR 24). A published brief
reads its figures out of signed releases and out of nothing else (ADR 33): so it shows
what two people signed.

`Safe` is a figure that may be shown. Nothing else in this room asks for figures, and
nothing here asks for facts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _

from amana.insight.briefs import naming
from amana.insight.gaps import looking as gaps
from amana.insight.gaps.demand import NEED
from amana.insight.measure import looking, telling
from amana.insight.measure.engine.shown import Cell, Shown
from amana.insight.measure.library.reading import library
from amana.insight.measure.looking import Year
from amana.insight.measure.naming import dimension, labels
from amana.insight.release.contents import Chosen
from amana.insight.release.models import Release

CHART = "chart"
"""What a brief calls its chart, among the figures that it cites."""


@dataclass(frozen=True)
class Source:
    """Where figures are: in the protected tables of a year, or in a release, which
    copied them."""

    year: Year
    release: int = 0
    """Its number; 0: on the sheets alone, in no release."""
    tables: frozenset[Chosen] = frozenset()

    def has(self, table: Chosen) -> bool:
        return not self.release or table in self.tables

    @property
    def until(self) -> date:
        """The last day that is counted."""
        return self.year.until - timedelta(days=1)


@dataclass(frozen=True)
class Safe:
    """A figure that may be shown: its name, and what is shown of it."""

    name: str
    shown: Shown
    gap: str = ""
    """The gap that it is of, by its public key; empty: the whole country."""
    until: date | None = None
    """The last day that is counted."""
    release: int = 0
    """The number of the release that holds it; 0: none."""

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
        """Its confidence interval."""
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


@dataclass(frozen=True)
class Chart:
    """A figure by groups; a group without one is too small to be shown."""

    name: str
    by: str
    groups: tuple[tuple[str, Safe | None], ...] = field(default=())
    until: date | None = None
    release: int = 0

    @property
    def title(self) -> str:
        said = {"figure": naming.title(self.name), "by": dimension(self.by)}
        return _("%(figure)s, by: %(by)s") % said

    def labelled(self) -> list[tuple[str, Safe | None]]:
        names = labels(self.by)
        return [(str(names.get(code, code)), figure) for code, figure in self.groups]


# --- where they are


def years() -> list[int]:
    """List the years of which there are figures, the usual one first."""
    known = looking.years()
    if not known:
        return []
    usual = looking.usual(known)
    return [usual, *(year for year in known if year != usual)]


def until(year: int) -> date:
    """Return the last day that is counted."""
    there = looking.year(year)
    return there.until - timedelta(days=1) if there else date(year, 12, 31)


def table_of(name: str, gap: str = "") -> Chosen:
    """Return the table of a release that holds a figure: of all people, or of the needs
    by kind (and area) where it is of a gap."""
    if name in naming.OF_GAP:
        area = naming.places(gap)[1]
        by = ("area", "topic") if area else ("topic",)
        return Chosen(NEED, library()[NEED].part().name, by)
    indicator, part = naming.found(name)
    return Chosen(indicator.code, part.name)


def table_of_chart(name: str, by: str) -> Chosen:
    indicator, part = naming.found(name)
    return Chosen(indicator.code, part.name, (by,))


def of_release(release: Release) -> Source:
    sheets = release.contents.sheets
    year = Year(release.year, release.until, release.smallest, sheets)
    return Source(year, release.pk, frozenset(release.contents.chosen))


def sources(year: int, waiting: Release | None = None) -> list[Source]:
    """List what is published of a year, the newest first; then what waits for a
    signature with the brief; then the protected tables."""
    # In this order, because each figure has one number: the published one, also where
    # the tables count differently today (ADR 33).
    out = Release.objects.in_force().filter(year=year).order_by("-pk")
    found = [of_release(release) for release in out]
    if waiting is not None:
        found.append(of_release(waiting))
    there = looking.year(year)
    return [*found, Source(there)] if there else found


def first_with(some: Iterable[Source], table: Chosen) -> Source | None:
    return next((source for source in some if source.has(table)), None)


# --- what may be shown


def offered(
    year: int, gap: str = "", waiting: Release | None = None
) -> dict[str, Safe]:
    """Map all figures that may be shown, by name: of the gap, and of the whole
    country."""
    some = sources(year, waiting)
    names = [*(naming.OF_GAP if gap else ()), *naming.every()]
    found = (told(first_with(some, table_of(name, gap)), name, gap) for name in names)
    return {figure.name: figure for figure in found if figure}


def signed(release: Release) -> dict[str, Safe]:
    """Map the figures of all people in a release, by name."""
    return offered_by(of_release(release))


def offered_by(source: Source) -> dict[str, Safe]:
    names = (name for name in naming.every() if source.has(table_of(name)))
    found = (told(source, name) for name in names)
    return {figure.name: figure for figure in found if figure}


def cited(numbers: Mapping[str, int], gap: str = "") -> dict[str, Safe]:
    """Map the figures of a published brief: each from the signed release that it
    cites."""
    out = Release.objects.published().in_bulk({*numbers.values()})
    some = {pk: of_release(release) for pk, release in out.items()}
    found = (
        told(some.get(pk), name, gap) for name, pk in numbers.items() if name != CHART
    )
    return {figure.name: figure for figure in found if figure}


def told(source: Source | None, name: str, gap: str = "") -> Safe | None:
    if source is None:
        return None
    if name in naming.OF_GAP:
        return _of_gap(source, name, gap)
    indicator, part = naming.found(name)
    shown = source.year.sheets.shown(indicator.code, part)
    # What may not be shown has no figure here: its name is unknown in a text, and an
    # unknown name keeps the brief from being published (ADR 28).
    if shown.hidden:
        return None
    return Safe(name, shown, until=source.until, release=source.release)


def _of_gap(source: Source, name: str, gap: str) -> Safe | None:
    """Find how many people needed it in the year, or for how many nothing was found."""
    demand = gaps.demand_on(source.year)
    needed = demand.people(*naming.places(gap))
    # An estimate stays on the page of the gap: no release holds one, so a brief can't
    # cite it.
    if needed is None or needed.estimated or not needed.value:
        return None
    n = needed.value
    where = (gap, source.until, source.release)
    if name == naming.NEEDED:
        return Safe(name, Shown(value=n, of=n), *where)
    unmet = demand.people(*naming.places(gap), unmet=True)
    if unmet is None or unmet.estimated or unmet.value is None:
        return None
    # Both counts are rounded, so the part can come out larger than its whole.
    share = min(1.0, unmet.value / n)
    return Safe(name, Shown(value=share, counted=unmet.value, of=n), *where)


def chart(name: str, by: str, some: Iterable[Source]) -> Chart | None:
    """Build a figure by groups, if there is a table with this split."""
    if not naming.is_known(name):
        return None
    indicator, part = naming.found(name)
    source = first_with(some, table_of_chart(name, by))
    if source is None or not source.year.sheets.splits(indicator.code, part, [by]):
        return None

    def of(cell: Cell) -> Safe | None:
        shown = source.year.sheets.shown(indicator.code, part, cell)
        return None if shown.hidden else Safe(name, shown)

    codes = source.year.sheets.codes(part, by)
    groups = tuple((code, of(((by, code),))) for code in codes)
    return Chart(name, by, groups, source.until, source.release)


def cited_chart(name: str, by: str, number: int | None) -> Chart | None:
    """Build the chart of a published brief."""
    release = Release.objects.published().filter(pk=number or 0).first()
    return chart(name, by, [of_release(release)]) if release else None


@dataclass(frozen=True)
class Cite:
    """Something that a brief cites, with the table of a release that holds it."""

    name: str
    """As the brief calls it; or CHART."""
    title: str
    table: Chosen
    until: date | None
    release: int


@dataclass(frozen=True)
class Changed:
    """A figure that was published, and is counted differently today."""

    title: str
    then: str
    now: str


def changed(then: Mapping[str, Safe], year: int) -> list[Changed]:
    """List the figures of the country that are counted differently today. Those of a
    gap are shown on its own page."""
    there = looking.year(year)
    today = offered_by(Source(there)) if there else {}
    return [
        Changed(figure.title, figure.words, now.words if now else _("Not shown"))
        for name, figure in then.items()
        if not figure.gap
        and ((now := today.get(name)) is None or now.words != figure.words)
    ]
