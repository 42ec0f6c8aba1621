"""At the end of a month services, places and caseloads are counted, once."""

import datetime
from collections import Counter

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from amana import given
from amana.design.directory.models import Service
from amana.insight.facts import monthly
from amana.insight.facts.models import Observation

pytestmark = pytest.mark.django_db


def test_the_month_that_is_over_is_counted_once():
    worker = given.make_worker()
    for _ in range(3):
        given.make_case(worked_on_by=worker)
    given.make_service(types=["SH1"], counts_places=True, places_total=12)
    soon = timezone.now() + datetime.timedelta(days=40)

    with time_machine.travel(soon):
        call_command("count_month", verbosity=0)
        call_command("count_month", verbosity=0)

    kinds = Counter(Observation.objects.values_list("kind", flat=True))
    assert kinds == {"directory": 1, "capacity": 1, "places": 1, "caseload": 1}
    assert Observation.objects.get(kind="caseload").number == 3
    assert Observation.objects.get(kind="places").number == 12
    assert Observation.objects.get(kind="capacity").result == "stale"
    assert Observation.objects.get(kind="directory").month < soon.date().replace(day=1)
    assert set(Observation.objects.values_list("agency", flat=True)) == {""}


@pytest.mark.alone
@pytest.mark.django_db(transaction=True)
def test_nobody_who_writes_waits_while_a_month_is_counted(monkeypatch):
    given.make_service(types=["SH1"])
    as_it_is, free = monthly.observe_services, []

    def of_services(now):
        free.append(not connection.in_atomic_block)
        yield from as_it_is(now)

    monkeypatch.setattr(monthly, "observe_services", of_services)
    soon = timezone.now() + datetime.timedelta(days=40)

    assert monthly.count_month(soon)
    assert free == [True]


def test_what_another_counted_meanwhile_is_not_counted_twice(monkeypatch):
    given.make_service(types=["SH1"])
    soon, as_it_is = timezone.now() + datetime.timedelta(days=40), monthly.observe_zeros

    def of_none():
        monkeypatch.setattr(monthly, "observe_zeros", as_it_is)
        assert monthly.count_month(soon)
        return as_it_is()

    monkeypatch.setattr(monthly, "observe_zeros", of_none)

    assert monthly.count_month(soon) == 0
    assert Observation.objects.filter(kind="directory").count() == 1


def test_where_a_house_is_that_others_may_not_know_of_is_not_counted():
    country = given.make_area(code="C", name_en="Country")
    coast = given.make_area(above=country, code="R1", name_en="Coast")
    for visibility in Service.Visibility:
        given.make_service(area=coast, visibility=visibility)

    monthly.count_month(timezone.now() + datetime.timedelta(days=40))

    told = Counter(
        Observation.objects.filter(kind="directory").values_list("area", flat=True)
    )
    assert told == {"R1": 2, "": 1}
