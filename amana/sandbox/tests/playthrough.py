"""A program, run in the folder of an exercise: builds it, then plays it to its end in
each mode, by a careful and by a careless player, and prints the results. Each play
begins from the same installation, in a copy of this process. Not a test: see
`test_playthroughs.py`.

Its clock is simulated: a day takes as long as its turns."""

import json
import os
import shutil
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from traceback import format_exc
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from amana.academy.exercises.accounts import (  # noqa: E402
    CONTROL,
    build_player_account,
)
from amana.academy.exercises.engine import criteria, hindrances  # noqa: E402
from amana.academy.exercises.models import PlayMode  # noqa: E402
from amana.academy.exercises.standard_criteria import STANDARD  # noqa: E402
from amana.academy.sandboxes.relay import ACCOUNT  # noqa: E402
from amana.sandbox import (  # noqa: E402
    act_log,
    agency_accounts,
    building,
    directing,
    playing,
    scripted_answers,
    stage,
)
from amana.sandbox.here import FOLDER, STAGE  # noqa: E402
from amana.sandbox.tests.players import (  # noqa: E402
    CarefulPlayer,
    CarelessPlayer,
    Player,
)
from amana.trust.access.models import User  # noqa: E402
from amana.trust.audit import checking, sealing  # noqa: E402

PLAYERS: dict[str, type[Player]] = {
    "careful": CarefulPlayer,
    "careless": CarelessPlayer,
}
TURNS = 20
"""Turns that a play is made of, after its first hours."""
AT_FIRST = timedelta(hours=3)
OFTEN = timedelta(minutes=20)
"""Between two turns at first, while players act and scripts answer."""
NIGHT = timedelta(hours=12)
KEPT = FOLDER.path / "kept"
"""What this program keeps, in the only folder that it may write in."""


class WallClock:
    """Our own clock, which runs only as far as it is moved."""

    def __init__(self) -> None:
        # From where its clock was last touched: before that, its time stands.
        self.now = STAGE.clock.segments[-1].wall

    def read(self) -> datetime:
        return self.now

    def pass_game_time(self, span: timedelta) -> None:
        self.now += span / STAGE.speed


class PlayedRoom:
    """Who holds which seat in a mode, and by which browser they act there."""

    def __init__(self, mode: PlayMode) -> None:
        self.mode = mode
        self.scenario = playing.load_scenario()
        self.played = self.choose_seats()
        self.browsers: dict[str, Client] = {}
        self.users: dict[str, User] = {}
        self.day = 1

    def choose_seats(self) -> frozenset[str]:
        seats = list(self.scenario.seats.values())
        if self.mode is PlayMode.TABLE:
            return frozenset(seat.code for seat in seats)
        if self.mode is PlayMode.ALONE:
            return frozenset({seats[0].code})
        optional = [seat.code for seat in seats if seat.fewest == 0]
        needed = {seat.code for seat in seats if seat.fewest > 0}
        return frozenset(needed | {*optional[::2]})

    def get_account(self, seat: str) -> str:
        # Over days, a colleague comes to the seat on the second one.
        number = 2 if self.mode is PlayMode.DAYS and self.day > 1 else 1
        return build_player_account(seat, min(number, self.scenario.seats[seat].most))

    def get_user(self, seat: str) -> User:
        return self.get_account_user(self.get_account(seat))

    def get_account_user(self, account: str) -> User:
        # Once: to unlock keys is slow on purpose.
        if account not in self.users:
            self.users[account] = agency_accounts.get_user(account)
        return self.users[account]

    def get_browser(self, account: str) -> Client:
        """Get the browser of an account: around one screen, the same for all."""
        shared = "one screen" if self.mode is PlayMode.TABLE else account
        return self.browsers.setdefault(shared, Client())

    def ask(self, account: str, page: str, **said: Any) -> None:
        browser, to = self.get_browser(account), f"/exercise/{page}"
        answer = browser.post(to, said, headers={ACCOUNT: account})
        assert answer.status_code == 302, (answer.status_code, account, page, said)

    def list_disclosed(self) -> list[str]:
        """List the people of whom the page of a seat has what they know."""
        account = self.get_account(min(self.played))
        page = self.get_browser(account).get("/exercise/", headers={ACCOUNT: account})
        words = unescape(page.content.decode())
        return [
            person.code
            for person in self.scenario.people.values()
            if any(known.tells["en"] in words for known in person.knows)
        ]

    def post(self, seat: str, page: str, **said: Any) -> None:
        self.ask(self.get_account(seat), page, **said)

    def lead(self, page: str, **said: Any) -> None:
        """Act on the board: who plays alone does so from their seat."""
        alone = self.mode is PlayMode.ALONE
        account = self.get_account(min(self.played)) if alone else CONTROL
        self.ask(account, f"board/{page}", **said)


def play(mode: PlayMode, player: type[Player]) -> dict[str, Any]:
    """Play the exercise to its end, and return what it came to."""
    wall = WallClock()
    setattr(stage, "read_wall_time", wall.read)  # noqa: B010
    plan = FOLDER.read_plan() | {"mode": mode}
    FOLDER._write("plan.json", plan)
    playing.load_scenario.cache_clear()
    room = PlayedRoom(mode)
    FOLDER.write_played(room.played)
    acts = player(room)
    speed = 1 if mode is PlayMode.DAYS else min(120, int(room.scenario.speed))
    room.lead("speed", speed=min(s for s in (1, 10, 20, 30, 60, 120) if s >= speed))
    run(room, acts, wall)
    room.lead("end/")
    return describe(room)


