"""What a trainer and learners do in the room of a session."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from amana.academy.sessions import actions
from amana.academy.sessions.engine.room_state import list_changes
from amana.academy.sessions.models import RoomEvent
from amana.academy.sessions.rooms import get_room
from amana.academy.sessions.tests.meeting import a_learner
from amana.errors import Changed, Refused
from amana.trust.access.rules import Denied


def test_nobody_comes_in_before_it_is_open(session, learner):
    with pytest.raises(Refused, match="not open yet"):
        actions.enter_room(session, by=learner)


def test_a_stranger_does_not_come_in(open_room, stranger):
    with pytest.raises(Denied):
        actions.enter_room(open_room, by=stranger)


def test_whoever_comes_in_is_a_number(inside, open_room, other):
    second = actions.enter_room(open_room, by=other)
    assert (inside.number, second.number) == (1, 2)
    assert get_room(open_room.pk).present == {1, 2}
    assert "Learner" not in str(list_changes(get_room(open_room.pk), {}))


def test_an_answer_sent_twice_counts_once(inside, open_room, learner, trainer):
    actions.ask(open_room, "poll-1", by=trainer, id=uuid4())
    key = uuid4()
    for _time in range(3):
        actions.answer_poll(open_room, "poll-1", 2, by=learner, id=key)
    assert RoomEvent.objects.filter(pk=key).count() == 1
    actions.raise_hand(open_room, True, by=learner, id=uuid4())
    numbers = list(open_room.events.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert get_room(open_room.pk).polls["poll-1"].counts(3) == [0, 0, 1]
    with pytest.raises(Refused, match="Something else"):
        actions.answer_poll(open_room, "poll-1", 1, by=learner, id=key)


def test_one_may_change_ones_mind_while_it_is_asked(
    inside, open_room, learner, trainer
):
    actions.ask(open_room, "poll-1", by=trainer, id=uuid4())
    actions.answer_poll(open_room, "poll-1", 2, by=learner, id=uuid4())
    actions.answer_poll(open_room, "poll-1", 0, by=learner, id=uuid4())
    actions.stop_asking(open_room, "poll-1", by=trainer, id=uuid4())
    assert get_room(open_room.pk).polls["poll-1"].counts(3) == [1, 0, 0]
    with pytest.raises(Refused, match="not open for answers"):
        actions.answer_poll(open_room, "poll-1", 1, by=learner, id=uuid4())


@pytest.mark.parametrize(("poll", "choice"), [("poll-9", 0), ("poll-1", 3)])
def test_what_is_no_answer_is_refused(
    inside, open_room, learner, trainer, poll, choice
):
    actions.ask(open_room, "poll-1", by=trainer, id=uuid4())
    with pytest.raises(Refused, match="not an answer"):
        actions.answer_poll(open_room, poll, choice, by=learner, id=uuid4())


def test_hands_and_pace_are_counted_and_go_with_their_people(
    inside, open_room, learner
):
    actions.raise_hand(open_room, True, by=learner, id=uuid4())
    actions.signal_pace(open_room, "slower", by=learner, id=uuid4())
    said = list_changes(get_room(open_room.pk), {})
    assert (said["hands"], said["pace"], said["here"]) == (1, [1, 0, 0], 1)
    actions.leave(open_room, by=learner)
    said = list_changes(get_room(open_room.pk), {})
    assert (said["hands"], said["pace"], said["here"]) == (0, [0, 0, 0], 0)
    with pytest.raises(Refused):
        actions.signal_pace(open_room, "louder", by=learner, id=uuid4())


def test_steps_have_a_time_that_can_be_prolonged(open_room, trainer):
    actions.go_to_step(open_room, 1, by=trainer, id=uuid4())
    first = get_room(open_room.pk)
    actions.extend_step(open_room, 5, by=trainer, id=uuid4())
    now = get_room(open_room.pk)
    assert now.step == first.step == 1
    assert now.until
    assert first.until
    assert now.until - first.until == timedelta(minutes=5)
    with pytest.raises(Refused, match="step is not in the plan"):
        actions.go_to_step(open_room, 9, by=trainer, id=uuid4())


def test_groups_take_everybody_and_latecomers_too(open_room, cohort, trainer):
    people = [a_learner(cohort) for _ in range(5)]
    for person in people[:4]:
        actions.enter_room(open_room, by=person)
    actions.divide(open_room, 2, by=trainer, id=uuid4())
    assert sorted(map(len, get_room(open_room.pk).groups)) == [2, 2]
    actions.enter_room(open_room, by=people[4])
    assert sorted(map(len, get_room(open_room.pk).groups)) == [2, 3]
    actions.gather(open_room, by=trainer, id=uuid4())
    assert not get_room(open_room.pk).divided


def test_nobody_is_divided_alone(inside, open_room, trainer):
    with pytest.raises(Refused, match="not enough"):
        actions.divide(open_room, 2, by=trainer, id=uuid4())


def test_who_saves_notes_second_loses_no_word(inside, open_room, learner, trainer):
    actions.write_note(open_room, "all", "First.", seen=0, by=learner)
    with pytest.raises(Changed):
        actions.write_note(open_room, "all", "Also first.", seen=0, by=trainer)
    actions.write_note(open_room, "all", "First. Also first.", seen=1, by=trainer)
    kept = open_room.notes.order_by("version").values_list("text", flat=True)
    assert list(kept) == ["First.", "First. Also first."]


def test_a_group_writes_its_own_notes_and_shows_them(
    inside, open_room, learner, other, trainer, cohort
):
    actions.enter_room(open_room, by=other)
    third = a_learner(cohort)
    fourth = a_learner(cohort)
    for person in (third, fourth):
        actions.enter_room(open_room, by=person)
    actions.divide(open_room, 2, by=trainer, id=uuid4())
    room = get_room(open_room.pk)
    mine = room.board_of(room.group_of(inside.number) or 0)
    (theirs,) = {"group-1-1", "group-1-2"} - {mine}
    actions.write_note(open_room, mine, "Ours", seen=0, by=learner)
    with pytest.raises(Refused, match="another group"):
        actions.write_note(open_room, theirs, "Mine", seen=0, by=learner)
    with pytest.raises(Refused, match="another group"):
        actions.report_back(open_room, theirs, by=learner, id=uuid4())
    actions.report_back(open_room, mine, by=learner, id=uuid4())
    assert get_room(open_room.pk).reports == (mine,)


def divided_in_two(session, cohort, trainer):
    """Four people in the room, two in each group."""
    for _ in range(3):
        actions.enter_room(session, by=a_learner(cohort))
    actions.divide(session, 2, by=trainer, id=uuid4())


def test_what_groups_show_stays_shown_when_somebody_comes_late(
    inside, open_room, trainer, cohort, other
):
    divided_in_two(open_room, cohort, trainer)
    actions.report_back(open_room, "group-1-2", by=trainer, id=uuid4())
    actions.enter_room(open_room, by=other)
    room = get_room(open_room.pk)
    assert sorted(map(len, room.groups)) == [2, 3]
    assert room.reports == ("group-1-2",)
    assert list_changes(room, {})["reports"] == ["group-1-2"]


def test_who_is_divided_anew_finds_empty_notes(
    inside, open_room, learner, trainer, cohort
):
    divided_in_two(open_room, cohort, trainer)
    for board in get_room(open_room.pk).boards:
        actions.write_note(open_room, board, "Ours alone", seen=0, by=trainer)
        actions.report_back(open_room, board, by=trainer, id=uuid4())
    actions.divide(open_room, 2, by=trainer, id=uuid4())
    room = get_room(open_room.pk)
    assert room.boards == ["group-2-1", "group-2-2"]
    assert not room.reports
    assert not open_room.notes.filter(board__in=room.boards).exists()
    for board in ("group-1-1", "group-1-2"):
        with pytest.raises(Refused, match="another group"):
            actions.write_note(open_room, board, "Mine", seen=1, by=learner)


def test_a_ticket_says_something(inside, open_room, learner):
    actions.submit_ticket(open_room, "Ask first.", by=learner, id=uuid4())
    assert get_room(open_room.pk).tickets == {1: "Ask first."}
    assert list_changes(get_room(open_room.pk), {})["tickets"] == 1
    with pytest.raises(Refused, match="sentence"):
        actions.submit_ticket(open_room, "  ", by=learner, id=uuid4())


def test_a_closed_room_takes_nothing_and_opens_again(
    inside, open_room, learner, trainer
):
    actions.close_room(open_room, by=trainer, id=uuid4())
    assert not get_room(open_room.pk).present
    with pytest.raises(Refused, match="closed"):
        actions.raise_hand(open_room, True, by=learner, id=uuid4())
    actions.open_room(open_room, by=trainer, id=uuid4())
    actions.enter_room(open_room, by=learner)
    assert get_room(open_room.pk).present == {1}


def test_only_whoever_leads_steers(inside, open_room, learner):
    tries = [
        lambda: actions.close_room(open_room, by=learner, id=uuid4()),
        lambda: actions.go_to_step(open_room, 0, by=learner, id=uuid4()),
        lambda: actions.ask(open_room, "poll-1", by=learner, id=uuid4()),
        lambda: actions.divide(open_room, 2, by=learner, id=uuid4()),
    ]
    for attempt in tries:
        with pytest.raises(Denied):
            attempt()


def test_what_happened_in_a_room_is_never_altered(inside, open_room):
    with pytest.raises(DatabaseError), transaction.atomic():
        open_room.events.update(verb="left")


def test_captions_are_checked_before_they_are_taken(open_room, trainer):
    file = b"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nWelcome.\n"
    actions.add_captions(open_room, "en", file, by=trainer, id=uuid4())
    assert "Welcome" in open_room.captions.get().text
    with pytest.raises(Refused, match="Line 3"):
        actions.add_captions(
            open_room, "en", b"WEBVTT\n\n1 --> 2\nNo", by=trainer, id=uuid4()
        )
