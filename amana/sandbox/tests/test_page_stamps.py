"""A page that asks by itself has an answer of nothing as long as nothing has changed.
What it gets once something has is in `test_playing.py`, where there are pages."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from amana import given
from amana.sandbox.page_stamps import PageStamp, answer_unchanged, read_stamp
from amana.sandbox.stage import ObserverMark, Stage
from amana.trust.access.http import BY_ITSELF

START = datetime(2027, 3, 5, 15, 40, tzinfo=UTC)
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage.begin(tmp_path, game=START)


def ask(stage: Stage, seen: object, *, by_itself: bool = True) -> Any:
    headers = {"HX-Request": "true"} | ({BY_ITSELF: "1"} if by_itself else {})
    request: Any = RequestFactory().get("/", {"seen": str(seen)}, headers=headers)
    request.htmx = HtmxDetails(request)
    return answer_unchanged(request, stage, read_stamp(stage))


def test_a_page_that_is_as_it_was_gets_nothing(stage: Stage) -> None:
    stamp = read_stamp(stage)
    for _poll in range(3):
        assert ask(stage, stamp).status_code == 204
    # Who opens it, or reads it again, gets all of it.
    assert ask(stage, stamp, by_itself=False) is None


@pytest.mark.parametrize("seen", ["", "1", "1-2", "a-b-c", "1-0-0-0-0", "9" * 5000])
def test_what_is_no_stamp_is_answered_by_the_page(stage: Stage, seen: str) -> None:
    assert ask(stage, seen) is None


def test_whatever_happens_is_news(stage: Stage) -> None:
    for happen in (
        lambda: stage.set_speed(20),
        lambda: stage.play("press"),
        lambda: stage.note("Late"),
        lambda: stage.mark("observer", "guard", "private", ObserverMark("1", "")),
        lambda: stage.move_to(stage.now() + MINUTE),
        stage.stop,
        stage.end,
    ):
        before = read_stamp(stage)
        happen()
        assert ask(stage, before) is None
    assert ask(stage, read_stamp(stage)).status_code == 204


def test_a_process_that_starts_again_counts_on(stage: Stage) -> None:
    stage.play("press")
    again = Stage.read(stage.file.parent)
    assert again
    assert ask(again, read_stamp(stage)).status_code == 204


@pytest.mark.django_db
def test_what_the_engine_logs_is_news_to_the_board_alone(stage: Stage) -> None:
    desk, board = read_stamp(stage), read_stamp(stage, with_log=True)
    given.make_case()
    assert read_stamp(stage) == desk
    assert read_stamp(stage, with_log=True).logged > board.logged


def test_what_becomes_late_is_news_at_once(tmp_path: Path) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        stage = Stage.begin(tmp_path, game=START)
        stage.set_speed(1)
        due_at = [START + timedelta(seconds=s) for s in (41.5, 20.25)]
        stamp = read_stamp(stage).until_first(due_at)
        clock.shift(20)
        assert ask(stage, stamp).status_code == 204
        clock.shift(1)
        assert ask(stage, stamp) is None
        assert PageStamp.parse(str(stamp)) == stamp
