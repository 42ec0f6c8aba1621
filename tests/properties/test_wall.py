"""Who only learns tries every address there is: nothing of anyone's case, and no one
who works here, is behind any that opens.

What is open to learners stands in `amana.installed`; this asks whether that is all,
and what their pages hold."""

import uuid
from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client

from amana import given, installed
from amana.care.referrals.models import Referral
from amana.trust.access.models import Role, User
from amana.trust.alarms import actions as alarms
from amana.trust.alarms.models import Alarm
from amana.trust.audit.models import AuditEvent
from amana.ui.once import FIELD
from tests.properties.test_crawl import addresses, case_of_others

__all__ = ["case_of_others"]

pytestmark = pytest.mark.django_db

CANARIES = ("Zubaida", "Quartzfield", "Obsidian")
"""Of a person, of those who work here, of where they work."""


@pytest.fixture
def house(case_of_others: Referral) -> None:
    """People of each role, whose names must stay inside."""
    team = given.make_team(of=given.make_organisation(name="Obsidian House"))
    for role in Role:
        given.make_worker(of=team, role=role, name=f"Rafi Quartzfield {role}")


def is_open(name: str) -> bool:
    room = name.rpartition(":")[0]
    return name in installed.LEARNER_PAGES or room in installed.LEARNER_PAGES


def crawl(browser: Client) -> Iterator[tuple[str, HttpResponse]]:
    """Each address by GET, and by POST with nothing but the sign of a form."""
    for name, address in addresses():
        if not address or name in ("learners:close", "learners:end_others"):
            continue
        for method in ("get", "post"):
            sent = {FIELD: str(uuid.uuid4())} if method == "post" else {}
            yield name, getattr(browser, method)(address, sent)


def find_what_is_open(browser: Client) -> set[str]:
    return {name for name, answer in crawl(browser) if answer.status_code != 404}


def test_learners_open_pages_of_courses_alone_and_find_no_one_there(
    house: None,
) -> None:
    learner = given.make_learner()
    browser = given.sign_in_learner(learner)
    tried, opened = set(), set()
    for name, answer in crawl(browser):
        tried.add(name)
        said = b"" if answer.streaming else answer.content
        for canary in CANARIES:
            assert canary.encode() not in said, name
        if answer.status_code != 404:
            opened.add(name)

    assert len(tried) > 500
    assert {name for name in opened if not is_open(name)} == set()
    noted = AuditEvent.objects.filter(actor=learner.actor_id)
    # Once an hour: no one drowns alarms with accounts that cost nothing.
    assert noted.filter(did="was kept to courses").count() == 1
    alarms.watch_log()
    assert not Alarm.objects.filter(user=learner).exists()


@pytest.mark.parametrize("room", ["cases", "directory", "access", "home"])
def test_a_room_that_were_open_by_mistake_is_found(
    house: None, room: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = given.sign_in_learner(given.make_learner())
    with monkeypatch.context() as planted:
        wider = installed.LEARNER_PAGES | {room}
        planted.setattr(installed, "LEARNER_PAGES", wider)
        opened = find_what_is_open(browser)
    assert {name for name in opened if not is_open(name)}


def test_a_learner_is_offered_no_page_that_is_closed(house: None) -> None:
    browser = given.sign_in_learner(given.make_learner())
    page = browser.get("/academy/").content.decode()
    for path in ("/cases/", "/directory/", "/mechanism/", "/people", "/keys/lock"):
        assert f'href="{path}' not in page
        assert f'action="{path}' not in page


def test_who_is_no_learner_any_more_is_behind_no_wall() -> None:
    worker = given.make_worker()
    assert not User.objects.get(pk=worker.pk).only_learns
    assert given.sign_in(worker).get("/cases/").status_code != 404
