"""Pages that are kept name nobody, and what a device tells is taken once."""

import json
import re
from uuid import uuid4

import pytest
from django.urls import reverse

from amana import given
from amana.academy.courses import actions as learning
from amana.academy.courses.learner_progress import load_progress
from amana.academy.courses.models import Attempt, Event
from amana.academy.courses.tests.courses import RIGHT, spoilt
from amana.academy.courses.tests.test_actions import map_to_page

LIMIT = 60_000


def get(user, name, *args, language="en"):
    url = reverse(f"offline:{name}", args=args)
    return given.sign_in(user).get(url, headers={"accept-language": language})


def send(user, version, events):
    body = json.dumps({"version": version.sha256, "events": events})
    url = reverse("offline:told")
    return given.sign_in(user).post(url, body, content_type="application/json")


def states(response):
    assert response.status_code == 200, response.status_code
    return [result["state"] for result in response.json()["results"]]


def kept_pages(version):
    place = [version.pk, "en", "m1"]
    return [
        ("module", place),
        ("lesson", [*place, "01-asking-first"]),
        ("lesson", [*place, "02-a-case"]),
        ("kept", []),
    ]


def test_kept_pages_are_the_same_for_everybody(enrolment, learner, stranger, version):
    learning.begin_course(version, by=stranger)
    learning.record_read_lesson(enrolment, "m1/01-asking-first", by=learner, id=uuid4())

    for name, place in kept_pages(version):
        mine, theirs = get(learner, name, *place), get(stranger, name, *place)
        assert mine.status_code == 200, name
        assert mine.content == theirs.content
        assert learner.name not in mine.content.decode()
        assert len(mine.content) < LIMIT


def test_what_was_kept_before_answers_as_the_academy_does(enrolment, learner, version):
    shown = get(learner, "lesson", version.pk, "en", "m1", "01-asking-first")

    words = shown.content.decode()
    assert "Yes. This service alone." in words
    assert "csrf" not in words
    assert "http://" not in words.replace("http://www.w3.org", "")


def test_of_a_test_only_what_was_drawn_is_kept_and_not_what_is_right(
    enrolment, learner, version
):
    place = (version.pk, "en", "m1")
    assert get(learner, "test", *place).status_code == 404  # none was begun
    listed = get(learner, "list", *place).json()
    assert not [url for url in listed["pages"] if "/test/" in url]
    url = reverse("offline:attempt", args=["small", "m1"])
    drawn = given.sign_in(learner).post(url).json()["drawn"]

    test = get(learner, "test", *place).content.decode()
    assert re.findall('data-drawn="([^"]*)"', test) == drawn
    assert len(drawn) == 20
    assert len(test.encode()) < LIMIT
    for hint in ("data-marks", "reason", "Whom to ask differs", '"right"'):
        assert hint not in test
    listed = get(learner, "list", *place).json()
    assert [url for url in listed["pages"] if "/test/" in url]


def test_a_module_is_kept_without_its_test_while_it_cant_be_begun(
    attempt, enrolment, learner, version
):
    learning.submit_test(attempt, {}, by=learner, id=uuid4())
    url = reverse("offline:attempt", args=["small", "m1"])

    told = given.sign_in(learner).post(url).json()
    assert set(told) == {"owner"}
    assert get(learner, "test", version.pk, "en", "m1").status_code == 404
    assert Attempt.objects.count() == 1


def test_what_is_not_translated_is_said(enrolment, learner, version):
    shown = get(learner, "lesson", version.pk, "fr", "m1", "02-a-case")

    assert 'lang="fr"' in shown.content.decode()
    assert "English" in shown.content.decode()


def test_strangers_find_nothing(enrolment, stranger, outsider, version):
    place = [version.pk, "en", "m1"]
    for person in (stranger, outsider):
        for name, where in [
            *kept_pages(version)[:-1],
            ("list", place),
            ("keep", ["small", "m1"]),
            ("bundle", ["small"]),
        ]:
            assert get(person, name, *where).status_code == 404, name
        url = reverse("offline:attempt", args=["small", "m1"])
        assert given.sign_in(person).post(url).status_code == 404


@pytest.mark.parametrize(
    "place",
    [
        ("module", ["en", "m9"]),
        ("module", ["xx", "m1"]),
        ("lesson", ["en", "m1", "99-no"]),
        ("list", ["en", "m9"]),
    ],
)
def test_what_is_not_there_is_not_found(enrolment, learner, version, place):
    name, where = place
    assert get(learner, name, version.pk, *where).status_code == 404


def test_all_that_is_kept_can_be_brought(enrolment, learner, version):
    learning.begin_test(enrolment, "m1", by=learner)
    listed = get(learner, "list", version.pk, "en", "m1").json()

    browser = given.sign_in(learner)
    pages = [url for url in listed["pages"] if not url.startswith("/static/")]
    assert len(pages) == 5  # the module, two lessons, the test, a figure
    for url in pages:
        assert browser.get(url).status_code == 200, url


def test_a_test_that_is_online_only_is_not_kept(coordinator, learner):
    name = "modules/1-consent/test.yaml"
    files = spoilt(name, "draw: 20", "online_only: true\ndraw: 20")
    version = learning.publish_version(files, by=coordinator)
    learning.begin_course(version, by=learner)

    assert get(learner, "test", version.pk, "en", "m1").status_code == 404
    listed = get(learner, "list", version.pk, "en", "m1").json()
    assert not [url for url in listed["pages"] if "/test/" in url]
    url = reverse("offline:attempt", args=["small", "m1"])
    assert "drawn" not in given.sign_in(learner).post(url).json()
    assert not Attempt.objects.exists()


