"""Which tables there are to choose from: the protected tables of a year."""

from collections.abc import Iterable, Iterator

from amana.insight.facts.kinds import KINDS
from amana.insight.measure import labels
from amana.insight.measure.engine.definitions import Indicator
from amana.insight.measure.engine.protected_tables import QUARTER, TWICE
from amana.insight.measure.figure_labels import Definition
from amana.insight.measure.figure_questions import list_dimensions
from amana.insight.measure.figure_years import FigureYear
from amana.insight.measure.library.reading import load_library
from amana.insight.release.contents import ReleaseTable, has_table

type Choices = list[tuple[str, list[tuple[str, str]]]]

SPLITS = (
    *("sex", "age_band", "nationality_group", "disability"),
    *("status", "exploitation", "area", "sector", "urgency", QUARTER),
)


def list_figures(year: FigureYear) -> Choices:
    """List, by group, the indicators that have something to show in this year."""
    found: Choices = []
    for group, title in labels.GROUPS.items():
        known = [
            indicator
            for indicator in load_library().values()
            if indicator.group == group
        ]
        some = [indicator for indicator in known if any(iterate_shown(indicator, year))]
        if some:
            titles = [
                (
                    indicator.code,
                    f"{indicator.code} {Definition(indicator, indicator.part()).title}",
                )
                for indicator in some
            ]
            found.append((str(title), titles))
    return found


def iterate_shown(one: Indicator, year: FigureYear) -> Iterator[bool]:
    for part in one.parts.values():
        yield not year.sheets.shown(one.code, part).hidden


def list_splits() -> list[tuple[str, str]]:
    return [(dim, format_dimension(dim)) for dim in SPLITS]


def list_second_splits() -> list[tuple[str, str]]:
    return [(dim, format_dimension(dim)) for dim in TWICE]


def format_dimension(dim: str) -> str:
    from django.utils.translation import gettext as _

    return _("Quarter") if dim == QUARTER else labels.label_dimension(dim)


def build_choices(
    codes: Iterable[str], by: Iterable[str], twice: str, year: FigureYear
) -> list[ReleaseTable]:
    """Build the tables of each figure: of all people, each split, and each split
    again."""
    dims = list(by)
    found = []
    for code in codes:
        for part in load_library()[code].parts.values():
            found.append(ReleaseTable(code, part.name))
            found += [ReleaseTable(code, part.name, (dim,)) for dim in dims]
            if twice:
                more = (dim for dim in dims if dim != twice)
                found += [ReleaseTable(code, part.name, (twice, dim)) for dim in more]
    return [
        table
        for table in found
        if has_table(year.sheets, table) and is_sensible_split(table)
    ]


def is_sensible_split(one: ReleaseTable) -> bool:
    """Ask whether the split means something: services have no age."""
    sensible = {QUARTER, *list_dimensions(one.figure)}
    return {*one.by} <= sensible or KINDS[one.figure.chosen.kind].of_person
