"""A cohort of thirty meets: poll, groups, notes and a slip for leaving, in English, in
Arabic and without a script; and who was there is known afterwards."""

from collections.abc import Callable, Iterator
from threading import Event, Lock
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from amana import given
from amana.academy.cohorts.models import Cohort
from amana.academy.sessions.models import Session
from amana.academy.sessions.tests.meeting import a_cohort, a_learner, a_session
from amana.trust.access.models import User
from amana.ui.once import a_key
from tests.journeys.conftest import SignsIn

PLAIN = 27
"""People who take part by ordinary requests, beside the three in browsers."""


@pytest.fixture
def trainer(transactional_db: None) -> User:
    return given.a_user(name="Tariq Haddad")


@pytest.fixture
def cohort(trainer: User) -> Cohort:
    return a_cohort(trainer)


@pytest.fixture
def session(cohort: Cohort, trainer: User) -> Session:
    return a_session(cohort, by=trainer, mode="hybrid", venue="Hall 2", video="none")


@pytest.fixture
def turns(live_server: LiveServer) -> Iterator[Lock]:
    """All threads share the one connection to a database in memory. Browsers that ask
    by themselves would meet in the middle of a transaction: they take turns."""
    lock, server = Lock(), live_server.thread.httpd
    pages, over = server.get_app(), Event()
    assert pages is not None

    def in_turn(environ: Any, start: Any) -> Any:
        with lock:
            if not over.is_set():
                return pages(environ, start)
        start("503 Service Unavailable", [])
        return []

    server.set_app(in_turn)
    yield lock
    with lock:  # whoever still waits is not let in: the database is emptied now
        over.set()
    server.set_app(pages)


def at(name: str, session: Session, *more: str) -> str:
    return reverse(f"sessions:{name}", args=[session.pk, *more])


def press(page: Page, name: str, within: str = "main") -> None:
    """A button that leads to another page."""
    with page.expect_navigation():
        page.locator(within).get_by_role("button", name=name).first.click()


def enter(page: Page, session: Session) -> None:
    page.goto(at("room", session))
    with page.expect_navigation():
        page.locator(".primary-bar button").click()


def crowd(cohort: Cohort, session: Session, turns: Lock) -> list[Client]:
    """They come in one after the other, by the same forms as everybody."""
    with turns:
        clients = [given.signed_in(a_learner(cohort)) for _ in range(PLAIN)]
        for client in clients:
            client.post(at("enter", session), a_key())
    return clients


def answer_all(clients: list[Client], session: Session, turns: Lock) -> None:
    for place, client in enumerate(clients):
        said = {"poll": "poll-1", "choice": str(place % 3)}
        with turns:
            answered = client.post(at("say", session, "answer"), a_key() | said)
        assert urlsplit(answered.headers["Location"]).path == at("room", session)


