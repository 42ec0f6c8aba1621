"""What was done to an exercise stays done, whatever happens to its process."""

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from amana.sandbox.stage import Stage

START = datetime(2027, 3, 5, 15, 40, tzinfo=UTC)
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage.begin(tmp_path, game=START)


def read_again(stage: Stage) -> Stage:
    found = Stage.read(stage.file.parent)
    assert found is not None
    return found


def test_none_has_begun_in_an_empty_folder(tmp_path: Path) -> None:
    assert Stage.read(tmp_path) is None


def test_its_clock_stands_until_it_is_started_and_runs_on_without_a_process(
    tmp_path: Path,
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        stage = Stage.begin(tmp_path, game=START)
        clock.shift(HOUR)
        assert stage.now() == START
        stage.set_speed(60)
        clock.shift(HOUR)
        assert read_again(stage).now() == START + 60 * HOUR


def test_a_server_whose_clock_is_set_back_takes_no_time_from_it(
    tmp_path: Path,
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        stage = Stage.begin(tmp_path, game=START)
        stage.set_speed(60)
        clock.shift(HOUR)
        assert stage.now() == START + 60 * HOUR
        clock.shift(-2 * HOUR)
        assert stage.now() == START + 60 * HOUR
        clock.shift(HOUR / 2)
        assert stage.now() == read_again(stage).now() == START + 90 * HOUR
        # Past the times at which it was touched before.
        clock.shift(2 * HOUR)
        assert stage.now() == read_again(stage).now() == START + 210 * HOUR


def test_nor_where_it_is_set_back_while_no_process_runs(tmp_path: Path) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        stage = Stage.begin(tmp_path, game=START)
        stage.set_speed(60)
        clock.shift(HOUR)
        stage.keep_seen()
        clock.shift(-3 * HOUR)
        again = read_again(stage)
        assert again.now() == START + 60 * HOUR
        again.set_speed(1)
        clock.shift(HOUR)
        assert again.now() == START + 61 * HOUR


def test_what_has_ended_reads_the_same_time_whatever_the_server_s_clock_says(
    tmp_path: Path,
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        stage = Stage.begin(tmp_path, game=START)
        stage.set_speed(60)
        clock.shift(HOUR)
        stage.end()
        before = stage.file.read_bytes()
        for shift in (-5 * HOUR, 9 * HOUR):
            clock.shift(shift)
            assert stage.now() == START + 60 * HOUR
        assert stage.file.read_bytes() == before


def test_a_copy_stops_where_it_was_copied(stage: Stage) -> None:
    stage.move_to(START + HOUR)
    stage.set_speed(20)
    stage.hold_at(START + HOUR)
    for found in (stage, read_again(stage)):
        assert (found.speed, found.now()) == (0, START + HOUR)


def test_an_inject_that_two_press_at_once_comes_once(stage: Stage) -> None:
    with ThreadPoolExecutor(8) as pool:
        came = list(pool.map(lambda _n: stage.play("press"), range(40)))
    assert came.count(True) == 1
    lines = stage.file.read_text().splitlines()
    assert sum('"press"' in line for line in lines) == 1


def test_it_moves_forward_and_never_back(stage: Stage) -> None:
    stage.move_to(START + HOUR)
    stage.move_to(START)
    assert stage.now() == read_again(stage).now() == START + HOUR


def test_an_inject_and_an_answer_are_given_once(stage: Stage) -> None:
    assert stage.play("press")
    assert not stage.play("press")
    assert stage.answer(("shelter", 7, ""))
    assert not stage.answer(("shelter", 7, ""))
    assert stage.answer(("shelter", 7, "second house"))
    assert stage.answer(("ward", 7, ""))
    again = read_again(stage)
    assert again.played == {"press": START}
    assert again.scripted == {
        *(("shelter", 7, ""), ("shelter", 7, "second house"), ("ward", 7, "")),
    }
    assert not again.play("press")


def test_the_word_stops_it_for_everyone_until_it_is_let_run(stage: Stage) -> None:
    stage.set_speed(20)
    stage.stop()
    assert read_again(stage).speed == 0
    assert read_again(stage).stopped_at is not None
    stage.set_speed(20)
    assert stage.stopped_at is None
    assert read_again(stage).stopped_at is None


def test_what_has_ended_stays_as_it_is(stage: Stage) -> None:
    stage.set_speed(20)
    stage.end()
    ended = stage.now()
    stage.set_speed(20)
    stage.move_to(ended + HOUR)
    assert (stage.speed, stage.now()) == (0, ended)
    assert not stage.play("press")
    assert not stage.answer(("shelter", 1, ""))
    stage.end()
    assert read_again(stage).ended_at == ended


def test_notes_keep_their_time_and_their_words(stage: Stage) -> None:
    stage.note("من ينتظر؟\nline two")
    (note,) = read_again(stage).notes
    assert (note.at, note.text) == (START, "من ينتظر؟\nline two")


@pytest.mark.parametrize("kept", range(1, 30, 4))
def test_a_line_that_was_half_written_is_cut_off_and_the_next_one_is_whole(
    stage: Stage, kept: int
) -> None:
    stage.play("first")
    whole = stage.file.read_bytes()
    stage.play("second")
    stage.file.write_bytes(stage.file.read_bytes()[: len(whole) + kept])

    again = read_again(stage)
    assert again.played.keys() == {"first"}
    again.play("third")
    assert read_again(stage).played.keys() == {"first", "third"}


def test_on_a_full_disk_nothing_half_stays_and_nothing_counts(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stage.file.read_bytes()

    def fail(_file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        with pytest.raises(OSError, match="No space"):
            stage.play("press")
    assert stage.file.read_bytes() == before
    assert stage.play("press")
