"""An exercise is played carelessly, then another way from one of its moments: the copy
is what it was, it comes to its own end, and both keep their verdicts."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from amana.academy.sandboxes.sandbox_folder import SandboxFolder

from .exercise_program import create_folder, remove_folder, run_program

PROGRAM = str(Path(__file__).with_name("playthrough.py"))
CODE = "truck-at-the-border"

type Play = dict[str, Any]


@pytest.fixture(scope="module")
def plays() -> Iterator[tuple[Play, Play, SandboxFolder, SandboxFolder]]:
    first = create_folder(CODE)
    before = play_in_place(first, "careless")
    second = SandboxFolder(first.path.with_name("two"))
    moment = next(m for m in first.list_moments() if "journalist" in m.codes)
    second.create_from(moment, first)
    after = play_in_place(second, "careful")
    yield before, after, first, second
    remove_folder(first)


def play_in_place(folder: SandboxFolder, player: str) -> Play:
    printed = run_program(folder, PROGRAM, "--stay", f"room/{player}")
    (found,) = json.loads(printed.splitlines()[-1]).values()
    assert "error" not in found, found["error"]
    result: Play = found
    return result


def test_a_moment_was_kept_before_each_inject(plays) -> None:
    before, _after, first, _second = plays
    kept = [code for moment in first.list_moments() for code in moment.codes]
    assert sorted(kept) == before["played"]
    assert not (first.moments / "being-copied").exists()


def test_the_replay_goes_on_from_there_to_its_own_end(plays) -> None:
    before, after, first, _second = plays
    moment = next(m for m in first.list_moments() if "journalist" in m.codes)
    assert after["began"] == moment.at.isoformat()
    assert {"arrival", "pains"} <= {*after["played_before"]}
    assert "journalist" not in after["played_before"]
    assert after["ended"]
    assert after["whole"] > 0
    assert {*after["played"], *after["missing"]} == {
        *(*before["played"], *before["missing"])
    }


def test_its_log_begins_with_what_was_done_until_then(plays) -> None:
    before, after, _first, _second = plays
    number = len(after["events_before"])
    assert number > 10
    assert after["events_before"] == before["all_events"][:number]
    assert after["all_events"][:number] == before["all_events"][:number]
    assert after["all_events"][number:] != before["all_events"][number:]


def test_both_keep_their_verdicts(plays) -> None:
    before, after, first, second = plays
    assert first.read_scores() == before["scores"]
    assert second.read_scores() == after["scores"]
    # What was done before the moment stays done; what came later is another.
    assert after["scores"]["safety_before_story"] == "absent"
    assert before["scores"] != after["scores"]