def test_thirty_people_in_a_room(
    cohort: Cohort,
    session: Session,
    trainer: User,
    turns: Lock,
    sign_in: SignsIn,
    accessible: Callable[[Page], None],
    picture: Callable[[Page, str], None],
) -> None:
    def look(page: Page, name: str) -> None:
        accessible(page)
        picture(page, f"sessions-{name}")

    leads = sign_in(trainer)
    leads.goto(at("session", session))
    look(leads, "session")
    leads.goto(at("lead", session))
    press(leads, "Open the room")

    with turns:
        english = sign_in(a_learner(cohort, name="Amina Diallo"))
        arabic = sign_in(a_learner(cohort, name="Boris Petrov"), language="ar")
        plain = sign_in(a_learner(cohort, name="Chen Wei"), scripts=False)
    for page in (english, arabic, plain):
        enter(page, session)
    clients = crowd(cohort, session, turns)
    expect(english.locator('[data-said="here"]')).to_have_text("30")

    # a poll
    press(leads, "Go there Where we stand")
    press(leads, "Ask the poll")
    question = english.locator('[data-poll="poll-1"]')
    expect(question).to_be_visible()
    question.get_by_role("button", name="very").focus()
    english.keyboard.press("Enter")
    expect(question.locator("[data-answered]")).to_have_text("1")
    arabic.locator('[data-poll="poll-1"] button').first.click()
    expect(arabic.locator("[data-result]").first).to_be_visible()
    plain.reload()
    press(plain, "a little", '[data-poll="poll-1"]')
    expect(plain.locator('[aria-pressed="true"]')).to_have_text("a little")
    answer_all(clients, session, turns)
    expect(question.locator("[data-answered]")).to_have_text("30")
    expect(question.locator('[data-count="2"]')).to_have_text("10")
    expect(arabic.locator("[data-answered]").first).to_have_text("30")
    look(english, "room-poll")
    look(arabic, "room-poll")

    # a hand, and the pace
    english.get_by_role("button", name="Hand up").click()
    expect(leads.locator('[data-said="hands"]')).to_have_text("1")
    english.get_by_role("button", name="Slower, please").click()
    expect(arabic.locator('[data-pace="0"] [data-count]')).to_have_text("1")
    expect(leads.locator("#board")).to_contain_text("Amina Diallo")
    expect(leads.locator("#board tbody tr").first).to_contain_text("Amina Diallo")
    look(leads, "lead")

    # groups, with notes that they show
    press(leads, "Go there Pairs")
    leads.get_by_label("People in a group").fill("5")
    press(leads, "Divide into groups")
    own = english.locator('[data-step="2"] [data-own-group]')
    expect(own).to_be_visible()
    number = own.locator("[data-group-number]").inner_text()
    board = english.locator(f'[data-board="group-1-{number}"]')
    expect(board).to_be_visible()
    look(english, "room-groups")
    with english.expect_navigation():
        board.get_by_role("link", name="Write").click()
    english.get_by_label("Notes").fill("Ask before you write.")
    look(english, "notes")
    press(english, "Save")
    press(english, "Show ours to everybody")
    theirs = arabic.locator(f'[data-board="group-1-{number}"]')
    expect(theirs).to_contain_text("Ask before you write.")
    press(leads, "Everybody back")

    # leaving
    press(leads, "Go there Leaving")
    slip = english.locator('[data-step="4"] textarea')
    expect(slip).to_be_visible()
    slip.fill("One question at a time.")
    english.locator('[data-step="4"]').get_by_role("button", name="Hand it in").click()
    expect(english.locator("[data-sent]")).to_be_visible()
    expect(leads.locator(".tickets")).to_contain_text("One question at a time.")
    press(leads, "Close the room")
    expect(english.locator("[data-gone]")).to_be_visible()
    leads.goto(at("attendance", session))
    expect(leads.locator("tbody tr")).to_have_count(30)
    look(leads, "attendance")


def test_what_stands_around_a_room(
    cohort: Cohort,
    session: Session,
    trainer: User,
    sign_in: SignsIn,
    accessible: Callable[[Page], None],
    picture: Callable[[Page, str], None],
) -> None:
    learner = a_learner(cohort)
    for person, language in ((trainer, "en"), (trainer, "ar"), (learner, "ar")):
        page = sign_in(person, language=language)
        addresses = {"mine": reverse("sessions:mine")}
        addresses |= {"plan-as-text": at("session", session)}
        addresses |= {"arrive": at("arrive", session)}
        if person == trainer:
            addresses |= {
                name: at(name, session) for name in ("pack", "door", "cancel", "change")
            }
            addresses["captions"] = at("add_captions", session)
        for name, address in addresses.items():
            page.goto(address)
            assert page.locator("h1").count() == 1
            accessible(page)
            picture(page, f"sessions-{name}")
        page.context.close()


def test_a_group_of_two_sees_and_hears_each_other(
    cohort: Cohort, session: Session, trainer: User, turns: Lock, sign_in: SignsIn
) -> None:
    """From browser to browser, with Chromium's own test picture and tone."""
    Session.objects.filter(pk=session.pk).update(video="mesh")
    with turns:
        leads = sign_in(trainer)
        pages = [sign_in(a_learner(cohort)) for _ in range(2)]
    leads.goto(at("lead", session))
    press(leads, "Open the room")
    for page in pages:
        enter(page, session)
    press(leads, "Go there Pairs")
    press(leads, "Divide into groups")
    for page in pages:
        page.get_by_role("button", name="See and hear the others").click()
    for page in pages:
        other = page.locator('[data-face][data-state="connected"] video')
        expect(other).to_be_visible(timeout=20_000)
        moving = "video => video.videoWidth > 0 && !video.paused"
        page.wait_for_function(moving, arg=other.element_handle())
    pages[0].get_by_role("button", name="Camera and microphone off").click()
    expect(pages[1].locator("[data-face]")).to_have_count(1)
