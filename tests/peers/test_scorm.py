"""A lesson of ours plays in a learning system that we did not write: scorm-again."""

import json

import pytest

from amana.academy.courses.engine import course_content, reading
from amana.academy.courses.tests.courses import spoilt
from amana.exchange.learning.scorm.tests.test_package import (
    EDITIONS,
    FIRST,
    SECOND,
    unpacked,
)
from tests.peers import node

BOTH = pytest.mark.parametrize("edition", EDITIONS)


def play(*steps, edition, page=FIRST, kept=None, **made):
    files = unpacked(EDITIONS[edition], **made)
    asked = {"files": files, "page": page, "steps": list(steps), "kept": kept}
    played = node.run("scorm.mjs", asked | {"edition": edition})
    # What 1.2 has in its core, 2004 has beside it.
    played["core"] = played["cmi"].get("core", played["cmi"])
    return played


def status(played):
    core = played["core"]
    return core.get("lesson_status") or core["completion_status"]


@BOTH
def test_reading_to_the_end_completes_a_lesson_and_practice_stays_with_the_learner(
    edition,
):
    steps = ({"answer": "m1-q01", "ticks": [2]}, {"read": True}, {"leave": True})
    played = play(*steps, edition=edition)

    assert played["terminated"]
    assert status(played) == "completed"
    assert played["core"]["score"]["raw"] == ""


def test_only_a_test_is_passed_and_tests_stay_here():
    cmi = play({"read": True}, {"leave": True}, edition="2004", score=True)["cmi"]

    assert cmi["success_status"] == "unknown"
    assert cmi["score"]["raw"] == "0"
    assert cmi["progress_measure"] == "1"


@BOTH
def test_a_person_who_stops_half_way_goes_on_there(edition):
    before = play({"answer": "m1-q01", "ticks": [0]}, {"leave": True}, edition=edition)
    kept = before["cmi"]["suspend_data"]

    after = play(edition=edition, kept={"suspend_data": kept})

    # Of 2004, asking for what nobody kept yet is an error.
    first = ["GetValue(cmi.suspend_data): 403"] if edition == "2004" else []
    assert before["errors"] == first
    assert after["errors"] == []
    assert status(before) == "incomplete"
    assert before["core"]["exit"] == "suspend"
    assert json.loads(kept) == {"answers": {"m1-q01": [0]}, "read": False}
    assert before["shown"][0]["verdict"] == ["right"]
    assert after["shown"] == before["shown"]


@BOTH
def test_a_lesson_that_was_read_stays_read(edition):
    before = play({"read": True}, {"leave": True}, edition=edition)
    kept = {"suspend_data": before["cmi"]["suspend_data"]}

    after = play({"leave": True}, edition=edition, kept=kept)

    assert after["read"]
    assert status(after) != "incomplete"


@BOTH
def test_a_score_is_told_where_the_package_was_made_to(edition):
    right, wrong = (
        play({"answer": "m1-q01", "ticks": [at]}, edition=edition, score=True)
        for at in (0, 1)
    )

    assert (right["core"]["score"]["raw"], right["core"]["score"]["max"]) == (
        "100",
        "100",
    )
    assert wrong["core"]["score"]["raw"] == "0"
    assert {status(right), status(wrong)} == {"incomplete"}


@BOTH
def test_what_is_more_than_a_system_keeps_is_left_out_and_the_reading_kept(edition):
    """Of an answer with 70,000 characters: 1.2 keeps 4,096, and 2004 keeps 64,000."""
    file = "modules/1-consent/en/02-a-case.md"
    read = reading.read_course(spoilt(file, "m1-q02 }}", "m1-q06 }}"))
    course = course_content.build_course(read.compiled)
    steps = ({"answer": "m1-q06", "types": "2" * 70_000}, {"read": True})
    played = play(*steps, edition=edition, page=SECOND, course=course)

    assert json.loads(played["cmi"]["suspend_data"]) == {"answers": {}, "read": True}


@BOTH
def test_a_decision_without_a_right_answer_says_what_it_leads_to(edition):
    shown = play({"answer": "m1-q02", "ticks": [1]}, edition=edition, page=SECOND)

    assert shown["shown"] == [
        {"id": "m1-q02", "feedback": True, "verdict": ["choice"], "remarks": [1]}
    ]


@BOTH
def test_an_empty_answer_is_no_answer(edition):
    played = play({"answer": "m1-q01"}, {"leave": True}, edition=edition)

    assert not played["shown"][0]["feedback"]
    assert played["cmi"]["suspend_data"] == ""
