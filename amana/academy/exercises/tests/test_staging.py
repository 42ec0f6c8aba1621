"""What happens by itself: what scripts answer besides referrals, what people disclose,
and why an inject has not come."""

from datetime import datetime, timedelta

from amana.academy.exercises import labels
from amana.academy.exercises.engine.default_scripts import add_default_scripts
from amana.academy.exercises.engine.exercise_log import ExerciseLog
from amana.academy.exercises.engine.hindrances import Hindrance, find_hindrance
from amana.academy.exercises.engine.staging import (
    list_disclosed,
    list_due_injects,
    list_scripted_acts,
)

from .test_scenario import TRUCK, answers, at, done, load_truck, read, to


def test_a_request_for_help_is_answered_as_a_referral_is() -> None:
    """Each house of one request for itself, though the log has one row for both."""
    keys = {"person": "samir", "recipient": "harbour_house"}
    asked = [done(1, "help.asked", 0.1, **keys, enquiry=name) for name in "ab"]
    assert answers(1, *asked, places=2) == ["shelter referral.answered 1"] * 2
    log = ExerciseLog.of(asked, now=at(1))
    left = list_scripted_acts(
        load_truck(),
        log,
        empty=["shelter"],
        answered=[("shelter", 1, "a")],
        places={"harbour_house": 2},
    )
    assert [act.answered for act in left] == [("shelter", 1, "b")]
    assert answers(1, *asked) == [
        *("shelter referral.answered 1", "shelter referral.declined 1")
    ]


def test_a_screening_is_taken_on_without_a_place() -> None:
    handed = done(1, "screening.handed", 0.1, recipient="harbour_house", screening="s")
    assert answers(1, handed, places=0) == ["shelter referral.answered 1"]


def test_people_disclose_once_all_was_done_that_they_wait_for() -> None:
    lidia = load_truck().people["lidia"]
    alone = done(1, "seen.alone", 0.1, person="lidia")
    other = done(2, "interpreter.used", 0.2, person="samir", interpreter="x")
    heard = done(3, "interpreter.used", 0.3, person="lidia", interpreter="x")
    called = done(4, "guardian.called", 0.4, person="lidia")
    for events, known in (
        ([], []),
        ([alone, other], []),
        ([alone, heard], lidia.knows[:1]),
        ([alone, other, heard, called], [*lidia.knows]),
    ):
        log = ExerciseLog.of(events, now=at(1))
        assert list_disclosed(lidia, log) == [*known]


def test_two_injects_at_the_same_moment_come_in_the_order_of_the_file_once_each() -> (
    None
):
    text = TRUCK.read_text().replace("at: PT90M", "at: PT4H").replace("PT6H", "PT4H")
    scenario, faults = read(text)
    assert scenario, faults
    log = ExerciseLog.of([], now=scenario.start + timedelta(hours=4))
    played: dict[str, datetime] = {}
    came = []
    for _turn in range(3):
        for due in list_due_injects(scenario, log, played=played):
            came.append(due.inject.code)
            played[due.inject.code] = log.now
    together = [code for code in came if code in ("pains", "full", "journalist")]
    assert together == ["pains", "full", "journalist"]
    assert len(came) == len(set(came))


def test_an_inject_that_has_not_come_shows_why() -> None:
    truck = load_truck()
    alone = done(1, "seen.alone", 0.1, person="lidia")
    agreed = done(2, "consent.recorded", 0.2, person="samir", recipient="hospital")

    def why(code: str, *events: object) -> Hindrance | None:
        log = ExerciseLog.of(events, now=at(1))  # type: ignore[arg-type]
        return find_hindrance(truck, log, truck.injects[code], {})

    assert why("pains") is None
    assert why("never_alone") is None
    assert why("never_alone", alone) == Hindrance(
        done=truck.injects["never_alone"].unless
    )
    assert why("article") == Hindrance(awaited_inject="journalist")
    assert why("second_thoughts") == Hindrance(
        awaited=truck.injects["second_thoughts"].after_act
    )
    assert why("second_thoughts", agreed) is None


def test_who_plays_alone_has_an_answer_from_each_seat() -> None:
    truck = add_default_scripts(load_truck())
    assert all(truck.scripts[seat.script] for seat in truck.seats.values())
    asked = [to(n, "coordination_office", 0.1) for n in (1, 2)]
    for empty, hours, answered in (([], 2, 0), (["unit"], 0.5, 0), (["unit"], 2, 2)):
        log = ExerciseLog.of(asked, now=at(hours))
        found = list_scripted_acts(truck, log, empty=empty, answered=[], places={})
        assert [act.reaction.do for act in found] == ["referral.answered"] * answered


def test_what_the_end_kept_away_is_told_by_when_it_was_due() -> None:
    """It ends at nine: what was due at ten would have come afterwards; what was due at
    eight should have come, and its turn was not taken any more."""
    assert labels.format_missed(at(10), at(9)).endswith(", after the end")
    before = labels.format_missed(at(8), at(9))
    assert before.startswith("Was due on ")
    assert "after the end" not in before
    assert "after" not in labels.format_missed(at(9), at(9))
