"""Who attended, and for how long."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from amana.academy.courses import sections
from amana.academy.sessions import actions, attendance, doors
from amana.academy.sessions.engine import minutes
from amana.academy.sessions.models import Participant
from amana.academy.sessions.tests.meeting import a_session
from amana.errors import Refused

from .calendars import recorded


def test_minutes_are_counted_from_coming_to_leaving(session, learner, trainer):
    with time_machine.travel(session.starts_at, tick=False) as clock:
        actions.open_room(session, by=trainer, id=uuid4())
        clock.shift(timedelta(minutes=5))
        actions.enter_room(session, by=learner)
        for _minute in range(20):
            clock.shift(timedelta(minutes=1))
            actions.record_presence(session, by=learner)
        actions.leave(session, by=learner)
        clock.shift(timedelta(hours=2))
        (came,) = attendance.list_attendance(session)
    assert (came.minutes, came.ways) == (20, {"joined"})


def test_who_vanishes_was_there_until_last_heard_of(session, learner, other, trainer):
    with time_machine.travel(session.starts_at, tick=False) as clock:
        actions.open_room(session, by=trainer, id=uuid4())
        actions.enter_room(session, by=learner)
        actions.enter_room(session, by=other)
        clock.shift(timedelta(minutes=1))
        actions.record_presence(session, by=learner)
        actions.record_presence(session, by=other)
        clock.shift(timedelta(minutes=10))
        actions.record_presence(session, by=other)  # back from a tunnel
        assert not Participant.objects.get(person=learner).present
        assert Participant.objects.get(person=other).present
        clock.shift(timedelta(minutes=3))
        lines = {
            line.person: line.minutes for line in attendance.list_attendance(session)
        }
    assert lines[learner] == 1
    assert lines[other] == 1  # and what came after, once heard of again


def test_the_code_at_the_door_counts_to_the_end(session, learner):
    with time_machine.travel(session.starts_at, tick=False) as clock:
        clock.shift(timedelta(minutes=10))
        actions.arrive(session, doors.compute_pin(session), by=learner)
        actions.arrive(session, doors.compute_token(session), by=learner)
        clock.shift(timedelta(hours=3))
        (came,) = attendance.list_attendance(session)
    assert (came.minutes, came.ways) == (50, {"arrived"})
    assert recorded("arrived at session") == 1


def test_an_old_code_opens_nothing(session, cohort, learner, trainer):
    old = doors.compute_pin(session, timezone.now() - timedelta(minutes=5))
    elsewhere = doors.compute_token(a_session(cohort, by=trainer))
    for code in (old, elsewhere, "", "000"):
        with pytest.raises(Refused, match="no longer valid"):
            actions.arrive(session, code, by=learner)


def test_a_paper_list_is_typed_in_and_corrected(session, learner, stranger, trainer):
    actions.list_on_paper(session, learner, 40, by=trainer, id=uuid4())
    actions.list_on_paper(session, learner, 45, by=trainer, id=uuid4())
    (came,) = attendance.list_attendance(session)
    assert (came.minutes, came.ways, came.listed) == (45, {"listed"}, 45)
    with pytest.raises(Refused, match="did not last that long"):
        actions.list_on_paper(session, learner, 90, by=trainer, id=uuid4())
    with pytest.raises(Refused, match="no place"):
        actions.list_on_paper(session, stranger, 10, by=trainer, id=uuid4())


@pytest.mark.parametrize(("minutes", "modules"), [(39, set()), (40, {"m1"})])
def test_who_was_there_for_most_of_it_has_attended(
    session, learner, trainer, minutes, modules
):
    actions.list_on_paper(session, learner, minutes, by=trainer, id=uuid4())
    assert sections.list_attended(learner.enrolments.get()) == modules


def test_ones_own_minutes_are_counted_without_reading_what_others_did(
    session, learner, other, trainer, monkeypatch
):
    with time_machine.travel(session.starts_at, tick=False) as clock:
        actions.open_room(session, by=trainer, id=uuid4())
        actions.enter_room(session, by=other)
        actions.arrive(session, doors.compute_pin(session), by=learner)
        for up in (True, False) * 3:
            actions.raise_hand(session, up, by=other, id=uuid4())
        clock.shift(timedelta(minutes=45))
        actions.close_room(session, by=trainer, id=uuid4())
        clock.shift(timedelta(hours=2))
        lines = {
            line.person: line.minutes for line in attendance.list_attendance(session)
        }
        assert lines[learner] == 45  # to when the room was closed, not to the end

        read, count = [], minutes.compute_stays

        def reading(events, **said):
            read.extend(events)
            return count(events, **said)

        monkeypatch.setattr(minutes, "compute_stays", reading)
        assert sections.list_attended(learner.enrolments.get()) == {"m1"}
    assert [event.verb for event in read] == ["arrived", "closed"]
