"""Each scenario is played to its end in each mode, by a careful and a careless player:
in a process of its own, as an exercise is, with a clock that is simulated."""

import fcntl
import json
import os
from functools import cache
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pytest

from amana.academy.exercises.models import PlayMode
from amana.academy.exercises.shipped_scenarios import load_scenarios

from .exercise_program import ROOT, create_folder, remove_folder, run_program

PROGRAM = Path(__file__).with_name("playthrough.py")
FIRST = "truck-at-the-border"
"""Played at each run of the tests; the others once a night, as each takes minutes."""
CODES = sorted(path.parent.name for path in (ROOT / "scenarios").glob("*/*.yaml"))
MODES = [str(mode) for mode in PlayMode]
EACH = pytest.mark.parametrize(
    "code",
    [
        pytest.param(code, marks=() if code == FIRST else pytest.mark.nightly)
        for code in CODES
    ],
)
IN_EACH_MODE = pytest.mark.parametrize("mode", MODES)
NEVER_SHOWN = {"need_to_know"}
"""The engine lets no one open a case that is not theirs, not even by trying."""

type Play = dict[str, Any]


@cache
def play(code: str) -> dict[str, Play]:
    """Play a scenario in each mode by each player; once for all tests, whichever of the
    processes that test together comes first."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    kept = Path(gettempdir()) / f"plays-{run}-{code}.json"
    with kept.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        printed = file.read() or play_scenario(code)
        file.truncate(0)
        file.write(printed)
    plays: dict[str, Play] = json.loads(printed)
    failed = [found["error"] for found in plays.values() if "error" in found]
    assert not failed, "\n".join(failed)
    return plays


def play_scenario(code: str) -> str:
    folder = create_folder(code)
    try:
        return run_program(folder, str(PROGRAM)).splitlines()[-1]
    finally:
        remove_folder(folder)


def list_both(code: str, mode: str) -> list[Play]:
    plays = play(code)
    return [plays[f"{mode}/{player}"] for player in ("careful", "careless")]


@EACH
@IN_EACH_MODE
def test_it_comes_to_its_end_and_its_log_is_whole(code: str, mode: str) -> None:
    for found in list_both(code, mode):
        assert found["ended"]
        # Each entry was read and found in its place, or the program had failed.
        assert found["whole"] > found["events"] > 10
        # Certificates bind the log by the root that it had at the end.
        size, root = found["log_head"]
        assert found["events"] < size <= found["whole"]
        assert root == found["log_root_then"]
        assert found["read_again"]


@EACH
@IN_EACH_MODE
def test_no_script_waits_for_ever(code: str, mode: str) -> None:
    scenario = load_scenarios()[code].scenario
    for found in list_both(code, mode):
        assert found["waits"] == 0
        assert found["notes"] == []
    answers = [found["by_scripts"] for found in list_both(code, mode)]
    if mode == PlayMode.TABLE:
        assert answers == [0, 0]  # people play every seat
    elif mode == PlayMode.ALONE and any(s.script for s in scenario.seats.values()):
        assert max(answers) > 0


@EACH
@IN_EACH_MODE
def test_each_inject_came_or_it_is_reported_why_not(code: str, mode: str) -> None:
    injects = load_scenarios()[code].scenario.injects
    for found in list_both(code, mode):
        assert {*found["played"], *found["missing"]} == injects.keys()
        assert all(found["missing"].values()), found["missing"]
    careful, careless = list_both(code, mode)
    prevented = {c for c, inject in injects.items() if inject.unless is not None}
    assert prevented <= careful["missing"].keys()
    # The careless one raises a doubt, too; some of it they don't see to at all.
    assert prevented & {*careless["played"]}


@EACH
@IN_EACH_MODE
def test_what_a_careful_worker_does_is_met_or_was_not_tested(
    code: str, mode: str
) -> None:
    careful = play(code)[f"{mode}/careful"]
    criteria = load_scenarios()[code].scenario.criteria
    assert careful["scores"].keys() == criteria.keys()
    assert {*careful["scores"].values()} <= {"met", "not_tested"}, careful["scores"]
    assert careful["scores"]["safety_before_story"] == "met"
    assert careful["scores"]["consent_before_sharing"] == "met"


@EACH
@IN_EACH_MODE
def test_what_a_careless_worker_does_is_absent_and_the_acts_show_it(
    code: str, mode: str
) -> None:
    careless = play(code)[f"{mode}/careless"]
    never = set(NEVER_SHOWN)
    if mode == PlayMode.ALONE:
        never |= {"answered_in_time"}  # scripts answer, and are never late
    wanted = load_scenarios()[code].scenario.criteria.keys() - never
    absent = {c for c, verdict in careless["scores"].items() if verdict == "absent"}
    assert wanted <= absent, wanted - absent
    assert all(careless["shown"].values())


@EACH
@IN_EACH_MODE
def test_who_plays_alone_reads_what_people_disclose_once_it_was_earned(
    code: str, mode: str
) -> None:
    careful, careless = list_both(code, mode)
    if mode == PlayMode.ALONE:
        assert {*careless["disclosed"]} < {*careful["disclosed"]}
    else:
        assert careful["disclosed"] == careless["disclosed"] == []
