"""The door through which figures come into briefs, and the one by which they leave.

A draft may name what is in the protected tables of a year (ADR 24). A published brief
reads its figures out of signed releases and out of nothing else (ADR 33): so it shows
what two people signed.

`SafeFigure` is a figure that may be shown. Nothing else in this room asks for figures,
and
nothing here asks for facts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _

from amana.insight.briefs import labels
from amana.insight.gaps import gap_view as gaps
from amana.insight.gaps.demand import NEED
from amana.insight.measure import figure_labels, figure_years
from amana.insight.measure.engine.visible_figures import Cell, ShownValue
from amana.insight.measure.figure_years import FigureYear
from amana.insight.measure.labels import label_dimension, map_labels
from amana.insight.measure.library.reading import load_library
from amana.insight.release.contents import ReleaseTable
from amana.insight.release.models import Release

CHART = "chart"
"""What a brief calls its chart, among the figures that it cites."""


@dataclass(frozen=True)
class FigureSource:
    """Where figures are: in the protected tables of a year, or in a release, which
    copied them."""

    year: FigureYear
    release: int = 0
    """Its number; 0: on the sheets alone, in no release."""
    tables: frozenset[ReleaseTable] = frozenset()

    def has(self, table: ReleaseTable) -> bool:
        return not self.release or table in self.tables

    @property
    def until(self) -> date:
        """The last day that is counted."""
        return self.year.until - timedelta(days=1)


@dataclass(frozen=True)
class SafeFigure:
    """A figure that may be shown: its name, and what is shown of it."""

    name: str
    shown: ShownValue
    gap: str = ""
    """The gap that it is of, by its public key; empty: the whole country."""
    until: date | None = None
    """The last day that is counted."""
    release: int = 0
    """The number of the release that holds it; 0: none."""

    @property
    def title(self) -> str:
        if self.gap:
            return labels.format_gap_figure(self.name, self.gap)
        return labels.format_title(self.name)

    @property
    def words(self) -> str:
        if self.gap:
            return labels.format_gap_amount(self.name, self.shown.value or 0)
        return figure_labels.format_value(labels.get_part(self.name)[1], self.shown)

    @property
    def between(self) -> str:
        """Its confidence interval."""
        if self.gap:
            return ""
        return figure_labels.format_interval(labels.get_part(self.name)[1], self.shown)

    @property
    def what(self) -> str:
        """What is counted, and how many there are."""
        counted = figure_labels.format_counted(self.shown)
        if self.gap:
            return ""
        said = labels.format_definition(self.name)
        return f"{said} ({counted})" if said and counted else said or counted

    @property
    def not_known(self) -> str:
        if not self.shown.unknown:
            return ""
        return _("not known: %(n)s") % {"n": figure_labels.format_unknown(self.shown)}


@dataclass(frozen=True)
class FigureChart:
    """A figure by groups; a group without one is too small to be shown."""

    name: str
    by: str
    groups: tuple[tuple[str, SafeFigure | None], ...] = field(default=())
    until: date | None = None
    release: int = 0

    @property
    def title(self) -> str:
        said = {
            "figure": labels.format_title(self.name),
            "by": label_dimension(self.by),
        }
        return _("%(figure)s, by: %(by)s") % said

    def labelled(self) -> list[tuple[str, SafeFigure | None]]:
        names = map_labels(self.by)
        return [(str(names.get(code, code)), figure) for code, figure in self.groups]


# --- where they are


def list_years() -> list[int]:
    """List the years of which there are figures, the usual one first."""
    known = figure_years.list_years()
    if not known:
        return []
    usual = figure_years.choose_default_year(known)
    return [usual, *(year for year in known if year != usual)]


def get_last_day(year: int) -> date:
    """Return the last day that is counted."""
    there = figure_years.load_year(year)
    return there.until - timedelta(days=1) if there else date(year, 12, 31)


def get_table(name: str, gap: str = "") -> ReleaseTable:
    """Return the table of a release that holds a figure: of all people, or of the needs
    by kind (and area) where it is of a gap."""
    if name in labels.OF_GAP:
        area = labels.parse_gap(gap)[1]
        by = ("area", "topic") if area else ("topic",)
        return ReleaseTable(NEED, load_library()[NEED].part().name, by)
    indicator, part = labels.get_part(name)
    return ReleaseTable(indicator.code, part.name)


def get_chart_table(name: str, by: str) -> ReleaseTable:
    indicator, part = labels.get_part(name)
    return ReleaseTable(indicator.code, part.name, (by,))


def build_source(release: Release) -> FigureSource:
    sheets = release.contents.sheets
    year = FigureYear(release.year, release.until, release.smallest, sheets)
    return FigureSource(year, release.pk, frozenset(release.contents.chosen))


def list_sources(year: int, waiting: Release | None = None) -> list[FigureSource]:
    """List what is published of a year, the newest first; then what waits for a
    signature with the brief; then the protected tables."""
    # In this order, because each figure has one number: the published one, also where
    # the tables count differently today (ADR 33).
    out = Release.objects.in_force().filter(year=year).order_by("-pk")
    found = [build_source(release) for release in out]
    if waiting is not None:
        found.append(build_source(waiting))
    there = figure_years.load_year(year)
    return [*found, FigureSource(there)] if there else found


def find_source(
    some: Iterable[FigureSource], table: ReleaseTable
) -> FigureSource | None:
    return next((source for source in some if source.has(table)), None)


# --- what may be shown


def map_offered(
    year: int, gap: str = "", waiting: Release | None = None
) -> dict[str, SafeFigure]:
    """Map all figures that may be shown, by name: of the gap, and of the whole
    country."""
    some = list_sources(year, waiting)
    names = [*(labels.OF_GAP if gap else ()), *labels.iterate_names()]
    found = (
        find_figure(find_source(some, get_table(name, gap)), name, gap)
        for name in names
    )
    return {figure.name: figure for figure in found if figure}


def map_signed(release: Release) -> dict[str, SafeFigure]:
    """Map the figures of all people in a release, by name."""
    return map_source_figures(build_source(release))


def map_source_figures(source: FigureSource) -> dict[str, SafeFigure]:
    names = (name for name in labels.iterate_names() if source.has(get_table(name)))
    found = (find_figure(source, name) for name in names)
    return {figure.name: figure for figure in found if figure}


def map_cited(numbers: Mapping[str, int], gap: str = "") -> dict[str, SafeFigure]:
    """Map the figures of a published brief: each from the signed release that it
    cites."""
    out = Release.objects.published().in_bulk({*numbers.values()})
    some = {pk: build_source(release) for pk, release in out.items()}
    found = (
        find_figure(some.get(pk), name, gap)
        for name, pk in numbers.items()
        if name != CHART
    )
    return {figure.name: figure for figure in found if figure}


def find_figure(
    source: FigureSource | None, name: str, gap: str = ""
) -> SafeFigure | None:
    if source is None:
        return None
    if name in labels.OF_GAP:
        return _of_gap(source, name, gap)
    indicator, part = labels.get_part(name)
    shown = source.year.sheets.shown(indicator.code, part)
    # What may not be shown has no figure here: its name is unknown in a text, and an
    # unknown name keeps the brief from being published (ADR 28).
    if shown.hidden:
        return None
    return SafeFigure(name, shown, until=source.until, release=source.release)


def _of_gap(source: FigureSource, name: str, gap: str) -> SafeFigure | None:
    """Find how many people needed it in the year, or for how many nothing was found."""
    demand = gaps.build_demand(source.year)
    needed = demand.people(*labels.parse_gap(gap))
    # An estimate stays on the page of the gap: no release holds one, so a brief can't
    # cite it.
    if needed is None or needed.estimated or not needed.value:
        return None
    n = needed.value
    where = (gap, source.until, source.release)
    if name == labels.NEEDED:
        return SafeFigure(name, ShownValue(value=n, of=n), *where)
    unmet = demand.people(*labels.parse_gap(gap), unmet=True)
    if unmet is None or unmet.estimated or unmet.value is None:
        return None
    # Both counts are rounded, so the part can come out larger than its whole.
    share = min(1.0, unmet.value / n)
    return SafeFigure(name, ShownValue(value=share, counted=unmet.value, of=n), *where)


def build_chart(name: str, by: str, some: Iterable[FigureSource]) -> FigureChart | None:
    """Build a figure by groups, if there is a table with this split."""
    if not labels.is_known(name):
        return None
    indicator, part = labels.get_part(name)
    source = find_source(some, get_chart_table(name, by))
    if source is None or not source.year.sheets.splits(indicator.code, part, [by]):
        return None

    def of(cell: Cell) -> SafeFigure | None:
        shown = source.year.sheets.shown(indicator.code, part, cell)
        return None if shown.hidden else SafeFigure(name, shown)

    codes = source.year.sheets.codes(part, by)
    groups = tuple((code, of(((by, code),))) for code in codes)
    return FigureChart(name, by, groups, source.until, source.release)


def build_cited_chart(name: str, by: str, number: int | None) -> FigureChart | None:
    """Build the chart of a published brief."""
    release = Release.objects.published().filter(pk=number or 0).first()
    return build_chart(name, by, [build_source(release)]) if release else None


@dataclass(frozen=True)
class Citation:
    """Something that a brief cites, with the table of a release that holds it."""

    name: str
    """As the brief calls it; or CHART."""
    title: str
    table: ReleaseTable
    until: date | None
    release: int


@dataclass(frozen=True)
class ChangedFigure:
    """A figure that was published, and is counted differently today."""

    title: str
    then: str
    now: str


def list_changed(then: Mapping[str, SafeFigure], year: int) -> list[ChangedFigure]:
    """List the figures of the country that are counted differently today. Those of a
    gap are shown on its own page."""
    there = figure_years.load_year(year)
    today = map_source_figures(FigureSource(there)) if there else {}
    return [
        ChangedFigure(figure.title, figure.words, now.words if now else _("Not shown"))
        for name, figure in then.items()
        if not figure.gap
        and ((now := today.get(name)) is None or now.words != figure.words)
    ]