def run(room: PlayedRoom, player: Player, wall: WallClock) -> None:
    """Take turn after turn until the clock has reached the end."""
    scenario, calendar = room.scenario, playing.load_pack().calendar
    end = scenario.length.after(scenario.start, calendar)
    tasks = player.plan()
    while STAGE.speed > 0:
        directing.take_turn(STAGE)
        player.look_around()
        now = STAGE.now()
        is_first = now < scenario.start + AT_FIRST
        until = OFTEN if is_first else (end - scenario.start) / TURNS
        while tasks and scenario.start + tasks[0][0] <= now:
            tasks.pop(0)[1]()
        if tasks:
            until = min(until, scenario.start + tasks[0][0] - now)
        if STAGE.speed > 0:
            wall.pass_game_time(max(until, timedelta(seconds=1)))
        day = (STAGE.now() - scenario.start).days + 1
        if room.mode is PlayMode.DAYS and day > room.day:
            spend_night(room, wall)


def spend_night(room: PlayedRoom, wall: WallClock) -> None:
    """Stop for a night, in which the process ends; the next one reads it again."""
    room.day += 1
    room.lead("speed", speed=0)
    before = STAGE.now()
    wall.now += NIGHT
    again = stage.Stage.read(FOLDER.path)
    assert again is not None
    STAGE.__dict__.update(again.__dict__)
    assert STAGE.now() == before
    room.lead("speed", speed=1)


def describe(room: PlayedRoom) -> dict[str, Any]:
    scenario, log = room.scenario, act_log.read_log()
    scores = {
        code: criteria.score_conduct(log, STANDARD[code].criterion)
        for code in scenario.criteria
    }
    missing = {
        code: hindrances.find_hindrance(scenario, log, inject, STAGE.played)
        for code, inject in scenario.injects.items()
        if code not in STAGE.played
    }
    read_again = stage.Stage.read(FOLDER.path)
    assert read_again is not None
    return {
        "ended": STAGE.ended_at is not None,
        "until": timezone.localtime(STAGE.ended_at).isoformat(),
        # Raises LogBroken where an entry is missing or altered.
        "whole": checking.check_whole_log().entries,
        "events": len(log.events),
        "read_again": (read_again.played, read_again.scripted)
        == (STAGE.played, STAGE.scripted),
        "waits": len(scripted_answers.list_scripted_acts(scenario, log, STAGE)),
        "notes": [note.text for note in STAGE.notes],
        "played": sorted(STAGE.played),
        "missing": {code: repr(why) if why else "" for code, why in missing.items()},
        "scores": {code: str(score.verdict) for code, score in scores.items()},
        "shown": {
            code: all(finding.events for finding in score.findings)
            for code, score in scores.items()
        },
        "acts": sorted({event.act for event in log.events}),
        "by_scripts": len(STAGE.scripted),
        "disclosed": room.list_disclosed(),
        "moments": [[m.number, m.codes] for m in FOLDER.list_moments()],
        "kept_scores": FOLDER.read_scores(),
        "log_head": FOLDER.read_log_head(),
        "log_root_then": find_root_at(FOLDER.read_log_head()),
    }


def find_root_at(head: tuple[int, str] | None) -> str:
    """The root over as many entries as the log had at the end, computed anew."""
    return sealing.compute_root(head[0]).hex() if head else ""


# -- one copy of the process for each play


def play_apart(mode: str, name: str) -> dict[str, Any]:
    """Play in a copy of this process, on a copy of what was built."""
    connections.close_all()
    found = KEPT / "found.json"
    child = os.fork()
    if child == 0:
        report(found, lambda: play(PlayMode(mode), PLAYERS[name]))
    os.waitpid(child, 0)
    put_back()
    result: dict[str, Any] = json.loads(found.read_text())
    return result


def report(found: Path, what: Callable[[], dict[str, Any]]) -> None:
    try:
        found.write_text(json.dumps(what()))
    except BaseException:
        found.write_text(json.dumps({"error": format_exc()}))
    finally:
        sys.stdout.flush()
        os._exit(0)


def keep() -> None:
    connections.close_all()
    shutil.copytree(FOLDER.path, KEPT / "built", ignore=lambda *_a: ["kept"])


def put_back() -> None:
    for path in FOLDER.path.iterdir():
        if path != KEPT:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(KEPT / "built", FOLDER.path, dirs_exist_ok=True)


def play_here(wanted: str) -> dict[str, Any]:
    """Play in this process, and leave what it came to."""
    mode, name = wanted.split("/")
    began = {
        "began": STAGE.now().isoformat(),
        "played_before": sorted(STAGE.played),
        "events_before": list_events(),
    }
    return play(PlayMode(mode), PLAYERS[name]) | began | {"all_events": list_events()}


def list_events() -> list[list[Any]]:
    return [[event.number, event.act] for event in act_log.read_log().events]


def main(names: list[str]) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    if not FOLDER.is_built:
        building.build(FOLDER)
    if names[:1] == ["--stay"]:
        sys.stdout.write(json.dumps({names[1]: play_here(names[1])}))
        return
    keep()
    plays = [f"{mode}/{name}" for mode in PlayMode for name in PLAYERS]
    results = {wanted: play_apart(*wanted.split("/")) for wanted in (names or plays)}
    sys.stdout.write(json.dumps(results))


main(sys.argv[1:])
