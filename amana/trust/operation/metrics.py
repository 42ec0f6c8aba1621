"""The state of the server for a program that watches it, as Prometheus reads it.

Nothing here counts people, cases or referrals; there is only whether the server does
its work."""

import shutil
import tomllib
from collections.abc import Iterator
from datetime import datetime
from functools import cache

from django.conf import settings
from django.utils import timezone

from amana.trust.alarms import timer_runs
from amana.trust.alarms.models import TimerRun
from amana.trust.backup import present_backups
from amana.trust.operation import checks, queue
from amana.trust.vault import heartbeat

type Sample = tuple[str, float]
"""Labels, and a value."""


@cache
def read_version() -> str:
    with (settings.ROOT / "pyproject.toml").open("rb") as file:
        found: str = tomllib.load(file)["project"]["version"]
    return found


def format_metrics() -> str:
    """Format all metrics in the text format of Prometheus 0.0.4."""
    lines: list[str] = []
    for name, help_, samples in iterate_families(timezone.now()):
        lines += [f"# HELP amana_{name} {help_}", f"# TYPE amana_{name} gauge"]
        lines += [f"amana_{name}{labels} {value:.15g}" for labels, value in samples]
    return "\n".join(lines) + "\n"


def iterate_families(now: datetime) -> Iterator[tuple[str, str, list[Sample]]]:
    """Yield each metric with its description and its samples; none where it is not
    known."""
    yield "build_info", "The version.", [(f'{{version="{read_version()}"}}', 1)]
    waiting = queue.find_waiting_tasks()
    oldest = waiting.order_by("enqueued_at").first()
    # The oldest, because the number alone can't tell a busy queue from a worker that
    # has stopped.
    age = (now - oldest.enqueued_at).total_seconds() if oldest else 0
    yield "tasks_waiting", "Background tasks to do.", [("", waiting.count())]
    yield "tasks_oldest_seconds", "How long the oldest waits.", [("", max(0, age))]
    failed = queue.find_failed_tasks().count()
    yield "tasks_failed", "Background tasks that failed.", [("", failed)]
    runs = TimerRun.objects.in_bulk()
    ran = [t.command for t in timer_runs.list_wanted() if t.command in runs]
    ends = [(command, runs[command].at) for command in ran]
    last = [(_timer(command), at.timestamp()) for command, at in ends if at]
    yield "timer_last_run_seconds", "When each timer last ran to its end.", last
    missed = {m.timer.command for m in timer_runs.find_missed(now)}
    late = [(_timer(command), float(command in missed)) for command in ran]
    yield "timer_missed", "1 where a timer did not run when it should have.", late
    free = [
        (_disk(number), float(shutil.disk_usage(path).free))
        for number, path in enumerate(checks.list_disks())
    ]
    yield "disk_free_bytes", "Room on the disks of data and backups.", free
    backup = present_backups.get_last_backup()
    ages = [("", (now - backup).total_seconds())] if backup else []
    yield "backup_age_seconds", "Age of the last whole backup.", ages
    doubt = float(heartbeat.is_in_doubt())
    yield "clock_in_doubt", "1 while the clock may be wrong.", [("", doubt)]
    wrong = [
        (f'{{check="{r.check.name}"}}', float(r.finding is not None))
        # The quick checks only: Prometheus asks several times a minute, and a slow
        # check would keep a worker from people's pages.
        for r in checks.run_checks(only_quick=True)
    ]
    yield "check_failed", "1 for each check of the page Operation that fails.", wrong


def _timer(command: str) -> str:
    return f'{{timer="{command}"}}'


def _disk(number: int) -> str:
    return f'{{disk="{("data", "backup")[number]}"}}'
