"""A brief of the invented country goes out, and one is being written."""

from datetime import timedelta

import pytest
from django.utils import timezone

from amana import given
from amana.demo import asking
from amana.demo.country import DemoCountry
from amana.insight.briefs.models import Brief
from amana.insight.briefs.tests.facts import MANY, tell
from amana.insight.costing import actions as costs
from amana.trust.access.models import Role

pytestmark = pytest.mark.django_db


def test_the_ministers_are_asked_in_three_languages():
    country, team = DemoCountry(), given.make_team(name="Coordination")
    country.teams["National Coordination Office"] = team
    country.members[team.pk] = [
        (role, given.make_worker(of=team, role=role))
        for role in (Role.ANALYST, Role.COORDINATOR)
    ]
    given.make_area(above=given.make_area(code="C"), code="R1")
    tell(MANY)
    by = country.members[team.pk][0][1]
    fund = costs.add_fund("A ministry", kind="ministry", domestic=True, by=by)
    today = timezone.localdate()
    what = costs.GrantValues(fund, "Beds", "EUR", today, today + timedelta(days=400))
    costs.record_grant(what, by=by)

    asking.ask_ministers(country)

    assert Brief.objects.published().get().languages == ["en", "fr", "ar"]
    assert Brief.objects.drafts().count() == 1
