"""The pages of sessions: each is there for its people, and for nobody else."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from amana.academy.sessions import actions, attendance, doors
from amana.academy.sessions.rooms import get_room
from amana.academy.sessions.tests.meeting import a_session
from amana.ui.once import make_form_key


def at(name, session, *more):
    return reverse(f"sessions:{name}", args=[session.pk, *more])


def test_a_poll_is_asked_answered_and_seen_without_a_script(
    open_room, inside, learner, trainer, browse
):
    leads, takes_part = browse(trainer), browse(learner)
    leads.post(at("do", open_room, "step"), make_form_key() | {"place": "1"})
    asked = leads.post(at("do", open_room, "ask"), make_form_key() | {"poll": "poll-1"})
    assert asked.url == at("lead", open_room)
    page = takes_part.get(at("room", open_room)).content.decode()
    assert "How sure are you?" in page
    said = takes_part.post(
        at("say", open_room, "answer"),
        make_form_key() | {"poll": "poll-1", "choice": "2"},
    )
    assert said.url == at("room", open_room)
    assert get_room(open_room.pk).polls["poll-1"].counts(3) == [0, 0, 1]
    assert 'aria-pressed="true"' in takes_part.get(said.url).content.decode()


@pytest.mark.parametrize(
    "name", ["session", "room", "invitation", "stream", "arrive", "here", "enter"]
)
def test_a_stranger_finds_no_session(session, stranger, browse, name):
    browser = browse(stranger)
    ask = browser.post if name in ("here", "enter") else browser.get
    assert ask(at(name, session), make_form_key()).status_code == 404


@pytest.mark.parametrize(
    "name",
    ["lead", "pack", "attendance", "door", "square", "change", "cancel"],
)
def test_a_learner_does_not_find_what_is_for_whoever_leads(
    session, learner, browse, name
):
    assert browse(learner).get(at(name, session)).status_code == 404


def test_every_page_of_whoever_leads_is_there(open_room, inside, trainer, browse):
    browser = browse(trainer)
    for name in ("session", "lead", "pack", "attendance", "door", "change", "cancel"):
        page = browser.get(at(name, open_room))
        assert page.status_code == 200, name
        assert len(page.content) < 60_000, name
        assert page.content.count(b"<h1") == 1, name
    assert b"<svg" in browser.get(at("square", open_room)).content
    assert "Amina" in browser.get(at("attendance", open_room)).content.decode()


def test_whoever_takes_part_sees_numbers_and_no_names(
    open_room, inside, learner, other, browse
):
    actions.enter_room(open_room, by=other)
    page = browse(learner).get(at("room", open_room)).content.decode()
    assert "Boris" not in page
    assert len(page) < 60_000
    told = b"".join(browse(learner).get(at("stream", open_room)).streaming_content)
    assert b'"here":2' in told
    assert b"Boris" not in told


def test_the_stream_tells_what_came_after_and_goes_on(
    open_room, inside, learner, browse
):
    browser = browse(learner)
    first = browser.get(at("stream", open_room))
    now = get_room(open_room.pk).number
    assert first["X-Goes-On"] == f"room {open_room.pk} {now}"
    actions.raise_hand(open_room, True, by=learner, id=uuid4())
    since = {"Last-Event-ID": str(now)}
    missed = browser.get(at("stream", open_room), headers=since)
    body = b"".join(missed.streaming_content).decode()
    assert body.endswith(f'id: {now + 1}\ndata: {{"hands":1}}\n\n')
    since = {"Last-Event-ID": str(now + 1)}
    nothing = browser.get(at("stream", open_room), headers=since)
    assert b"data" not in b"".join(nothing.streaming_content)


def test_a_number_of_very_many_digits_is_no_number(
    open_room, inside, learner, trainer, browse
):
    many = "1" * 5000
    leads, takes_part = browse(trainer), browse(learner)
    assert takes_part.get(at("stream", open_room), {"since": many}).status_code == 200
    assert takes_part.get(at("letters", open_room), {"after": many}).status_code == 200
    tries = [
        (takes_part, at("say", open_room, "answer"), "choice"),
        (leads, at("do", open_room, "step"), "place"),
        (leads, at("attendance", open_room), f"minutes-{learner.pk}"),
    ]
    for browser, to, name in tries:
        assert browser.post(to, make_form_key() | {name: many}).status_code == 409, name


def test_what_a_page_asks_for_by_itself_keeps_nobody_signed_in(
    open_room, inside, learner, browse
):
    browser = browse(learner)
    with time_machine.travel(timezone.now() + timedelta(minutes=5), tick=False):
        seen = browser.session["seen_at"]
        browser.get(at("stream", open_room))
        browser.post(at("here", open_room))
        assert browser.session["seen_at"] == seen
        browser.post(at("here", open_room), {"moved": "1"})
        assert browser.session["seen_at"] != seen


def test_who_saves_notes_second_sees_both_texts(
    open_room, inside, learner, trainer, browse
):
    actions.write_note(open_room, "all", "Theirs.", seen=0, by=trainer)
    browser, to = browse(learner), at("note", open_room, "all")
    page = browser.post(to, make_form_key() | {"text": "Mine.", "seen": "0"})
    assert page.status_code == 409
    assert "Theirs." in page.content.decode()
    assert "Mine." in page.content.decode()
    browser.post(to, make_form_key() | {"text": "Theirs. Mine.", "seen": "1"})
    assert open_room.notes.newest().text == "Theirs. Mine."


def test_the_notes_of_another_group_are_not_read(open_room, inside, learner, browse):
    to = at("note", open_room, "group-1-7")
    assert browse(learner).get(to).status_code == 404


def test_the_notes_of_an_earlier_group_are_not_read_by_the_next(
    open_room, inside, learner, other, trainer, browse
):
    actions.enter_room(open_room, by=other)
    actions.divide(open_room, 2, by=trainer, id=uuid4())
    actions.write_note(open_room, "group-1-1", "Ours alone", seen=0, by=learner)
    browser, to = browse(learner), at("note", open_room, "group-1-1")
    assert "Ours alone" in browser.get(at("room", open_room)).content.decode()
    assert browser.get(to).status_code == 200
    actions.divide(open_room, 2, by=trainer, id=uuid4())
    assert "Ours alone" not in browser.get(at("room", open_room)).content.decode()
    assert browser.get(to).status_code == 404


def test_a_session_is_planned_on_a_page_in_the_cohorts_own_time(
    cohort, trainer, browse
):
    cohort.time_zone = "Asia/Amman"
    cohort.save()
    to = reverse("sessions:plan", args=[cohort.pk])
    browser = browse(trainer)
    assert "Asia/Amman" in browser.get(to).content.decode()
    said = {
        "module": "m1",
        "day": "2027-03-01",
        "begins": "09:30",
        "minutes": "60",
        "mode": "in_person",
        "venue": "Hall 2",
        "video": "none",
    }
    browser.post(to, make_form_key() | said)
    session = cohort.sessions.get()
    assert session.starts_at.isoformat() == "2027-03-01T06:30:00+00:00"
    # Where the cohort is, and not where the server is.
    shown = browser.get(at("session", session)).content.decode()
    assert '<time datetime="2027-03-01T09:30:00+03:00"' in shown
    assert '09:30</time> <bdi dir="ltr">Asia/Amman</bdi>' in shown
    again = {"venue": "Hall 3", "seen": "0"}
    browser.post(at("change", session), make_form_key() | said | again)
    browser.post(at("cancel", session), make_form_key())
    session.refresh_from_db()
    assert (session.venue, session.sequence) == ("Hall 3", 2)
    assert session.cancelled_at
    wrong = browser.post(to, make_form_key() | said | {"video": "link"})
    assert wrong.status_code == 422


def test_an_old_form_does_not_move_a_session_back(session, trainer, browse):
    first, second = browse(trainer), browse(trainer)
    forms = [
        browser.get(at("change", session)).context["form"]
        for browser in (first, second)
    ]
    drawn = [
        {
            field.html_name: "" if field.value() is None else field.value()
            for field in form
        }
        for form in forms
    ]
    moved = drawn[0] | {"day": "2027-03-02"}
    assert first.post(at("change", session), make_form_key() | moved).status_code == 302
    mail.outbox.clear()
    late = second.post(
        at("change", session), make_form_key() | drawn[1] | {"venue": "Hall 9"}
    )
    assert late.status_code == 409
    assert "Someone else has just changed" in late.content.decode()
    session.refresh_from_db()
    assert session.starts_at.astimezone(session.cohort.zone).day == 2
    assert session.venue != "Hall 9"
    form = late.context["form"]
    assert form["venue"].value() == "Hall 9"
    assert set(form.errors) == {"__all__", "day", "venue"}
    assert not mail.outbox


def test_who_scans_the_square_has_come(session, learner, browse):
    browser = browse(learner)
    scanned = at("arrive", session) + f"?code={doors.compute_token(session)}"
    assert "Check in" in browser.get(scanned).content.decode()
    browser.post(
        at("arrive", session), make_form_key() | {"code": doors.compute_pin(session)}
    )
    assert session.events.get().verb == "arrived"


def test_nobody_tries_all_numbers(session, learner, browse):
    browser = browse(learner)
    said = [
        browser.post(at("arrive", session), make_form_key() | {"code": f"{number:06d}"})
        for number in range(12)
    ]
    assert "Too many tries" in said[-1].content.decode()


def test_a_paper_list_is_typed_in_at_once(session, learner, other, trainer, browse):
    browser = browse(trainer)
    said = {f"minutes-{learner.pk}": "30", f"minutes-{other.pk}": ""}
    browser.post(at("attendance", session), make_form_key() | said)
    minutes = {
        line.person: line.minutes for line in attendance.list_attendance(session)
    }
    assert minutes == {learner: 30, other: 0}


def test_captions_come_as_a_file_and_are_read_by_all(
    open_room, learner, trainer, browse
):
    file = SimpleUploadedFile("a.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n")
    to = at("add_captions", open_room)
    assert browse(trainer).get(to).status_code == 200
    browse(trainer).post(to, make_form_key() | {"language": "en", "file": file})
    text = browse(learner).get(at("captions", open_room, "en"))
    assert text["Content-Type"].startswith("text/vtt")
    assert b"Hello" in text.content
    missing = browse(learner).get(at("captions", open_room, "fr"))
    assert missing.status_code == 404


# --- calendars


def entries(blob):
    return Calendar.from_ical(blob).walk("VEVENT")


def test_a_calendar_program_keeps_one_entry_when_a_session_moves(
    session, learner, trainer, browse, client
):
    browse(learner).post(reverse("sessions:renew"), make_form_key())
    address = reverse("sessions:calendar", args=[learner.calendar_key.key])
    (before,) = entries(client.get(address).content)
    later = session.starts_at + timedelta(days=2)
    actions.change(
        session,
        seen=0,
        starts_at=later,
        ends_at=later + timedelta(hours=1),
        by=trainer,
    )
    (after,) = entries(client.get(address).content)
    assert before["UID"] == after["UID"]
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    assert after["DTSTART"].dt == later
    text = client.get(address).content.decode()
    assert trainer.name not in text
    assert learner.name not in text


def test_an_address_of_nobody_shows_nothing(client, db):
    assert client.get(reverse("sessions:calendar", args=[uuid4()])).status_code == 404


def test_my_sessions_are_asked_for_in_the_same_number_of_queries(
    cohort, learner, trainer, browse
):
    browser = browse(learner)
    many = [a_session(cohort, by=trainer) for _ in range(6)]
    with CaptureQueriesContext(connection) as six:
        page = browser.get(reverse("sessions:mine")).content.decode()
    assert page.count("Asking in pairs") >= len(many)
    for session in many[1:]:
        session.delete()
    with CaptureQueriesContext(connection) as alone:
        browser.get(reverse("sessions:mine"))
    assert len(six) == len(alone)
