"""At the end of a month services, places and caseloads are counted, once."""

import datetime
from collections import Counter

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from amana import given
from amana.design.directory.models import Service
from amana.insight.facts import monthly
from amana.insight.facts.models import Fact

pytestmark = pytest.mark.django_db


def test_the_month_that_is_over_is_counted_once():
    worker = given.a_worker()
    for _ in range(3):
        given.a_case(worked_on_by=worker)
    given.a_service(types=["SH1"], counts_places=True, places_total=12)
    soon = timezone.now() + datetime.timedelta(days=40)

    with time_machine.travel(soon):
        call_command("count_month", verbosity=0)
        call_command("count_month", verbosity=0)

    kinds = Counter(Fact.objects.values_list("kind", flat=True))
    assert kinds == {"directory": 1, "capacity": 1, "places": 1, "caseload": 1}
    assert Fact.objects.get(kind="caseload").number == 3
    assert Fact.objects.get(kind="places").number == 12
    assert Fact.objects.get(kind="capacity").result == "stale"
    assert Fact.objects.get(kind="directory").month < soon.date().replace(day=1)
    assert set(Fact.objects.values_list("agency", flat=True)) == {""}


def test_where_a_house_is_that_others_may_not_know_of_is_not_counted():
    country = given.an_area(code="C", name_en="Country")
    coast = given.an_area(above=country, code="R1", name_en="Coast")
    for visibility in Service.Visibility:
        given.a_service(area=coast, visibility=visibility)

    monthly.count(timezone.now() + datetime.timedelta(days=40))

    told = Counter(Fact.objects.filter(kind="directory").values_list("area", flat=True))
    assert told == {"R1": 2, "": 1}
