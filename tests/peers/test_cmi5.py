"""A lesson is launched as cmi5 asks, and a store that we did not write (ralph) takes
what it says."""

import base64
import json

import pytest

from amana.exchange.learning.cmi5.tests.test_package import FIRST, unpacked
from amana.exchange.learning.xapi import sending
from tests.peers import node, ralph

CATEGORY = "https://w3id.org/xapi/cmi5/context/categories/"
SESSION = {"https://w3id.org/xapi/cmi5/context/extensions/sessionid": "session-1"}
LAUNCH = {
    "launchMode": "Normal",
    "moveOn": "Completed",
    "contextTemplate": {
        "contextActivities": {"grouping": [{"id": "https://lms.example/course"}]},
        "extensions": SESSION,
    },
}
ACTOR = {
    "objectType": "Agent",
    "account": {"homePage": "https://lms.example", "name": "learner-1"},
}
TOKEN = base64.b64encode(f"{ralph.USER}:{ralph.PASSWORD}".encode()).decode()
FILES = unpacked()
READ, LEAVE = {"read": True}, {"leave": True}


def play(*steps, files=FILES, **launched):
    asked = {"files": files, "page": FIRST, "steps": list(steps), "kept": None}
    asked |= {"launch": LAUNCH, "actor": ACTOR, "token": TOKEN}
    return node.run("cmi5.mjs", asked | launched)


def verbs(played):
    return [statement["verb"]["display"]["en"] for statement in played["statements"]]


@pytest.fixture(scope="module")
def whole():
    answer = {"answer": "m1-q01", "ticks": [0]}
    asked = LAUNCH | {"masteryScore": 0.8}
    return play(answer, READ, LEAVE, files=unpacked(score=True), launch=asked)


def test_a_lesson_says_what_cmi5_asks_for_in_its_order(whole):
    assert whole["errors"] == []
    assert verbs(whole) == ["initialized", "completed", "passed", "terminated"]
    assert whole["asked"][:3] == [
        "POST /fetch",
        "GET /xapi/activities/state",
        "GET /xapi/agents/profile",
    ]


def test_every_statement_stands_in_the_context_that_was_set(whole):
    for statement in whole["statements"]:
        context = statement["context"]
        assert context["registration"] == whole["registration"]
        assert context["extensions"] == SESSION
        categories = [kept["id"] for kept in context["contextActivities"]["category"]]
        moves = statement["verb"]["display"]["en"] in ("completed", "passed")
        assert categories == [
            f"{CATEGORY}cmi5",
            *([f"{CATEGORY}moveon"] if moves else []),
        ]
        assert context["contextActivities"]["grouping"]
        assert statement["object"]["id"] == whole["activity"]
        assert statement["actor"] == ACTOR
    completed, passed, terminated = (
        statement["result"] for statement in whole["statements"][1:]
    )
    assert completed["completion"] is True
    assert passed["success"] is True
    assert passed["score"] == {"scaled": 1}
    assert all(result["duration"] for result in (completed, passed, terminated))


def test_ralph_takes_them(whole, tmp_path, settings):
    with ralph.running(tmp_path) as store:
        settings.LRS_URL = store.url
        settings.LRS_USER, settings.LRS_PASSWORD = ralph.USER, ralph.PASSWORD
        for statement in whole["statements"]:
            sending.post_statements([statement])

        kept = [statement["id"] for statement in store.statements]

    assert sorted(kept) == sorted(statement["id"] for statement in whole["statements"])


def test_practice_stays_with_the_learner_and_one_goes_on_where_one_stopped():
    first = play({"answer": "m1-q01", "ticks": [1]}, LEAVE)
    again = play(READ, LEAVE, kept=first["state"])

    assert verbs(first) == ["initialized", "terminated"]
    assert verbs(again) == ["initialized", "completed", "terminated"]
    assert again["state"] == {"answers": {"m1-q01": [1]}, "read": True}
    assert "m1-q01" not in json.dumps(again["statements"])


@pytest.mark.parametrize(
    ("launch", "ticks"), [(LAUNCH, 0), (LAUNCH | {"masteryScore": 0.8}, 1)]
)
def test_no_one_passes_below_what_the_other_system_asks_or_where_it_asks_nothing(
    launch, ticks
):
    answer = {"answer": "m1-q01", "ticks": [ticks]}
    played = play(answer, READ, LEAVE, files=unpacked(score=True), launch=launch)

    assert verbs(played) == ["initialized", "completed", "terminated"]


def test_without_a_token_nothing_is_said():
    played = play(READ, LEAVE, token=None)

    assert played["statements"] == []
    assert played["read"]


def test_somebody_who_only_looks_through_it_completes_nothing():
    played = play(READ, LEAVE, launch=LAUNCH | {"launchMode": "Browse"})

    assert verbs(played) == ["initialized", "terminated"]
