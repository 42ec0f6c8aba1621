"""Which timers run, and which did not: mailed to those who oversee, and shown to them.

The process that runs the timers checks all of them each minute. Where none runs at all,
those who oversee can't be notified by mail; the page of alarms and their first page
then show it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from amana.schedule import TIMERS, Timer
from amana.trust.access import tasks
from amana.trust.access.models import ADMINISTRATORS, Membership, Role, User
from amana.trust.alarms.models import TimerRun
from amana.trust.audit import log
from amana.unattended import format_error_name

GRACE = timedelta(minutes=10)
FAILING = timedelta(hours=2)
"""After so long without a try that came to its end those who oversee are told, once a
second try has begun: a long one may take longer by itself."""
ENOUGH = 2


@dataclass(frozen=True)
class MissedTimer:
    """A timer that should have run since; None: it never ran to its end."""

    timer: Timer
    since: datetime | None


def list_wanted() -> list[Timer]:
    """List the timers that run here: all but those that a setting leaves out."""
    return [t for t in TIMERS if not t.setting or getattr(settings, t.setting)]


def record_run(command: str) -> None:
    """Record that a timer has run to its end."""
    run, _created = TimerRun.objects.get_or_create(command=command)
    row = TimerRun.objects.filter(command=command)
    row.update(at=timezone.now(), unfinished_since=None, error="", told_at=None)
    if run.told_at is not None:
        log.record("timer runs again", by=None, command=command)


def record_failure(command: str, error: BaseException) -> None:
    """Record that a timer has failed, and by which class of error."""
    row = TimerRun.objects.filter(command=command)
    row.update(error=format_error_name(error)[:120])


def find_missed(now: datetime) -> list[MissedTimer]:
    """Find the timers that have not run for twice as long as they should, or fail again
    and again; one that was never seen counts from now, so that a new installation
    begins without an alarm.
    """
    runs = TimerRun.objects.in_bulk()
    return [
        MissedTimer(timer, runs[timer.command].at)
        for timer in list_wanted()
        if timer.command in runs and is_missed(timer, runs[timer.command], now)
    ]


def is_missed(timer: Timer, run: TimerRun, now: datetime) -> bool:
    last = run.at or run.known_since
    return is_failing(run, now) or last < now - 2 * timer.when.gap - GRACE


def is_failing(run: TimerRun, now: datetime) -> bool:
    """Return whether a second try has begun, and none has come to its end for too
    long.
    """
    since, tried = run.unfinished_since, run.tried_at
    if since is None or tried is None:
        return False
    return since < tried and since < now - FAILING


@transaction.atomic
def notify_missed() -> list[MissedTimer]:
    """Notify, once, of each timer that is missed."""
    now = timezone.now()
    known = set(TimerRun.objects.values_list("command", flat=True))
    TimerRun.objects.bulk_create(
        [TimerRun(command=t.command) for t in list_wanted() if t.command not in known],
        ignore_conflicts=True,
    )
    missed = find_missed(now)
    told = [late for late in missed if _claim(late, now)]
    for late in told:
        log.record("missed timer", by=None, command=late.timer.command)
    if told:
        people = [person.pk for person in list_people_to_notify()]
        tasks.notify_once_committed(people, urgent=True)
    return told


def _claim(missed: MissedTimer, now: datetime) -> bool:
    untold = TimerRun.objects.filter(command=missed.timer.command, told_at=None)
    # The update decides: two processes at once send one mail.
    return bool(untold.filter(at=missed.since).update(told_at=now))


def list_people_to_notify() -> list[User]:
    """List auditors and data-protection officers; administrators too, until there are
    two.
    """
    told = _holding([Role.AUDITOR, Role.DATA_PROTECTION_OFFICER])
    if len(told) < ENOUGH:
        told += [p for p in _holding(sorted(ADMINISTRATORS)) if p not in told]
    return told


def _holding(roles: list[Role]) -> list[User]:
    held = Membership.objects.holding(roles)
    people = User.objects.filter(pk__in=held.values("user"), is_active=True)
    return list(people.order_by("pk"))
