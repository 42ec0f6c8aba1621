"""When a card comes back: soon after a miss, later and later after what was known."""

from datetime import UTC, datetime, timedelta

from fsrs import Rating
from hypothesis import given
from hypothesis import strategies as st

from amana.academy.practice.review.engine.cards import (
    DAILY,
    LONGEST,
    CardAnswer,
    build_cards,
    choose_for_today,
    count_days_until,
    list_due,
)

MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def missed(question, at=MONDAY):
    return CardAnswer(question, Rating.Again, at)


def reviewed(question, rating, at):
    return CardAnswer(question, rating, at, reviewed=True)


def test_what_was_missed_is_asked_on_the_next_day_and_not_before():
    found = build_cards([missed("q1")])

    assert list_due(found, MONDAY) == []
    assert list_due(found, MONDAY + DAY) == ["q1"]


def test_what_was_never_missed_never_comes():
    assert build_cards([reviewed("q1", Rating.Good, MONDAY)]) == {}


def test_each_time_it_is_known_it_stays_away_for_longer():
    seen, at, waits = [missed("q1")], MONDAY, []
    for _time in range(5):
        after = build_cards(seen)["q1"].due
        waits.append((after - at).days)
        at = after
        seen.append(reviewed("q1", Rating.Good, at))

    assert waits == sorted(waits)
    assert waits[0] == 1
    assert waits[-1] > 7


def test_another_miss_brings_it_back_soon():
    at = MONDAY + DAY
    seen = [missed("q1"), reviewed("q1", Rating.Easy, at), missed("q1", at + 5 * DAY)]

    assert (build_cards(seen)["q1"].due - (at + 5 * DAY)).days <= 2


def test_the_easier_it_was_the_later_it_comes():
    card = build_cards([missed("q1")])["q1"]

    days = [count_days_until(card, rating, MONDAY + DAY) for rating in Rating]

    assert days == sorted(days)
    assert len(set(days)) > 1
    assert days[0] == 1


def test_a_day_asks_for_little():
    seen = [missed(f"q{number}") for number in range(20)]
    tomorrow = MONDAY + DAY

    first, asked = choose_for_today(build_cards(seen), seen, tomorrow)
    assert (len(first), asked) == (DAILY, 0)
    seen += [reviewed(name, Rating.Good, tomorrow) for name in first[:2]]
    rest, asked = choose_for_today(build_cards(seen), seen, tomorrow)
    assert rest == first[2:]
    assert asked == 2


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["q1", "q2", "q3"]),
            st.sampled_from(list(Rating)),
            st.integers(0, 400),
        ),
        max_size=30,
    )
)
def test_a_card_is_always_due_on_a_day_to_come(told):
    """After each answer a day passes, and never more than LONGEST."""
    at, seen = MONDAY, []
    for question, rating, hours in told:
        at += timedelta(hours=hours)
        seen.append(CardAnswer(question, rating, at, reviewed=True))
    found = build_cards(seen)

    assert set(found) == {q for q, r, _hours in told if r == Rating.Again}
    for card in found.values():
        assert card.last_review
        assert DAY <= card.due - card.last_review <= timedelta(days=LONGEST)
    assert dict(build_cards(seen)) == dict(found)
