"""The page on which a service is chosen; what it offers is accepted."""

import random
from types import ModuleType
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path
from hypothesis import settings as profile

from amana import given
from amana import urls as pages
from amana.care.cases.models import Case, Need
from amana.care.referrals import actions
from amana.care.referrals.choosing import ServiceOption
from amana.design.directory import actions as directory
from amana.design.directory.models import Service
from amana.design.directory.models.changes import record_change
from amana.errors import Refused
from amana.trust.access.models import User

from .choices import ALWAYS, choice, grown_old, page_of, sent, write

# --- the page


def test_figures_of_the_page_do_not_contradict_each_other(
    need: Need, worker: User
) -> None:
    given.make_service(name="Fits")
    grown_old(given.make_service(name="Old"))
    given.make_service(name="Full and paused", places_free=0)
    paused = Service.objects.get(name="Full and paused")
    directory.pause_service(paused, by=given.records._focal_point_of(paused.team))

    found = choice(need, worker)

    assert sum(count for _words, count in found.funnel) == 2
    assert found.counted == (
        "Services within reach that offer this: 3. Fit now: 1. Availability to "
        "confirm: 1. Don’t fit: 1."
    )


def test_several_can_be_asked_in_order_where_that_is_possible(
    need: Need, ours: Client, settings: Any
) -> None:
    first, second = given.make_service(name="First"), given.make_service(name="Second")
    full = given.make_service(name="Full", places_free=0)

    ask = path("needs/<uuid:need>/ask/", in_order, name="ask")
    requests = path("requests/", include(([ask], "requests")))
    urls = ModuleType("with_requests")
    vars(urls)["urlpatterns"] = [requests, *pages.urlpatterns]
    settings.ROOT_URLCONF = urls
    page = page_of(ours, need)

    assert page.count('name="service"') == 2
    lists = page.split('name="service"')[1:]
    chosen = [f'<option value="{s.pk}" selected>' in lists[0] for s in (first, second)]
    assert sorted(chosen) == [False, True]  # the first of the page, and no second yet
    assert " selected>" not in lists[1]
    for service in (first, second):
        assert f'<option value="{service.pk}">' in lists[1]
    assert f'<option value="{full.pk}"' not in page


def in_order(request: Any, need: Any) -> HttpResponse:
    return HttpResponse(str(request.GET.getlist("service")))


def test_the_page_asks_the_database_as_often_for_one_as_for_many(
    need: Need, worker: User, ours: Client, django_assert_max_num_queries: Any
) -> None:
    for _number in range(10):
        grown_old(given.make_service())
        given.make_service()
        given.make_service(places_free=0, waiting_list=True)
    page_of(ours, need)
    with django_assert_max_num_queries(30):
        page_of(ours, need)


# --- what is offered is never refused when it is accepted


def worlds() -> int:
    return 4 if profile.get_current_profile_name() == "fast" else 150


def test_what_is_offered_can_be_sent_and_accepted(
    case: Case, need: Need, worker: User
) -> None:
    """Through the real actions; `test_offered.py` has ten thousand worlds more."""
    rng = random.Random(38)
    accepted = refused = waiting = 0
    for _world in range(worlds()):
        with transaction.atomic():
            children = rng.choice([0, 0, 1, 3])
            along = [{"age": "5", "relation": "child"}] * children or "alone"
            write(case, {"companions": along}, by=worker)
            Need.objects.filter(pk=need.pk).update(urgency=rng.choice(["U0", "U2"]))
            need.refresh_from_db()
            for _service in range(5):
                a_random_service(rng)
            found = choice(need, worker)
            for option in (*found.options, *found.unsure, *found.near):
                with transaction.atomic():
                    keeper = given.make_worker(of=option.service.team)
                    outcome = ends(option, need, worker, keeper)
                    transaction.set_rollback(True)
                accepted += outcome == "accepted"
                refused += outcome == "refused"
                waiting += outcome == "waiting"
            transaction.set_rollback(True)
    assert min(accepted, refused) > 0
    assert waiting or worlds() < 10


def a_random_service(rng: random.Random) -> None:
    service = given.make_service(
        places_free=rng.choice([0, 1, 2, 4]),
        children_take_places=rng.random() < 0.5,
        waiting_list=rng.random() < 0.5,
        hours=rng.choice([None, ALWAYS, [[600, 660]]]),
    )
    if rng.random() < 0.4:
        grown_old(service, days=rng.choice([1, 20]))
    if rng.random() < 0.1:
        Service.objects.filter(pk=service.pk).update(places_said_at=None, places_free=0)
        record_change(service)


def ends(option: ServiceOption, need: Need, worker: User, keeper: User) -> str:
    """Send and accept what is offered; of the others, see that it would be refused."""
    referral = sent(need, option.service, by=worker)
    if option.sendable:
        actions.accept(referral, by=keeper)
        return "accepted"
    with pytest.raises(Refused, match=r"places? free"), transaction.atomic():
        actions.accept(referral, by=keeper)
    if option.waiting_list:
        actions.add_to_waiting_list(referral, by=keeper)
        return "waiting"
    return "refused"
