"""What happens by itself in an exercise that is really built: in a process of its own,
as an exercise is."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from .exercise_program import create_folder, remove_folder, run_program

PLAYED = Path(__file__).with_name("played.py")


@pytest.fixture(scope="module")
def told() -> Iterator[dict[str, object]]:
    """What the program `played.py` found in an exercise of the border."""
    folder = create_folder("truck-at-the-border")
    found: dict[str, object] = json.loads(
        run_program(folder, str(PLAYED)).splitlines()[-1]
    )
    yield found
    remove_folder(folder)


def test_every_organisation_of_the_mechanism_is_there_and_every_seat(told) -> None:
    assert told["organisations"] >= 12
    assert set(told["accounts"]) >= {
        *("control@exercise.invalid", "guard-1@exercise.invalid"),
        *("guard-4@exercise.invalid", "harbour_house.focal_point@exercise.invalid"),
    }


def test_it_begins_when_the_scenario_says(told) -> None:
    assert told["begins"] == "2027-03-05T15:40"


def test_a_script_accepts_while_there_are_places_and_then_declines(told) -> None:
    """Harbour House has three, in several services; each answer comes after forty
    minutes."""
    assert told["shelters"] > 1
    assert told["left"] == [0]
    assert told["at_once"] == ["sent"] * 4
    assert told["answers"] == ["accepted"] * 3 + ["declined"]


def test_a_seat_that_is_played_is_left_to_its_players(told) -> None:
    assert told["played"] == "sent"


def test_a_script_answers_requests_for_help_in_turn(told) -> None:
    """The first house is full; the second one, asked then, has a place."""
    assert told["asked"] == ["declined", "accepted"]
    assert told["notes"] == []


def test_a_script_takes_on_a_screening_that_was_handed_over(told) -> None:
    """Though the house is full: it finds another one, and promises no place."""
    assert told["handed"] == "in_case"
    assert told["taken_by"] == "Harbour House"


def test_the_board_lists_who_waits_for_whom(told) -> None:
    """By their organisations: all teams of an exercise are called alike."""
    sides = [tuple(awaited[:3]) for awaited in told["awaited"]]
    for what, times in (("Referral", 4), ("Request for help", 1)):
        assert sides.count(("Border Guard", "Harbour House", what)) == times
    handed = ("Border Guard", "Harbour House", "Screening that was handed over")
    assert sides.count(handed) == 1
    assert all(minutes > 0 for *_sides, minutes in told["awaited"])


def test_an_open_page_gets_what_has_changed_and_no_more(told) -> None:
    """A desk, the sheet of an observer, and the board."""
    polls = told["polls"]
    assert polls["nothing"] == polls["again"] == ["nothing"] * 3
    assert polls["fewer"] == [True] * 3
    assert polls["a minute"] == ["time"] * 3
    assert polls["an act"] == ["nothing", "nothing", "news"]
    assert polls["a note"] == polls["stopped"] == ["news"] * 3
    assert polls["late"] == ["time", "time", "news"]
    assert polls["more late"] > 0


def test_what_did_not_come_is_after_the_end_only_where_it_is(told) -> None:
    """Time has passed without a turn, so that some of it is due and was not played."""
    missed = told["not_come"]
    assert [True for _is_after, why in missed["why"] if why.startswith("Was due")]
    for is_after, why in missed["why"]:
        if not why.startswith("Does not come"):
            assert is_after == why.endswith("after the end")
    assert missed["lacks"] == [[], []]


def test_injects_come_when_they_are_due(told) -> None:
    assert told["injects_at_start"]
    assert len(told["injects_later"]) > len(told["injects_at_start"])


def test_who_opens_a_case_and_works_on_it_has_kept_the_rules(told) -> None:
    """Worked on as the engine asks: nothing of it is absent."""
    verdicts = told["scores"]
    assert verdicts["Only those to whom a case was assigned opened it"] != "absent"
    assert verdicts["What was shared was consented to before, with this recipient"] == (
        "met"
    )


def test_what_two_observers_marked_is_shown_once_both_have_finished(told) -> None:
    observed = told["observed"]
    assert observed["before"] == [0, 1]
    assert not observed["kept_for_another_way"]
    assert observed["titles"] == [
        "How people are spoken with",
        "They introduced themselves before they asked anything",
        "No one else could hear them",
        "Nothing in words, voice or looks blamed the person",
    ]
    assert observed["private"] == [
        ["Observer 1", "Border guards", "not done", "late"],
        ["Observer 2", "Border guards", "seen in part", "due"],
    ]
    # Where one of them saw no occasion, there is nothing to compare.
    assert observed["agreements"] == [["Observer 1, Observer 2", 3, 67]]
