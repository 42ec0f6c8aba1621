"""Which figures a role is shown first, and how many of them its first page has."""

from collections.abc import Mapping

from amana.insight.measure import figure_years
from amana.insight.measure.engine.definitions import Indicator, IndicatorPart
from amana.insight.measure.figure_labels import Definition
from amana.insight.measure.figure_questions import FigureQuestion
from amana.insight.measure.figure_view import FigureView
from amana.insight.measure.figure_years import FigureYear
from amana.insight.measure.library.reading import load_library
from amana.trust.access.models import Role, User

MATTERS: Mapping[str, tuple[str, ...]] = {
    Role.COORDINATOR: (
        *("I01", "I03", "I12", "I13", "I07", "I19", "I20", "I21"),
        *("I24", "I26", "I23", "I32", "I45", "I47", "I48"),
    ),
    Role.AUTHORITY: (
        *("I04", "I07", "I08", "I09", "I10", "I37", "I38", "I40"),
        *("I41", "I50", "I54", "I56"),
    ),
    Role.ANALYST: (
        *("I01", "I03", "I20", "I21", "I22", "I23", "I24", "I26"),
        *("I31", "I33", "I44", "I45"),
    ),
    Role.DATA_PROTECTION_OFFICER: (
        *("I02", "I05", "I06", "I28", "I46", "I47", "I51", "I53"),
    ),
}
"""What each role is shown first."""


def list_relevant_codes(user: User) -> list[str]:
    """List the codes of the indicators that matter to a user's roles."""
    roles: frozenset[str] = getattr(user, "roles", frozenset())
    codes = [code for role, some in MATTERS.items() if role in roles for code in some]
    return list(dict.fromkeys(codes or MATTERS[Role.COORDINATOR]))


def build_default_look(
    indicator: Indicator, part: IndicatorPart, year: FigureYear
) -> FigureView:
    return FigureView(Definition(indicator, part), year, FigureQuestion(year.number))


def list_first_looks(user: User, at_most: int) -> list[FigureView]:
    """List the first figures that matter to a user and can be shown; of the usual year,
    and none while there are no protected tables."""
    years = figure_years.list_years()
    year = (
        figure_years.load_year(figure_years.choose_default_year(years))
        if years
        else None
    )
    if year is None:
        return []
    indicators = [load_library()[code] for code in list_relevant_codes(user)]
    looks = [
        build_default_look(indicator, indicator.part(), year)
        for indicator in indicators
    ]
    return [look for look in looks if not look.whole.shown.hidden][:at_most]
