"""What people who work with cases are shown of figures: the mechanism's, and where
their own organisation lies in it.

The narrowest view of the same protected tables: nothing is split, no other agency is
named, and the own one appears only where it could be in the funnel. There is nothing of
a team or a colleague: no observation records whose it is (ADR 23).
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from amana.insight.facts.actions import build_agency_code
from amana.insight.measure import agencies, labels
from amana.insight.measure.agencies import AgencyComparison
from amana.insight.measure.figure_labels import Definition
from amana.insight.measure.figure_questions import FigureQuestion
from amana.insight.measure.figure_view import FigureView
from amana.insight.measure.figure_years import FigureYear
from amana.insight.measure.library.reading import load_library
from amana.trust.access.models import Organisation

FIGURES = (
    *("I05", "I12", "I13", "I16", "I17", "I18", "I19", "I20"),
    *("I21", "I23", "I26", "I27", "I29", "I32", "I45", "I46"),
)
"""Those that the daily work can change."""


@dataclass(frozen=True)
class OwnFigure:
    """A figure of the mechanism, and the own organisation in it."""

    look: FigureView
    own: list[AgencyComparison]


@dataclass(frozen=True)
class OwnSection:
    title: str
    figures: list[OwnFigure]


def list_looks(year: FigureYear) -> list[FigureView]:
    known, asked = load_library(), FigureQuestion(year.number)
    return [
        FigureView(Definition(known[c], known[c].part()), year, asked) for c in FIGURES
    ]


def iterate_sections(
    looks: list[FigureView], of: Collection[Organisation]
) -> Iterator[OwnSection]:
    """Yield what can be shown, in its groups."""
    names, ours = (
        labels.map_agencies(),
        {build_agency_code(organisation) for organisation in of},
    )
    for group, title in labels.GROUPS.items():
        found = [
            OwnFigure(
                look,
                agencies.list_own_agencies(look.definition, look.year, names, ours),
            )
            for look in looks
            if look.definition.indicator.group == group and not look.whole.shown.hidden
        ]
        if found:
            yield OwnSection(str(title), found)


def list_suppressed(looks: list[FigureView]) -> list[str]:
    """List what nothing can be shown of."""
    return [look.definition.name for look in looks if look.whole.shown.hidden]