def test_the_worker_answers_for_kept_pages_alone(enrolment, learner):
    response = get(learner, "worker")

    assert response.headers["Content-Type"].startswith("text/javascript")
    assert "Service-Worker-Allowed" not in response.headers
    assert response.request["PATH_INFO"].startswith(reverse("offline:kept"))


def test_only_the_page_for_keeping_may_start_a_worker(enrolment, learner, version):
    def policy(response):
        return response.headers["Content-Security-Policy"]

    assert "worker-src 'self'" in policy(get(learner, "keep", "small", "m1"))
    assert "worker-src 'none'" in policy(get(learner, "bring"))
    place = [version.pk, "en", "m1"]
    assert "worker-src 'none'" in policy(get(learner, "module", *place))


# --- sending


def test_a_device_sends_and_is_told_of_each_thing(enrolment, learner, version):
    url = reverse("offline:attempt", args=["small", "m1"])
    drawn = given.sign_in(learner).post(url).json()
    begun = Attempt.objects.get()
    places = map_to_page(begun, {name: RIGHT[name] for name in drawn["drawn"]})
    events = [
        {"id": str(uuid4()), "verb": "read", "object": "m1/02-a-case"},
        {"id": str(uuid4()), "verb": "answered", "object": "m1-q01", "given": [1]},
        {
            "id": str(uuid4()),
            "verb": "submitted",
            "object": "m1",
            "attempt": drawn["attempt"],
            "places": places,
        },
        {"id": str(uuid4()), "verb": "answered", "object": "m1-q01", "given": [9]},
        {"id": str(uuid4()), "verb": "read", "object": "m9/elsewhere"},
        {"id": "no number", "verb": "read", "object": "m1/02-a-case"},
    ]
    expected = ["taken", "taken", "taken", "refused", "refused", "refused"]

    assert states(send(learner, version, events)) == expected
    again = send(learner, version, events)
    assert states(again) == ["known"] * 3 + ["refused"] * 3
    whys = [result["why"] for result in again.json()["results"]]
    assert all(whys[3:])
    assert Event.objects.count() == 3
    assert load_progress(enrolment).modules[0].passed


def test_places_in_the_file_are_refused_and_not_read_as_places_on_the_page(
    attempt, enrolment, learner, version
):
    # So a page reported them that was kept when questions still stood in the file’s
    # order; read as places on the page they would be marked wrong.
    event = {"id": str(uuid4()), "verb": "submitted", "object": "m1"}
    reported = event | {"attempt": attempt.pk, "answers": {"m1-q01": [0]}}

    assert states(send(learner, version, [reported])) == ["refused"]
    attempt.refresh_from_db()
    assert attempt.submitted_at is None


def test_what_cant_be_read_is_refused_one_by_one(enrolment, learner, version):
    torn: list[object] = [
        None,
        7,
        [],
        {},
        {"id": str(uuid4())},
        {"id": 5, "verb": "read"},
    ]
    torn += [{"id": str(uuid4()), "verb": "answered", "object": "m1-q01"}]
    torn += [{"id": str(uuid4()), "verb": "submitted", "attempt": 1, "places": 1}]

    assert states(send(learner, version, torn)) == ["refused"] * len(torn)
    assert not Event.objects.exists()


@pytest.mark.parametrize("body", ["", "[]", "{", '{"version": 1}', "[" * 5000])
def test_what_is_no_list_is_a_bad_request(enrolment, learner, body):
    url = reverse("offline:told")
    browser = given.sign_in(learner)

    assert browser.post(url, body, content_type="application/json").status_code == 400


def test_of_a_version_that_nobody_began_nothing_is_taken(version, learner):
    event = {"id": str(uuid4()), "verb": "read", "object": "m1/02-a-case"}

    [result] = send(learner, version, [event]).json()["results"]

    assert result["state"] == "refused"
    assert "not begun" in result["why"]


def test_nobody_hands_in_the_test_of_somebody_else(
    attempt, enrolment, stranger, version
):
    learning.begin_course(version, by=stranger)
    event = {"id": str(uuid4()), "verb": "submitted", "attempt": attempt.pk}

    sent = send(stranger, version, [event | {"object": "m1", "places": {}}])

    assert states(sent) == ["refused"]
    attempt.refresh_from_db()
    assert attempt.submitted_at is None


def test_two_people_of_one_device_are_told_apart(learner, stranger):
    owners = [get(person, "enter").json()["owner"] for person in (learner, stranger)]

    assert len(set(owners)) == 2
    assert get(learner, "enter").json()["owner"] == owners[0]


# --- bringing a file


def brought(user, content):
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("progress.json", content)
    url = reverse("offline:bring")
    return given.sign_in(user).post(url, {"file": file})


def progress(version, *events):
    parts = [{"version": version.sha256, "events": list(events)}]
    return json.dumps({"format": 1, "progress": parts}).encode()


def test_a_file_is_brought_once_however_often(enrolment, learner, version):
    event = {"id": str(uuid4()), "verb": "read", "object": "m1/02-a-case"}

    first = brought(learner, progress(version, event))
    second = brought(learner, progress(version, event, {"id": "torn"}))

    assert "New: 1" in first.content.decode()
    assert "Already here: 1" in second.content.decode()
    assert "Not accepted: 1" in second.content.decode()
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"\xff\xfe", b'{"format": 2}', b'{"format": 1, "progress": [1]}'],
)
def test_what_is_no_progress_is_told_in_words(enrolment, learner, content):
    response = brought(learner, content)

    assert response.status_code == 422
    assert not Event.objects.exists()


def test_the_page_of_a_module_leads_to_keeping_it(enrolment, learner):
    url = reverse("courses:module", args=["small", "m1"])
    shown = given.sign_in(learner).get(url).content.decode()

    assert reverse("offline:keep", args=["small", "m1"]) in shown
    assert reverse("offline:bundle", args=["small"]) in shown
