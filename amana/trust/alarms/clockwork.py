"""Runs each timer when it is due: the short ones here, one after the other; the long
ones of the night beside, one at a time, so that no consent waits for figures.

A timer is due when the last moment of its schedule has no try yet. So what was missed
while the server was off runs once when it is back, in the order of the night, and
nothing runs twice."""

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from traceback import format_exception
from typing import Protocol

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import close_old_connections, connection
from django.utils import timezone

from amana.errors import Refused
from amana.schedule import Timer
from amana.trust.alarms import timer_runs
from amana.trust.alarms.leading import LeaderCandidate
from amana.trust.alarms.models import TimerRun
from amana.ui import outages
from amana.ui.outages import Outage
from amana.unattended import (
    TookTooLong,
    begin_limit,
    format_error_name,
    limit_time,
    list_places,
)

AGAIN = timedelta(hours=1)
"""After so long one that failed is tried once more, although it is not due yet."""
PUT_BACK = timedelta(minutes=1)
"""A try that is noted so far ahead of now tells of a clock that was put back since;
without this a jump ahead would keep the timers from running until then."""
SHORT, LONG = timedelta(minutes=10), timedelta(hours=6)
"""What takes longer is stopped: others wait for it."""
WAITS = timedelta(seconds=5)
"""How often who does not lead asks whether they may."""
TICK = 0.25
"""Seconds; a signal to stop is heard within one."""
FAREWELL = timedelta(seconds=10)
"""What a timer has to end in once the process was told to."""
ROUND = timedelta(minutes=3)
"""A round that no timer is run in takes a minute, most of it rest."""

type Say = Callable[[str], object]


class ReportAlive(Protocol):
    def __call__(self, *, within: timedelta) -> None:
        """Report that this process works, and will report again within this time."""


def report_to_no_one(*, within: timedelta) -> None:
    """Report to no one: for a process that is not watched."""


# --- what is due


def find_due(now: datetime) -> list[Timer]:
    """List the timers that are due, in the order in which they became so."""
    zone = timezone.get_default_timezone()
    runs = TimerRun.objects.in_bulk()
    waiting = [
        (timer.when.latest(now, zone), place, timer)
        for place, timer in enumerate(timer_runs.list_wanted())
        if is_due(timer, runs.get(timer.command), now)
    ]
    return [timer for _moment, _place, timer in sorted(waiting, key=lambda w: w[:2])]


def is_due(timer: Timer, run: TimerRun | None, now: datetime) -> bool:
    if run is None or run.tried_at is None or run.tried_at > now + PUT_BACK:
        return True
    if run.unfinished_since is not None and run.tried_at <= now - AGAIN:
        return True
    zone = timezone.get_default_timezone()
    return run.tried_at < timer.when.latest(now, zone)


def claim(timer: Timer, now: datetime) -> bool:
    """Record that it begins; return False if another process has begun it meanwhile."""
    run, _created = TimerRun.objects.get_or_create(command=timer.command)
    if not is_due(timer, run, now):
        return False
    # Compared in the update itself: of two processes only one sees the earlier try.
    same = TimerRun.objects.filter(command=timer.command, tried_at=run.tried_at)
    since = run.unfinished_since or now
    return bool(same.update(tried_at=now, unfinished_since=since))


def run_timer(timer: Timer, say: Say) -> bool:
    """Run one timer, and record how it ended. Whatever happens in it, the others
    continue.
    """
    try:
        with limit_time(LONG if timer.is_long else SHORT):
            call_command(timer.command)
    except KeyboardInterrupt:
        raise
    # Also what no one expects, such as an exit in a timer: only the operator stops all.
    except BaseException as error:
        say(f"{timer.command} failed: {describe_error(error)}")
        timer_runs.record_failure(timer.command, error)
        return False
    timer_runs.record_run(timer.command)
    return True


