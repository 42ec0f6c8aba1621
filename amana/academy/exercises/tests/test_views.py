"""Who sees an exercise, and what of a request reaches it."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from threading import BoundedSemaphore, Thread
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from amana import given
from amana.academy.cohorts.models import Cohort
from amana.academy.exercises import actions
from amana.academy.exercises.models import Exercise, PlayMode
from amana.academy.sandboxes import processes, relay
from amana.sandbox.server import UnixServer
from amana.trust.access.models import User
from amana.ui import once

from .conftest import CODE

ROOM = {"mode": PlayMode.ROOM}


def get(user: User, exercise: Exercise, name: str = "exercise") -> Any:
    return given.sign_in(user).get(reverse(f"scenarios:{name}", args=[exercise.pk]))


# --- the pages here


def test_a_cohorts_exercises_are_seen_by_the_cohort_alone(
    exercise: Exercise, trainer: User, learners: list[User], stranger: User
) -> None:
    for person in (trainer, learners[0]):
        assert get(person, exercise).status_code == 200
        home = given.sign_in(person).get(reverse("scenarios:home"))
        assert "The domestic worker’s child" in home.content.decode()
    for name in ("exercise", "enter", "close"):
        assert get(stranger, exercise, name).status_code == 404
    assert "No exercise is open" in (
        given.sign_in(stranger).get(reverse("scenarios:home")).content.decode()
    )


def test_one_is_opened_played_and_closed_by_its_pages(
    exercise: Exercise, trainer: User, learners: list[User]
) -> None:
    leads, plays = given.sign_in(trainer), given.sign_in(learners[0])
    cohort = exercise.cohort_id
    to = reverse("scenarios:open", args=[cohort, CODE])
    opened = leads.post(to, once.make_form_key() | ROOM, follow=True)
    assert "Go in" in opened.content.decode()
    there = reverse("scenarios:exercise", args=[exercise.pk])
    assert "Go in" not in plays.get(there).content.decode()
    page = plays.post(there + "seat", {"seat": "nurse"}, follow=True)
    assert "you play here" in page.content.decode()
    assert "Go in" in page.content.decode()
    assert leads.get(there + "close/").status_code == 200
    page = leads.post(there + "close/", follow=True)
    assert "This exercise is closed" in page.content.decode()
    page = plays.post(there + "seat/leave", follow=True)
    assert "you play here" not in page.content.decode()


def test_it_is_opened_as_it_is_played_and_a_seat_is_freed(
    cohort: Cohort, trainer: User, learners: list[User], var: Path
) -> None:
    leads, plays = given.sign_in(trainer), given.sign_in(learners[0])
    to = reverse("scenarios:open", args=[cohort.pk, CODE])
    page = leads.post(to, once.make_form_key() | {"mode": PlayMode.DAYS}, follow=True)
    assert "From several places, over days" in page.content.decode()
    there = reverse("scenarios:exercise", args=[Exercise.objects.get().pk])
    plays.post(there + "seat", {"seat": "nurse"})
    assert "Free Health centre" not in plays.get(there).content.decode()
    assert plays.post(there + "seat/free", {"seat": "nurse"}).status_code == 404
    assert "Free Health centre" in leads.get(there).content.decode()
    page = leads.post(there + "seat/free", {"seat": "nurse"}, follow=True)
    assert "Free Health centre" not in page.content.decode()


@pytest.mark.parametrize("mode", [{}, {"mode": ""}, {"mode": "ALONE"}])
def test_none_is_opened_in_a_mode_that_does_not_exist(
    cohort: Cohort, trainer: User, var: Path, mode: dict[str, str]
) -> None:
    to = reverse("scenarios:open", args=[cohort.pk, CODE])
    refused = given.sign_in(trainer).post(to, once.make_form_key() | mode)
    assert refused.status_code == 409
    assert "Choose how the exercise is played" in refused.content.decode()
    assert not Exercise.objects.exists()


def test_a_learner_opens_one_to_play_alone(
    cohort: Cohort, learners: list[User], stranger: User, var: Path
) -> None:
    plays = given.sign_in(learners[0])
    home = plays.get(reverse("scenarios:home")).content.decode()
    assert "Play alone" in home
    to = reverse("scenarios:open", args=[cohort.pk, CODE])
    mode = {"mode": PlayMode.ALONE}
    assert plays.post(to, once.make_form_key() | ROOM).status_code == 403
    page = plays.post(to, once.make_form_key() | mode, follow=True)
    assert "Go in" in page.content.decode()
    elsewhere = given.sign_in(learners[1])
    there = reverse("scenarios:exercise", args=[Exercise.objects.get().pk])
    assert elsewhere.get(there).status_code == 404
    beyond = given.sign_in(stranger)
    assert beyond.post(to, once.make_form_key() | mode).status_code == 404


def test_no_page_here_has_the_brief_of_a_seat(
    exercise: Exercise, learners: list[User], trainer: User
) -> None:
    actions.take_seat(exercise, "nurse", by=learners[0])
    briefs = [
        seat.brief["en"] for seat in actions.get_scenario(CODE).scenario.seats.values()
    ]
    for person in (learners[0], learners[1], trainer):
        page = get(person, exercise).content.decode()
        assert not any(brief in page for brief in briefs)


# --- the way in


@pytest.fixture
def inside(exercise: Exercise) -> Iterator[list[dict[str, Any]]]:
    """A process that answers for the exercise, and what it was asked."""
    asked: list[dict[str, Any]] = []

    def pages(environ: Any, start: Any) -> list[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        headers = {k: v for k, v in environ.items() if isinstance(v, str)}
        asked.append(headers | {"body": body})
        start(
            "201 Made",
            [
                ("Content-Type", "text/html; charset=utf-8"),
                ("Location", "/elsewhere"),
                ("Set-Cookie", "session=inner; HttpOnly; Path=/; SameSite=Strict"),
                ("Set-Cookie", "unlock=key; HttpOnly; Path=/"),
                ("Clear-Site-Data", '"cache"'),
                ("X-Goes-On", "source key 1"),
                ("HX-Redirect", "/there"),
                ("Content-Security-Policy", "default-src 'nonce-x'"),
            ],
        )
        return [b"inside ", b"here"]

    server = UnixServer(exercise.folder.socket, pages)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield asked
    server.shutdown()
    server.threads.shutdown()
    server.server_close()


def test_a_request_goes_in_as_the_seat_that_one_plays(
    exercise: Exercise,
    inside: list[dict[str, Any]],
    learners: list[User],
    trainer: User,
) -> None:
    actions.take_seat(exercise, "nurse", by=learners[0])
    there = exercise.prefix
    browser = given.sign_in(learners[0])
    answer = browser.get(f"{there}/cases/?page=2", headers={"Accept-Language": "ar"})
    assert (answer.status_code, answer.getvalue()) == (201, b"inside here")
    (asked,) = inside
    assert asked["HTTP_AMANA_ACCOUNT"] == "nurse-1"
    assert (asked["PATH_INFO"], asked["QUERY_STRING"]) == ("/cases/", "page=2")
    assert asked["HTTP_ACCEPT_LANGUAGE"] == "ar"
    given.sign_in(trainer).get(f"{there}/exercise/board/").getvalue()
    assert inside[-1]["HTTP_AMANA_ACCOUNT"] == "control"


@pytest.mark.parametrize(
    ("address", "path", "query"),
    [
        ("/cases/%D8%A7/", "/cases/\u0627/", ""),
        ("/a%20b/?q=%D8%A7&r=a+b%26c", "/a b/", "q=%D8%A7&r=a+b%26c"),
        ("/..%2f..%2fcases/", "/../../cases/", ""),
        ("/?q=\u0627", "/", "q=%D8%A7"),
    ],
)
def test_an_address_arrives_as_it_was_asked_for(
    exercise: Exercise,
    inside: list[dict[str, Any]],
    trainer: User,
    address: str,
    path: str,
    query: str,
) -> None:
    there = exercise.prefix + address
    given.sign_in(trainer).get(there).getvalue()
    (asked,) = inside
    arrived = asked["PATH_INFO"].encode("latin-1").decode()
    assert (arrived, asked["QUERY_STRING"]) == (path, query)


def test_no_address_adds_a_header(
    exercise: Exercise, inside: list[dict[str, Any]], trainer: User
) -> None:
    there = exercise.prefix
    forged = given.sign_in(trainer).get(f"{there}/a%0d%0aAmana-Account:%20nurse-1/")
    assert forged.status_code == 404
    assert inside == []


def test_who_has_no_seat_and_leads_nothing_stays_outside(
    exercise: Exercise, inside: list[dict[str, Any]], learners: list[User]
) -> None:
    assert get(learners[0], exercise, "enter").status_code == 403
    assert inside == []


def test_what_is_posted_goes_in_whole(
    exercise: Exercise, inside: list[dict[str, Any]], trainer: User
) -> None:
    given.sign_in(trainer).post(
        f"{exercise.prefix}/cases/new", {"name": "ليلى"}
    ).getvalue()
    assert "ليلى".encode() in inside[0]["body"]
    assert inside[0]["REQUEST_METHOD"] == "POST"
    assert inside[0]["CONTENT_TYPE"].startswith("multipart/form-data")


def test_nothing_that_signs_in_here_gets_in(
    exercise: Exercise, inside: list[dict[str, Any]], trainer: User
) -> None:
    browser = given.sign_in(trainer)
    ours = {name: cookie.value for name, cookie in browser.cookies.items()}
    browser.cookies["practice-session"] = "inner"
    browser.get(
        exercise.prefix + "/",
        headers={
            relay.ACCOUNT: "nurse-1",
            "Authorization": "Bearer secret",
            "X-Forwarded-For": "10.0.0.1",
        },
    ).getvalue()
    (asked,) = inside
    assert asked["HTTP_COOKIE"] == "session=inner"
    said = json.dumps({k: str(v) for k, v in asked.items()})
    assert not any(value in said for value in ours.values())
    assert asked["HTTP_AMANA_ACCOUNT"] == "control"
    assert "HTTP_AUTHORIZATION" not in asked
    assert "HTTP_X_FORWARDED_FOR" not in asked


def test_what_it_sets_stays_with_it(
    exercise: Exercise, inside: list[dict[str, Any]], trainer: User
) -> None:
    browser = given.sign_in(trainer)
    before = browser.cookies[settings.SESSION_COOKIE_NAME].value
    answer = browser.get(exercise.prefix + "/")
    answer.getvalue()
    for name in ("practice-session", "practice-unlock"):
        cookie = answer.cookies[name]
        assert cookie["path"] == exercise.prefix
        assert cookie["httponly"]
    assert answer.cookies["practice-session"]["samesite"] == "Strict"
    assert browser.cookies[settings.SESSION_COOKIE_NAME].value == before
    assert "unlock" not in answer.cookies
    assert "Clear-Site-Data" not in answer.headers
    assert "X-Goes-On" not in answer.headers
    # A page that forgot the prefix would lead to one of real work.
    assert answer.headers["HX-Redirect"] == exercise.prefix + "/"
    assert answer.headers["Content-Security-Policy"] == "default-src 'nonce-x'"


def test_while_it_starts_a_page_says_how_far_it_is(
    exercise: Exercise, trainer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Exercise] = []
    monkeypatch.setattr(processes, "start", started.append)
    exercise.folder.write_progress("Organisations and people", 3, 8)
    page = get(trainer, exercise, "enter")
    assert page.status_code == 200
    assert "Organisations and people" in page.content.decode()
    assert 'value="3"' in page.content.decode()
    assert started == [exercise]
    assert "It did not start" not in page.content.decode()
    part = get(trainer, exercise, "progress")
    assert "3 of 8" in part.content.decode()
    lost = given.sign_in(trainer).post(exercise.prefix + "/cases/new")
    assert lost.status_code == 503


def test_one_that_can_not_start_says_so_and_is_tried_again_later(
    exercise: Exercise, trainer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where its process ends at once: a program that is not there."""
    tried: list[str] = []
    monkeypatch.setattr(processes, "start", lambda one: tried.append(one.scenario))
    exercise.folder.started.touch()
    for _poll in range(3):
        page = get(trainer, exercise, "enter")
        assert "It did not start" in page.content.decode()
    assert tried == []
    long_ago = time.time() - processes.AGAIN - 1
    os.utime(exercise.folder.started, (long_ago, long_ago))
    get(trainer, exercise, "enter")
    assert tried == [CODE]


