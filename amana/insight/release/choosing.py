"""Which tables there are to choose from: the protected tables of a year."""

from collections.abc import Iterable, Iterator

from amana.insight.facts.kinds import KINDS
from amana.insight.measure import naming
from amana.insight.measure.asking import dims_of
from amana.insight.measure.engine.definitions import Indicator
from amana.insight.measure.engine.sheets import QUARTER, TWICE
from amana.insight.measure.library.reading import library
from amana.insight.measure.looking import Year
from amana.insight.measure.telling import Definition
from amana.insight.release.contents import Chosen, offered

type Choices = list[tuple[str, list[tuple[str, str]]]]

SPLITS = (
    *("sex", "age_band", "nationality_group", "disability"),
    *("status", "exploitation", "area", "sector", "urgency", QUARTER),
)


def figures(year: Year) -> Choices:
    """List, by group, the indicators that have something to show in this year."""
    found: Choices = []
    for group, title in naming.GROUPS.items():
        known = [
            indicator for indicator in library().values() if indicator.group == group
        ]
        some = [indicator for indicator in known if any(shown(indicator, year))]
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


def shown(one: Indicator, year: Year) -> Iterator[bool]:
    for part in one.parts.values():
        yield not year.sheets.shown(one.code, part).hidden


def splits() -> list[tuple[str, str]]:
    return [(dim, title(dim)) for dim in SPLITS]


def twice() -> list[tuple[str, str]]:
    return [(dim, title(dim)) for dim in TWICE]


def title(dim: str) -> str:
    from django.utils.translation import gettext as _

    return _("Quarter") if dim == QUARTER else naming.dimension(dim)


def chosen(
    codes: Iterable[str], by: Iterable[str], twice: str, year: Year
) -> list[Chosen]:
    """Build the tables of each figure: of all people, each split, and each split
    again."""
    dims = list(by)
    found = []
    for code in codes:
        for part in library()[code].parts.values():
            found.append(Chosen(code, part.name))
            found += [Chosen(code, part.name, (dim,)) for dim in dims]
            if twice:
                more = (dim for dim in dims if dim != twice)
                found += [Chosen(code, part.name, (twice, dim)) for dim in more]
    return [
        table for table in found if offered(year.sheets, table) and splits_so(table)
    ]


def splits_so(one: Chosen) -> bool:
    """Ask whether the split means something: services have no age."""
    sensible = {QUARTER, *dims_of(one.figure)}
    return {*one.by} <= sensible or KINDS[one.figure.chosen.kind].of_person
