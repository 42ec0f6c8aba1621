"""Seeing each other: letters within a group, and another server's meeting."""

from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from amana.academy.sessions import actions
from amana.academy.sessions.bigbluebutton import fetch_answer
from amana.academy.sessions.engine.room_state import list_changes
from amana.academy.sessions.models import CallSignal, Session
from amana.academy.sessions.rooms import get_room
from amana.academy.sessions.tests.meeting import a_learner
from amana.errors import Refused
from amana.ui.once import make_form_key

SECRET = "a secret of two servers"


@pytest.fixture
def pair(open_room, cohort, trainer):
    """Two of four people who are in one group, and one of another."""
    Session.objects.filter(pk=open_room.pk).update(video="mesh")
    open_room.refresh_from_db()
    people = [a_learner(cohort) for _ in range(4)]
    seats = [actions.enter_room(open_room, by=person) for person in people]
    actions.divide(open_room, 2, by=trainer, id=uuid4())
    room = get_room(open_room.pk)
    by_group = sorted(
        zip(people, seats, strict=True),
        key=lambda one: room.group_of(one[1].number) != room.group_of(seats[0].number),
    )
    return by_group[:3]


def letters(browser, session, after=0):
    to = reverse("sessions:letters", args=[session.pk])
    return browser.get(to, {"after": after}).json()["letters"]


def test_a_letter_reaches_its_seat_and_nobody_else(open_room, pair, browse):
    (one, seat), (two, other), (third, _elsewhere) = pair
    to = reverse("sessions:letters", args=[open_room.pk])
    said = {"to": str(other.number), "text": '{"is": "hello"}'}
    assert browse(one).post(to, make_form_key() | said).status_code == 204
    ((number, sender, text),) = letters(browse(two), open_room)
    assert (sender, text) == (seat.number, '{"is": "hello"}')
    assert letters(browse(two), open_room, after=number) == []
    assert letters(browse(one), open_room) == letters(browse(third), open_room) == []
    room = get_room(open_room.pk)
    assert list_changes(room, {}, room.number - 1) == {
        f"call-{other.number}": room.number
    }
    assert "hello" not in str(open_room.events.order_by("number").last().data)


def test_letters_without_end_are_held_up(open_room, pair, browse, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"letter": "2/m/user"}
    (one, _seat), (_two, other), _third = pair
    to, said = reverse("sessions:letters", args=[open_room.pk]), {"to": other.number}
    browser = browse(one)
    answers = [
        browser.post(to, make_form_key() | said | {"text": "hello"}) for _time in "123"
    ]
    assert [answer.status_code for answer in answers] == [204, 204, 429]
    assert CallSignal.objects.count() == 2


def test_nobody_rings_out_of_their_group(open_room, pair, trainer):
    (one, seat), _second, (_third, elsewhere) = pair
    for number in (elsewhere.number, seat.number, 99):
        with pytest.raises(Refused, match="not in your group"):
            actions.send_signal(open_room, number, "{}", by=one, id=uuid4())
    actions.gather(open_room, by=trainer, id=uuid4())
    with pytest.raises(Refused, match="no calls"):
        actions.send_signal(open_room, elsewhere.number, "{}", by=one, id=uuid4())


def test_letters_are_gone_after_minutes(open_room, pair):
    (one, _seat), (_two, other), _third = pair
    actions.send_signal(open_room, other.number, "first", by=one, id=uuid4())
    with time_machine.travel(timezone.now() + 2 * CallSignal.KEPT_FOR):
        actions.send_signal(open_room, other.number, "second", by=one, id=uuid4())
    assert [letter.text for letter in CallSignal.objects.all()] == ["second"]


# --- BigBlueButton


class Stub(BaseHTTPRequestHandler):
    """Answers as the documentation says: by the checksum over the query as it came."""

    asked: list[dict[str, list[str]]] = []

    def do_GET(self):
        parts = urlsplit(self.path)
        query, _, checksum = parts.query.rpartition("&checksum=")
        right = sha256(f"create{query}{SECRET}".encode()).hexdigest() == checksum
        self.asked.append(parse_qs(query))
        code = "SUCCESS" if right else "FAILED"
        self.send_response(200)
        self.end_headers()
        said = f"<response><returncode>{code}</returncode></response>"
        self.wfile.write(said.encode())

    def log_message(self, *_words):
        """Quietly."""


@pytest.fixture
def bigbluebutton(session, settings):
    Stub.asked = []
    server = HTTPServer(("127.0.0.1", 0), Stub)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.BIGBLUEBUTTON_URL = f"http://127.0.0.1:{server.server_port}/api"
    settings.BIGBLUEBUTTON_SECRET = SECRET
    Session.objects.filter(pk=session.pk).update(video="bbb")
    yield reverse("sessions:video", args=[session.pk])
    server.shutdown()
    server.server_close()


def test_a_click_leads_into_the_meeting_under_a_number(
    bigbluebutton, inside, learner, trainer, browse
):
    to = urlsplit(browse(learner).get(bigbluebutton).url)
    said = parse_qs(to.query)
    assert to.path == "/api/join"
    assert (said["fullName"], said["role"]) == (["1"], ["VIEWER"])
    assert Stub.asked[0]["record"] == ["false"]
    leading = parse_qs(urlsplit(browse(trainer).get(bigbluebutton).url).query)
    assert leading["role"] == ["MODERATOR"]


def test_a_server_that_does_not_agree_is_told_of_in_words(
    bigbluebutton, inside, learner, browse, settings
):
    settings.BIGBLUEBUTTON_SECRET = "another"
    assert browse(learner).get(bigbluebutton).status_code == 409
    settings.BIGBLUEBUTTON_URL = "http://127.0.0.1:1/api"
    page = browse(learner).get(bigbluebutton)
    assert "can’t be reached" in page.content.decode()


def test_a_session_without_it_has_no_such_page(session, learner, browse):
    to = reverse("sessions:video", args=[session.pk])
    assert browse(learner).get(to).status_code == 404


class Elsewhere(Stub):
    """Leads to somewhere else, inside perhaps."""

    def do_GET(self):
        self.asked.append({"path": [self.path]})
        self.send_response(302)
        self.send_header("Location", "/inside")
        self.end_headers()


def test_no_redirect_of_it_is_followed(settings):
    Stub.asked = []
    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    Thread(target=server.serve_forever, daemon=True).start()

    said = fetch_answer(f"http://127.0.0.1:{server.server_port}/api/create?x=1")

    server.shutdown()
    server.server_close()
    assert said == b""
    assert [request["path"] for request in Stub.asked] == [["/api/create?x=1"]]


def test_the_room_alone_may_use_camera_and_microphone(open_room, pair, browse):
    """Of this page; the browser still asks before anything begins."""
    ((person, _seat), *_rest) = pair
    room = browse(person).get(reverse("sessions:room", args=[open_room.pk]))
    assert "camera=(self), " in room.headers["Permissions-Policy"]
    assert "microphone=(self), " in room.headers["Permissions-Policy"]
    assert "geolocation=(), " in room.headers["Permissions-Policy"]
    said = browse(person).get(reverse("sessions:letters", args=[open_room.pk]))
    assert "camera=(), " in said.headers["Permissions-Policy"]
