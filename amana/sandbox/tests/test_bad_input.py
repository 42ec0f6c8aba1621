"""What goes wrong while an exercise is played: its process is killed, a player's
telephone is an hour late, the clock is set back. It goes on, and its log is whole.

By the process that a server starts, on its socket; one exercise for all of it, since it
takes a minute to build."""

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from amana.academy.exercises.accounts import CONTROL
from amana.sandbox.stage import FILE, SEEN

from .exercise_program import (
    ServedExercise,
    create_folder,
    remove_folder,
    run_program,
)

BUILDS_WITHIN = 300
LARGEST, LOOKS_AGAIN = 500_000_000, 11
"""Of its middleware, which can be imported in an exercise alone."""
BOARD, DESK = "/exercise/board/", "/exercise/"


@pytest.fixture(scope="module")
def exercise() -> Iterator[ServedExercise]:
    folder = create_folder("truck-at-the-border")
    folder.write_played({"guard", "unit"})
    served = ServedExercise(folder)
    try:
        wait_for(lambda: is_answering(served), seconds=BUILDS_WITHIN)
        yield served
    finally:
        served.stop()
        remove_folder(folder)


def wait_for(what: Callable[[], bool], *, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "It did not come in time."
        time.sleep(0.2)


def is_answering(exercise: ServedExercise) -> bool:
    assert exercise.process.poll() is None, exercise.folder.log.read_text()[-2000:]
    try:
        return exercise.ask(CONTROL, BOARD)[0] == 200
    except OSError:
        return False


def restart(exercise: ServedExercise) -> None:
    exercise.start()
    wait_for(lambda: is_answering(exercise), seconds=BUILDS_WITHIN)


def list_entries(exercise: ServedExercise, what: str) -> list[dict[str, str]]:
    lines = (exercise.folder.path / FILE).read_text().splitlines()
    return [entry for line in lines if (entry := json.loads(line))["what"] == what]


def list_played(exercise: ServedExercise) -> list[str]:
    return [entry["code"] for entry in list_entries(exercise, "played")]


def lead(exercise: ServedExercise, page: str, **said: object) -> None:
    exercise.ask(CONTROL, BOARD)
    status, words = exercise.ask(CONTROL, BOARD + page, **(said or {"go": "1"}))
    assert status == 302, words


def note_act(exercise: ServedExercise, act: str) -> int:
    return exercise.ask("guard-1", f"{DESK}act", act=act, person="samir")[0]


def verify_log(exercise: ServedExercise) -> None:
    """Read the whole log of the engine; the program fails where an entry is missing,
    altered or out of its place."""
    assert run_program(exercise.folder, "manage.py", "verify_audit", "--all")


def test_it_is_killed_in_the_middle_and_goes_on(exercise: ServedExercise) -> None:
    assert exercise.ask("guard-1", DESK)[0] == 200
    lead(exercise, "speed", speed=120)
    wait_for(lambda: "arrival" in list_played(exercise))
    assert note_act(exercise, "seen.alone") == 302
    os.kill(exercise.process.pid, signal.SIGKILL)
    exercise.process.wait()
    # As a power cut leaves it: the last line is half.
    file = exercise.folder.path / FILE
    whole = file.read_bytes()
    file.write_bytes(whole + b'{"what": "played", "code": "pa')
    verify_log(exercise)

    restart(exercise)
    lead(exercise, "forward", hours=4)
    wait_for(lambda: "full" in list_played(exercise))
    assert file.read_bytes().startswith(whole)
    assert set(Counter(list_played(exercise)).values()) == {1}
    page = exercise.ask("guard-1", DESK)[1]
    assert "a truck with furniture" in page  # what came before it was killed


def test_a_request_that_comes_an_hour_late_counts_when_it_comes(
    exercise: ServedExercise,
) -> None:
    """The telephone has had its page, and its form, since before the process was
    killed; at × 120 an hour of the exercise passes in half a minute."""
    lead(exercise, "speed", speed=0)
    assert exercise.ask("guard-1", DESK)[0] == 200
    lead(exercise, "forward", hours=1)
    assert note_act(exercise, "safety.assessed") == 302
    exercise.ask(CONTROL, BOARD)
    page = exercise.ask(CONTROL, "/exercise/timeline/?seat=guard")[1]
    times = [
        datetime.strptime(f"2027 {words}", "%Y %d %B, %H:%M")  # noqa: DTZ007
        for words in list_times(page)
    ]
    assert times == sorted(times)
    seen, assessed = (find_time(page, act) for act in ("Seen alone", "Safety was"))
    assert (assessed - seen).total_seconds() >= 5 * 3600


def list_times(page: str) -> list[str]:
    body = page.partition("<tbody")[2].partition("</tbody>")[0]
    return [
        cell.partition("</td>")[0].rpartition(">")[2].strip()
        for cell in body.split('data-label="Time"')[1:]
    ]


def find_time(page: str, act: str) -> datetime:
    rows = page.partition("<tbody")[2].split("<tr")[1:]
    row = next(row for row in rows if act in row)
    words = list_times(f"<tbody{row}</tbody>")[0]
    return datetime.strptime(f"2027 {words}", "%Y %d %B, %H:%M")  # noqa: DTZ007


def test_a_clock_is_not_wound_back_by_a_form(exercise: ServedExercise) -> None:
    before = list_entries(exercise, "clock")
    for page, said in (("forward", {"hours": -8}), ("speed", {"speed": -60})):
        lead(exercise, page, **said)
    assert list_entries(exercise, "clock") == before


def test_a_server_whose_clock_was_set_back_goes_on_from_where_it_was(
    exercise: ServedExercise,
) -> None:
    """As if our own clock had been four hours ahead until the process ended."""
    lead(exercise, "speed", speed=1)
    wait_for(lambda: (exercise.folder.path / SEEN).exists())
    exercise.stop()
    file = exercise.folder.path / FILE
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    for entry in lines:
        if entry["what"] == "clock":
            entry["wall"] = move(entry["wall"], hours=4)
    file.write_text("".join(json.dumps(entry) + "\n" for entry in lines))
    seen = exercise.folder.path / SEEN
    seen.write_text(move(seen.read_text(), hours=4))
    played = list_played(exercise)

    restart(exercise)
    last = list_entries(exercise, "clock")
    games = [datetime.fromisoformat(entry["game"]) for entry in last]
    assert games == sorted(games)
    assert list_played(exercise)[: len(played)] == played
    assert note_act(exercise, "need.acted_on") == 302
    verify_log(exercise)


def move(words: str, *, hours: int) -> str:
    return (datetime.fromisoformat(words) + timedelta(hours=hours)).isoformat()


def test_what_was_noted_and_not_done_is_done_at_the_next_start(
    exercise: ServedExercise,
) -> None:
    """Killed between the two: it is noted that Samir takes his consent back, and he has
    not done so."""
    exercise.stop()
    last = max(entry["at"] for entry in list_entries(exercise, "played"))
    noted = {"what": "played", "code": "second_thoughts", "at": last}
    with (exercise.folder.path / FILE).open("a") as file:
        file.write(json.dumps(noted) + "\n")
    for _time in range(2):
        restart(exercise)
        page = exercise.ask(CONTROL, "/exercise/timeline/")[1]
        assert page.count("Consent was withdrawn") == 1
        exercise.stop()
    restart(exercise)
    verify_log(exercise)


def test_two_who_lead_play_the_same_inject_and_it_comes_once(
    exercise: ServedExercise,
) -> None:
    exercise.ask(CONTROL, BOARD)
    with ThreadPoolExecutor(4) as pool:
        page = f"{BOARD}inject/journalist"
        asked = [pool.submit(exercise.ask, CONTROL, page, go="1") for _n in range(4)]
        assert {found.result()[0] for found in asked} == {302}
    assert list_played(exercise).count("journalist") == 1
    verify_log(exercise)


def test_one_that_has_stored_too_much_takes_notes_and_nothing_else(
    exercise: ServedExercise,
) -> None:
    large = exercise.folder.path / "large"
    with large.open("wb") as file:
        file.truncate(LARGEST + 1)
    try:
        time.sleep(LOOKS_AGAIN)
        exercise.ask("guard-1", DESK)
        status, words = exercise.ask("guard-1", "/today/", go="1")
        assert status == 409
        assert "has stored all that it may: 500 MB" in words
        assert note_act(exercise, "need.found") == 302
        assert exercise.ask("guard-1", "/today/")[0] == 200
    finally:
        large.unlink()
