"""Figures of last year, signed by two and out, with the report that tells them; and
some that wait for a signature."""

from django.utils import timezone

from amana.demo import asking
from amana.demo.country import Country
from amana.insight.measure import looking
from amana.insight.release import actions, choosing
from amana.trust.access.models import Role

OUT = ("I01", "I03", "I20", "I21")
BY = ("sex", "age_band", "nationality_group", "area", "quarter")
WAITING = ("I24", "I26")


def release(country: Country) -> str:
    analyst = country.who(country.teams["National Coordination Office"], Role.ANALYST)
    year = looking.year(timezone.localdate().year - 1) or looking.year(
        looking.years()[0]
    )
    assert year is not None
    chosen = choosing.chosen(OUT, BY, "", year)
    first = actions.propose(year.number, chosen, by=analyst)
    actions.sign(first, by=country.coordinator)
    asking.report(first, by=analyst, publisher=country.coordinator)
    waiting = choosing.chosen(WAITING, ("sex",), "", year)
    actions.propose(year.number, waiting, by=analyst)
    return "Released figures"
