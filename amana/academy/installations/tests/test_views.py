"""Who sees a practice installation, what reaches it, and what is taken out of it."""

import io
import json
import zipfile
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from django.urls import reverse

from amana import given
from amana.academy.assessment import actions as assessment
from amana.academy.assessment.models import HandIn
from amana.academy.courses.models import Enrolment
from amana.academy.installations import actions, work_checking
from amana.academy.installations.engine.practice_work import FORMAT
from amana.academy.installations.models import PracticeInstallation, PracticePlace
from amana.academy.sandboxes import processes
from amana.design.mechanism.models import Version
from amana.sandbox.server import UnixServer
from amana.trust.access.models import Role, User
from amana.ui import once

SLUG = "small"
CONTACTS = [
    {"name": f"Line {n}", "number": f"10{n}", "when": "any", "note": "Day and night"}
    for n in range(7)
]


def pack_zip(files: dict[str, Any]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        for name, said in files.items():
            packed.writestr(name, json.dumps(said))
    return content.getvalue()


class Inside:
    """A process that answers for the installation, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.status = "200 OK"
        self.made = pack_zip({"practice.json": {"format": FORMAT}})

    def hold(self, **files: Any) -> None:
        named = {f"{name}.json": said for name, said in files.items()}
        self.made = pack_zip({"practice.json": {"format": FORMAT}} | named)

    def __call__(self, environ: Any, start: Any) -> list[bytes]:
        self.asked.append({k: v for k, v in environ.items() if isinstance(v, str)})
        start(self.status, [("Content-Type", "application/zip")])
        return [self.made]


@pytest.fixture
def inside(place: PracticePlace) -> Iterator[Inside]:
    answers = Inside()
    server = UnixServer(place.installation.folder.socket, answers)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield answers
    server.shutdown()
    server.threads.shutdown()
    server.server_close()


def get(user: User, name: str, *args: object) -> Any:
    return given.sign_in(user).get(reverse(f"installations:{name}", args=args))


def post(user: User, name: str, *args: object, **data: str) -> Any:
    to = reverse(f"installations:{name}", args=args)
    return given.sign_in(user).post(to, data | once.make_form_key(), follow=True)


# --- one's own


def test_it_is_opened_joined_left_and_closed_by_its_pages(
    enrolment: Enrolment,
    colleagues_enrolment: Enrolment,
    learner: User,
    colleague: User,
    var: object,
) -> None:
    assert "Open a practice installation" in get(learner, "home", SLUG).content.decode()
    page = post(learner, "open", SLUG).content.decode()
    found = PracticeInstallation.objects.get()
    assert found.joining_code in page
    joined = post(colleague, "join", SLUG, code=found.joining_code).content.decode()
    assert "You and 1 other person" in joined
    assert found.joining_code not in joined
    assert "Open a practice" in post(colleague, "leave", SLUG).content.decode()
    assert get(learner, "close", SLUG).status_code == 200
    assert "is closed" in post(learner, "close", SLUG).content.decode()
    assert not found.folder.path.exists()


def test_an_assignment_leads_to_the_page_where_it_is_made(
    place: PracticePlace, learner: User
) -> None:
    there = reverse("courses:assignment", args=[SLUG, "m1"])
    page = given.sign_in(learner).get(there).content.decode()
    assert f'href="{place.installation.prefix}/mechanism/"' in page
    assert "Emergency lines, by day and by night" in page
    assert "Open it in Amana" not in page


def test_the_academy_leads_to_it(place: PracticePlace, learner: User) -> None:
    assert place.pk
    page = given.sign_in(learner).get(reverse("courses:home")).content.decode()
    assert reverse("installations:home", args=[SLUG]) in page


# --- the way in


def test_a_learner_goes_in_by_their_own_account_and_no_one_else_does(
    place: PracticePlace, inside: Inside, learner: User, colleague: User
) -> None:
    pk = place.installation_id
    assert get(learner, "enter", pk).status_code == 200
    assert inside.asked[-1]["HTTP_AMANA_ACCOUNT"] == "learner-1"
    coordinator = given.make_worker(role=Role.COORDINATOR)
    for stranger in (colleague, coordinator):
        assert get(stranger, "enter", pk).status_code == 404
        assert get(stranger, "progress", pk).status_code == 404
    assert len(inside.asked) == 1


def test_while_it_starts_a_page_shows_how_far_it_is(
    place: PracticePlace, learner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[object] = []
    monkeypatch.setattr(processes, "start", started.append)
    place.installation.folder.write_progress("Services", 3, 8)
    page = get(learner, "enter", place.installation_id)
    assert "3 of 8" in page.content.decode()
    assert len(started) == 1
    page = get(learner, "hand_in", SLUG, "m1")
    assert "3 of 8" in page.content.decode()


def test_it_leads_on_to_pages_of_its_own_alone(
    place: PracticePlace, inside: Inside, learner: User
) -> None:
    assert inside.asked == []
    browser = given.sign_in(learner)
    to = reverse("installations:progress", args=[place.installation_id])
    mine = reverse("installations:hand_in", args=[SLUG, "m1"])
    desk = work_checking.build_inside_url(place, "")
    for wanted, leads in (
        (mine, mine),
        ("https://elsewhere.example/", desk),
        ("/cases/", desk),
        ("", desk),
    ):
        answer = browser.get(to, {"then": wanted})
        assert answer.headers["HX-Redirect"] == leads


# --- handing in


def test_what_was_made_is_checked_and_each_check_says_what_to_do(
    place: PracticePlace, inside: Inside, learner: User
) -> None:
    inside.hold(contacts=CONTACTS[:4])
    page = get(learner, "hand_in", SLUG, "m1").content.decode()
    assert "Emergency lines entered: 4 of 7." in page
    assert "comes with it: 0 of 5" in page
    asked = inside.asked[-1]
    assert asked["HTTP_AMANA_ACCOUNT"] == "learner-1"
    assert (asked["PATH_INFO"], asked["QUERY_STRING"]) == (
        "/practice/made",
        "part=contacts",
    )
    inside.hold(contacts=CONTACTS)
    words = "I am here for you."
    page = post(learner, "hand_in", SLUG, "m1", check="1", words=words)
    assert "Not met yet" not in page.content.decode()
    assert words in page.content.decode()
    assert not HandIn.objects.exists()
    assert place.pk


def test_it_is_handed_in_as_what_it_is_and_marked_by_people(
    place: PracticePlace, inside: Inside, learner: User
) -> None:
    inside.hold(contacts=CONTACTS)
    words = "I am here for you."
    page = post(learner, "hand_in", SLUG, "m1", hand_in="1", words=words)
    assert "What machines checked" in page.content.decode()
    work = HandIn.objects.get()
    (made,) = work.files.all()
    assert bytes(made.content) == inside.made
    assert (made.name, made.kind) == (assessment.MADE, assessment.MADE_KIND)

    coordinator = given.unlock_user(given.make_worker(role=Role.COORDINATOR))
    assessor = given.unlock_user(given.make_worker())
    assessment.appoint(assessor, by=coordinator)
    marks = given.sign_in(assessor)
    page = marks.get(reverse("assessment:work", args=[work.pk])).content.decode()
    assert "Emergency lines entered: 7; some answer at night." in page
    file = marks.get(reverse("assessment:file", args=[work.pk, made.pk]))
    assert file.getvalue() == inside.made
    assessment.take_work(work, by=assessor)
    page = marks.get(reverse("assessment:judge", args=[work.pk])).content.decode()
    assert "What machines checked" in page
    assert f"file:{made.pk}" in page
    assert place.pk


def test_work_that_a_check_did_not_find_whole_can_be_handed_in(
    place: PracticePlace, inside: Inside, learner: User
) -> None:
    page = post(learner, "hand_in", SLUG, "m1", hand_in="1", words="")
    assert "Emergency lines entered: 0 of 7" in page.content.decode()
    assert HandIn.objects.count() == 1
    assert (place.pk, len(inside.asked)) == (place.pk, 1)


@pytest.mark.parametrize("made", [b"", b"PK no zip", pack_zip({"practice.json": {}})])
def test_what_is_no_work_is_refused(
    place: PracticePlace, inside: Inside, learner: User, made: bytes
) -> None:
    inside.made = made
    page = get(learner, "hand_in", SLUG, "m1")
    assert page.status_code == 409
    assert "can’t be read" in page.content.decode()
    assert place.pk


def test_what_is_too_large_is_refused(
    place: PracticePlace,
    inside: Inside,
    learner: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(work_checking, "MOST_BYTES", 10)
    page = get(learner, "hand_in", SLUG, "m1")
    assert page.status_code == 409
    assert "is larger than" in page.content.decode()
    assert (place.pk, len(inside.asked)) == (place.pk, 1)


def test_nothing_of_it_is_loaded_here(
    place: PracticePlace, inside: Inside, learner: User
) -> None:
    """A mechanism that is handed in is read by a process of its own, and stays a
    file."""
    inside.hold(contacts=CONTACTS, mechanism={"state": "draft", "number": 2})
    post(learner, "hand_in", SLUG, "m1", hand_in="1", words="")
    assert not Version.objects.exists()
    assert place.pk


def test_others_hand_in_nothing_from_it(
    place: PracticePlace, inside: Inside, colleague: User
) -> None:
    assert get(colleague, "hand_in", SLUG, "m1").status_code == 404
    assert (place.pk, inside.asked) == (place.pk, [])


def test_a_module_without_checks_is_not_made_in_practice(
    place: PracticePlace, inside: Inside, learner: User
) -> None:
    assert get(learner, "hand_in", SLUG, "m2").status_code == 404
    assert actions.find_place(place.enrolment) == place
    assert inside.asked == []
