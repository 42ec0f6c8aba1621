"""The pages of alarms."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.home.boards import build_boards
from amana.trust.access.models import Role, User
from amana.trust.alarms import actions, budgets
from amana.trust.alarms.models import ActiveDay, ActivityKind
from amana.ui import once

from .turned_away import SEEN, is_turned_away, raised, seen_on

pytestmark = pytest.mark.django_db


FIRST = budgets.WATCHED[ActivityKind.DENIED].at_first


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.COORDINATOR])
def test_who_may_see_alarms_finds_them_in_the_menu(role: Role) -> None:
    page = given.sign_in(given.make_worker(role=role)).get("/today/").content.decode()
    menu = page[page.index("<header") : page.index("</header>")]
    for address in ("alarms:list", "emergency_access:list", "exports:list"):
        assert f'href="{reverse(address)}"' in menu
    worker = given.sign_in(given.make_worker()).get("/today/").content.decode()
    assert reverse("alarms:list") not in worker


def test_pages_of_alarms(worker: User, lead: User, officer: User) -> None:
    browser = given.sign_in(officer)
    empty = browser.get(reverse("alarms:list")).content.decode()
    assert "No alarms" in empty
    assert "never been scanned" in empty
    alarm = raised(worker)
    listed = browser.get(reverse("alarms:list")).content.decode()
    assert f"{FIRST + 1} (usual: up to {FIRST})" in listed
    assert "been scanned" not in listed
    one = browser.get(reverse("alarms:alarm", args=[alarm.pk])).content.decode()
    assert "Lead" in one
    answer = browser.post(
        reverse("alarms:settle", args=[alarm.pk]),
        once.make_form_key()
        | {"outcome": "explained", "words": "A busy day.", "seen": SEEN},
    )
    assert answer.status_code == 302
    one = browser.get(reverse("alarms:alarm", args=[alarm.pk])).content.decode()
    assert "A busy day." in one


def test_a_timer_that_stopped_is_said(officer: User) -> None:
    actions.watch_log()
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=True):
        page = given.sign_in(officer).get(reverse("alarms:list")).content.decode()
    assert "has not been scanned since" in page


def test_the_day_in_the_log_is_found(worker: User, officer: User) -> None:
    alarm = raised(worker)
    browser = given.sign_in(officer)
    one = browser.get(reverse("alarms:alarm", args=[alarm.pk]))
    shown = browser.get(one.context["events"]).content.decode()
    assert shown.count("was denied access") >= 1


def test_open_alarms_stand_on_the_first_page(
    worker: User, lead: User, officer: User
) -> None:
    alarm = raised(worker)
    actions.settle(alarm, outcome="incident", words="Looked.", seen=SEEN, by=lead)
    is_turned_away(worker, 1)
    actions.watch_log()
    address = f"{reverse('alarms:list')}?only=open"
    tiles = [tile for board in build_boards(officer) for tile in board.tiles]
    assert [t.value for t in tiles if t.url == address] == [1]
    listed = given.sign_in(officer).get(address).content.decode()
    assert listed.count(worker.name) == 1


def test_old_days_are_forgotten(worker: User) -> None:
    long_ago = timezone.localdate() - timedelta(days=29)
    seen_on(worker, long_ago, 3, role="case_worker", kind=ActivityKind.DENIED)
    actions.watch_log()
    assert not ActiveDay.objects.exists()