def test_no_request_holds_the_last_thread(
    exercise: Exercise,
    inside: list[dict[str, Any]],
    trainer: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(relay, "AT_ONCE", BoundedSemaphore(1))
    monkeypatch.setattr(relay, "WAITS", 0.05)
    browser, there = given.sign_in(trainer), exercise.prefix + "/"
    with relay.AT_ONCE:
        assert browser.get(there, headers={"By-Itself": "1"}).status_code == 503
        told = browser.get(there)
        assert told.status_code == 409
        assert "Many people use this exercise" in told.content.decode()
    assert inside == []
    assert browser.get(there).status_code == 201


@pytest.mark.parametrize("words", ['practice-x="a\\012b"', "practice-y=\u0644"])
def test_an_odd_cookie_is_left_out(
    exercise: Exercise, inside: list[dict[str, Any]], trainer: User, words: str
) -> None:
    browser = given.sign_in(trainer)
    kept = "; ".join(f"{n}={c.value}" for n, c in browser.cookies.items())
    cookie = f"practice-session=inner; {words}; {kept}"
    browser.cookies.clear()
    answer = browser.get(
        exercise.prefix + "/",
        headers={"Cookie": cookie.encode().decode("latin-1")},
    )
    assert answer.status_code == 201
    assert "session=inner" in inside[0]["HTTP_COOKIE"]
    assert "\n" not in inside[0]["HTTP_COOKIE"]
