"""The room is the sum of its events, whoever adds them up, and from wherever on."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from amana.academy.sessions.engine import groups, room_state
from amana.academy.sessions.engine.room_state import (
    CHANGES,
    TOLD,
    RoomAct,
    RoomState,
    RoomVerb,
)

START = datetime(2027, 3, 1, 9, tzinfo=UTC)
OPTIONS = {"poll-1": 3, "poll-2": 2}
SEATS = st.integers(1, 6)

said = st.one_of(
    st.tuples(
        st.sampled_from([RoomVerb.JOINED, RoomVerb.LEFT, RoomVerb.ARRIVED]),
        SEATS,
        st.just(""),
        st.just({}),
    ),
    st.tuples(
        st.sampled_from(
            [RoomVerb.OPENED, RoomVerb.CLOSED, RoomVerb.GATHERED, RoomVerb.CAPTIONED]
        ),
        st.none(),
        st.just(""),
        st.just({}),
    ),
    st.tuples(
        st.sampled_from([RoomVerb.ASKED, RoomVerb.STOPPED]),
        st.none(),
        st.sampled_from(list(OPTIONS)),
        st.just({}),
    ),
    st.tuples(
        st.just(RoomVerb.ANSWERED),
        SEATS,
        st.sampled_from(list(OPTIONS)),
        st.integers(0, 1).map(lambda n: {"choice": n}),
    ),
    st.tuples(
        st.just(RoomVerb.HAND),
        SEATS,
        st.just(""),
        st.booleans().map(lambda up: {"up": up}),
    ),
    st.tuples(
        st.just(RoomVerb.PACE), SEATS, st.sampled_from(room_state.PACES), st.just({})
    ),
    st.tuples(
        st.just(RoomVerb.STEPPED), st.none(), st.sampled_from("012"), st.just({})
    ),
    st.tuples(
        st.just(RoomVerb.DIVIDED),
        st.none(),
        st.just(""),
        st.booleans().map(lambda late: {"groups": [[1, 2], [3]], "late": late}),
    ),
    st.tuples(st.just(RoomVerb.NOTED), SEATS, st.just("all"), st.just({"version": 1})),
    st.tuples(st.just(RoomVerb.REPORTED), SEATS, st.just("group-1-1"), st.just({})),
    st.tuples(st.just(RoomVerb.TICKET), SEATS, st.just(""), st.just({"text": "So."})),
)


def happened(all_said):
    return [
        RoomAct(number, START + timedelta(seconds=number), seat, verb, object, data)
        for number, (verb, seat, object, data) in enumerate(all_said, 1)
    ]


@given(st.lists(said, max_size=40), st.data())
def test_whoever_comes_back_knows_what_whoever_stayed_knows(all_said, data):
    """Cut anywhere, sent again from anywhere before: told twice, it is the same."""
    events = happened(all_said)
    cut = data.draw(st.integers(0, len(events)))
    again = data.draw(st.integers(0, cut))
    whole = room_state.apply_events(RoomState(), events)
    known = room_state.apply_events(RoomState(), events[:cut])
    assert room_state.apply_events(known, events[again:]) == whole
    heard = room_state.list_changes(known, OPTIONS) | room_state.list_changes(
        whole, OPTIONS, known.number
    )
    assert heard == room_state.list_changes(whole, OPTIONS)


@given(st.lists(said, max_size=30))
def test_each_seat_counts_once_in_each_poll(all_said):
    whole = room_state.apply_events(RoomState(), happened(all_said))
    for key, poll in whole.polls.items():
        answered = {
            seat
            for verb, seat, object, _data in all_said
            if (verb, object) == (RoomVerb.ANSWERED, key)
        }
        assert sum(poll.counts(OPTIONS[key])) == len(answered)


@given(st.lists(said, max_size=20))
def test_what_was_known_stays_as_it_was(all_said):
    events = happened(all_said)
    states = [
        room_state.apply_events(RoomState(), events[:n]) for n in range(len(events) + 1)
    ]
    before = [room_state.list_changes(state, OPTIONS) for state in states]
    for state in states:
        room_state.apply_events(state, events)
    assert [room_state.list_changes(state, OPTIONS) for state in states] == before


def test_every_verb_has_its_change_and_nothing_told_names_a_seat_with_an_answer():
    assert set(CHANGES) == set(RoomVerb)
    assert {"here", "hands", "pace", "tickets"} <= TOLD.keys()
    events = happened(
        [
            (RoomVerb.JOINED, 5, "", {}),
            (RoomVerb.ANSWERED, 5, "poll-1", {"choice": 2}),
            (RoomVerb.TICKET, 5, "", {"text": "private words"}),
        ]
    )
    told = room_state.list_changes(
        room_state.apply_events(RoomState(), events), OPTIONS
    )
    assert told["poll-1"] == {"open": False, "answers": 1, "counts": [0, 0, 1]}
    assert "private words" not in str(told)


@given(st.sets(st.integers(1, 300)), st.integers(2, 12), st.text(max_size=5))
def test_groups_are_even_and_hold_everybody_once(seats, size, seed):
    made = groups.divide(seats, size, seed)
    assert sorted(seat for members in made for seat in members) == sorted(seats)
    if seats:
        lengths = [len(members) for members in made]
        assert max(lengths) - min(lengths) <= 1
        assert len(seats) < 2 or min(lengths) >= 2 or len(made) == 1 or size == 2
    late = groups.add_latecomer(made, 301)
    assert sum(map(len, late)) == len(seats) + bool(made)
    assert groups.add_latecomer(late, 301) == late