def describe_error(error: BaseException) -> str:
    """Describe what failed: in the error's own words only if they are ours, since
    others may hold what people typed.
    """
    if isinstance(error, CommandError | Refused):
        return str(error)
    if isinstance(error, TookTooLong):
        return "it took too long and was stopped."
    if outages.detect_outage(error) is Outage.DISK:
        return outages.describe_outage(Outage.DISK, error)
    return (
        f"{format_error_name(error)}\n{list_places(''.join(format_exception(error)))}"
    )


# --- the process


class Clockwork:
    def __init__(
        self,
        candidate: LeaderCandidate,
        say: Say,
        alive: ReportAlive = report_to_no_one,
    ) -> None:
        self.candidate = candidate
        self.say = say
        self.alive = alive
        self.is_stopping = False
        self.is_running = False
        self.is_leading = False
        self.beside: subprocess.Popen[bytes] | None = None

    def stop(self, *_signal: object) -> None:
        self.is_stopping = True
        if self.is_running:
            begin_limit(FAREWELL)

    def go_on(self) -> None:
        """Run timers until `stop`; then end after the one at hand, which has ten
        seconds."""
        try:
            while not self.is_stopping:
                self.alive(within=ROUND)
                self.try_turn()
                self.rest()
        finally:
            self.end_beside()
            self.candidate.resign()

    def try_turn(self) -> None:
        """Try a turn; a database that is away is asked again a moment later."""
        try:
            close_old_connections()
            self.turn()
        except Exception as error:
            self.say(f"The timers wait: {describe_error(error)}")
            self.is_leading = False
            connection.close()

    def turn(self) -> None:
        """Run what is due, and notify of what was missed."""
        # Asked before each turn: a process that lost its lock, with its network, must
        # not run what another one runs by now.
        self.lead_or_wait()
        if not self.is_leading:
            return
        for timer in find_due(timezone.now()):
            if self.is_stopping:
                return
            if timer.is_beside:
                self.run_beside(timer)
            elif claim(timer, timezone.now()):
                self.run_here(timer)
        timer_runs.notify_missed()

    def run_here(self, timer: Timer) -> None:
        self.alive(within=SHORT + ROUND)
        self.is_running = True
        try:
            run_timer(timer, self.say)
        finally:
            self.is_running = False
            self.alive(within=ROUND)

    def lead_or_wait(self) -> None:
        led, self.is_leading = self.is_leading, self.candidate.leads()
        if self.is_leading and not led:
            self.say("The timers run in this process.")
        if led and not self.is_leading:
            self.say("Another process runs the timers.")
            self.end_beside()

    def run_beside(self, timer: Timer) -> None:
        """Begin one in a process of its own, unless another still runs."""
        if self.is_busy_beside() or not claim(timer, timezone.now()):
            return
        manage = str(settings.ROOT / "manage.py")
        words = [sys.executable, manage, "timers", "--only", timer.command]
        self.beside = subprocess.Popen(words)  # noqa: S603

    def is_busy_beside(self) -> bool:
        if self.beside is not None and self.beside.poll() is not None:
            self.beside = None
        return self.beside is not None

    def end_beside(self) -> None:
        """End the long timer. What it had begun in a transaction is undone, and tried
        again an hour after it began.
        """
        if self.beside is None:
            return
        self.beside.terminate()
        try:
            self.beside.wait(FAREWELL.total_seconds())
        except subprocess.TimeoutExpired:
            self.beside.kill()
            self.beside.wait()
        self.beside = None

    def rest(self) -> None:
        """Wait for the next minute, or for the end of the long timer."""
        was_busy = self.is_busy_beside()
        until = time.monotonic() + self.seconds_to_rest()
        while time.monotonic() < until and not self.is_stopping:
            if was_busy and not self.is_busy_beside():
                return
            time.sleep(TICK)

    def seconds_to_rest(self) -> float:
        if not self.is_leading:
            return WAITS.total_seconds()
        return 60 - time.time() % 60
