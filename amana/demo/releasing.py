"""Figures of last year, signed by two and out, with the report that tells them; and
some that wait for a signature."""

from django.utils import timezone

from amana.demo import asking
from amana.demo.country import DemoCountry
from amana.insight.measure import figure_years
from amana.insight.release import actions, choosing
from amana.trust.access.models import Role

OUT = ("I01", "I03", "I20", "I21")
BY = ("sex", "age_band", "nationality_group", "area", "quarter")
WAITING = ("I24", "I26")


def release_figures(country: DemoCountry) -> str:
    analyst = country.who(country.teams["National Coordination Office"], Role.ANALYST)
    year = figure_years.load_year(
        timezone.localdate().year - 1
    ) or figure_years.load_year(figure_years.list_years()[0])
    assert year is not None
    chosen = choosing.build_choices(OUT, BY, "", year)
    first = actions.propose(year.number, chosen, by=analyst)
    actions.sign(first, by=country.coordinator)
    asking.publish_report(first, by=analyst, publisher=country.coordinator)
    waiting = choosing.build_choices(WAITING, ("sex",), "", year)
    actions.propose(year.number, waiting, by=analyst)
    return "Released figures"
