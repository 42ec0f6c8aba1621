"""What a learner does holds up no one else, and loses nothing that was written."""

import io
import json
import zipfile
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import translation

from amana import given
from amana.academy.assessment import actions as assessment
from amana.academy.assessment.models import HandIn
from amana.academy.courses import actions as courses
from amana.academy.courses.models import Enrolment
from amana.academy.courses.tests.courses import ASSIGNMENT, small_course
from amana.academy.installations import actions, sections, work_checking
from amana.academy.installations.models import PracticePlace
from amana.academy.sandboxes import processes, relay
from amana.errors import Refused
from amana.trust.access.models import Role, User
from amana.ui import once

from .conftest import CHECKS
from .test_views import SLUG


@pytest.mark.django_db(transaction=True)
def test_it_is_ended_in_no_transaction_and_stays_where_it_does_not_end(
    place: PracticePlace, learner: User, monkeypatch: Any
) -> None:
    in_one = []

    def stop(_folder: object) -> None:
        in_one.append(connection.in_atomic_block)
        raise processes.StillRunning

    monkeypatch.setattr(processes, "stop", stop)
    with pytest.raises(Refused, match="still at work"):
        actions.close(place.installation, by=learner)
    assert in_one == [False]
    place.installation.refresh_from_db()
    assert place.installation.forgotten_at is None
    assert place.installation.folder.path.exists()


def test_work_that_is_made_in_practice_is_not_handed_in_without_it(
    enrolment: Enrolment, learner: User
) -> None:
    with pytest.raises(Refused, match="made in a practice installation"):
        assessment.submit_work(
            enrolment, "m1", "A page, and a forged file.", by=learner
        )
    page = given.sign_in(learner).post(
        reverse("assessment:hand_in", args=[SLUG, "m1"]),
        once.make_form_key() | {"words": "A page."},
    )
    assert page.status_code == 409
    assert not HandIn.objects.exists()


def test_a_newer_version_of_the_course_is_made_in_the_same_place(
    place: PracticePlace, learner: User
) -> None:
    assignment = f"{ASSIGNMENT}{CHECKS}  - {{check: pathway}}\n"
    course = small_course(**{"modules/1-consent/assignment.yaml": assignment})
    newer = courses.publish_version(course, by=given.make_worker(role=Role.COORDINATOR))
    again = courses.begin_course(newer, by=learner)

    assert again != place.enrolment
    assert actions.find_place(again) == place
    with pytest.raises(Refused, match="already have"):
        actions.open_installation(again, by=learner)
    with pytest.raises(Refused, match="already have"):
        actions.join_installation(again, place.installation.joining_code, by=learner)


def test_handing_in_takes_its_turn(place: PracticePlace, learner: User) -> None:
    taken = 0
    while relay.AT_ONCE.acquire(blocking=False):
        taken += 1
    try:
        browser = given.sign_in(learner)
        page = browser.get(reverse("installations:hand_in", args=[SLUG, "m1"]))
    finally:
        for _turn in range(taken):
            relay.AT_ONCE.release()
    assert taken > 0
    assert page.status_code == 409
    assert "busy right now" in page.content.decode()


def test_words_are_there_again_where_the_installation_has_to_start(
    place: PracticePlace, learner: User, monkeypatch: Any
) -> None:
    def fetch(*_args: object, **_more: object) -> bytes:
        raise relay.NotAnswering

    monkeypatch.setattr(relay, "fetch", fetch)
    monkeypatch.setattr(processes, "ensure_running", lambda _sandbox: False)
    words = "What I have learned in an hour."
    page = given.sign_in(learner).post(
        reverse("installations:hand_in", args=[SLUG, "m1"]),
        once.make_form_key() | {"words": words, "check": "1"},
    )
    assert page.status_code == 503
    assert words in page.content.decode()


@pytest.mark.parametrize(
    "files",
    [
        {"practice.json": []},
        {"practice.json": {"format": "amana-practice-1"}, "contacts.json": [{}]},
        {"practice.json": {"format": "amana-practice-1"}, "contacts.json": 7},
    ],
)
def test_a_misshapen_bundle_is_refused_in_a_sentence(
    place: PracticePlace, learner: User, files: dict[str, object]
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as bundle:
        for name, content in files.items():
            bundle.writestr(name, json.dumps(content))
    with pytest.raises(Refused, match="can’t be read"):
        work_checking.check(place, "m1", packed.getvalue(), "", by=learner.pk)


def test_leaving_leads_to_its_page_in_the_course(
    place: PracticePlace, learner: User, colleague: User
) -> None:
    outside = place.installation.prefix.removesuffix("in")
    page = given.sign_in(learner).get(outside)
    assert page.headers["Location"] == reverse("installations:home", args=[SLUG])
    assert given.sign_in(colleague).get(outside).status_code == 404


def test_what_runs_and_sends_nothing_is_not_waited_for(
    place: PracticePlace, learner: User, monkeypatch: Any
) -> None:
    def fetch(*_args: object, **_more: object) -> bytes:
        raise relay.NotAnswering("/practice/made: 500")

    monkeypatch.setattr(relay, "fetch", fetch)
    monkeypatch.setattr(processes, "ensure_running", lambda _sandbox: True)
    page = given.sign_in(learner).get(
        reverse("installations:hand_in", args=[SLUG, "m1"])
    )
    assert page.status_code == 409
    assert "can’t be taken out" in page.content.decode()
    assert place.pk


def test_what_a_learner_wrote_is_not_translated() -> None:
    with translation.override("fr"):
        said = sections.format_finding(
            "The line “%(name)s” has no note.", {"name": "Law"}
        )
    assert "Law" in said
