"""A lesson of ours plays in a learning system that we did not write: scorm-again."""

import json

from amana.exchange.learning.scorm.tests.test_package import (
    FILES,
    FIRST,
    SECOND,
    unpacked,
)
from tests.peers import node


def play(*steps, page=FIRST, kept=None, files=FILES):
    asked = {"files": files, "page": page, "steps": list(steps), "kept": kept}
    return node.run("scorm.mjs", asked)


def test_reading_to_the_end_completes_a_lesson_and_practice_stays_with_the_learner():
    played = play({"answer": "m1-q01", "ticks": [2]}, {"read": True}, {"leave": True})

    cmi = played["cmi"]
    assert played["terminated"]
    assert cmi["completion_status"] == "completed"
    assert cmi["success_status"] == "passed"
    assert cmi["progress_measure"] == "1"
    assert cmi["score"]["scaled"] == ""


def test_whoever_stops_half_way_goes_on_there():
    before = play({"answer": "m1-q01", "ticks": [0]}, {"leave": True})
    cmi = before["cmi"]

    after = play(kept={"suspend_data": cmi["suspend_data"], "location": ""})

    assert before["errors"] == [
        "GetValue(cmi.suspend_data): 403"
    ]  # nothing is kept yet
    assert after["errors"] == []
    assert cmi["completion_status"] == "incomplete"
    assert cmi["progress_measure"] == "0.5"
    assert json.loads(cmi["suspend_data"]) == {
        "answers": {"m1-q01": [0]},
        "read": False,
    }
    assert before["shown"][0]["verdict"] == ["right"]
    assert after["shown"] == before["shown"]


def test_a_lesson_that_was_read_stays_read():
    before = play({"read": True}, {"leave": True})

    after = play({"leave": True}, kept={"suspend_data": before["cmi"]["suspend_data"]})

    assert after["read"]
    assert after["cmi"]["completion_status"] != "incomplete"


def test_a_score_is_told_where_the_package_was_made_to():
    files = unpacked(score=True)

    right = play({"answer": "m1-q01", "ticks": [0]}, files=files)["cmi"]["score"]
    wrong = play({"answer": "m1-q01", "ticks": [1]}, files=files)["cmi"]["score"]

    assert (right["scaled"], right["raw"]) == ("1", "100")
    assert (wrong["scaled"], wrong["raw"]) == ("0", "0")


def test_a_decision_without_a_right_answer_says_what_it_leads_to():
    shown = play({"answer": "m1-q02", "ticks": [1]}, page=SECOND)["shown"]

    assert shown == [
        {"id": "m1-q02", "feedback": True, "verdict": ["choice"], "remarks": [1]}
    ]


def test_an_empty_answer_is_no_answer():
    played = play({"answer": "m1-q01"}, {"leave": True})

    assert not played["shown"][0]["feedback"]
    assert played["cmi"]["suspend_data"] == ""
