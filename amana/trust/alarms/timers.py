"""Which timers run, and which did not: told to two people, and shown to the auditor.

Each timer that runs looks at all others. Where none runs at all nobody can be told by
mail; the page of alarms and the first page of those who oversee say it then."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from amana.schedule import TIMERS, Timer
from amana.trust.access import tasks
from amana.trust.access.models import ADMINISTRATORS, Membership, Role, User
from amana.trust.alarms.models import TimerRun
from amana.trust.audit import log

GRACE = timedelta(minutes=10)
ENOUGH = 2


@dataclass(frozen=True)
class Missed:
    """A timer that should have run since."""

    timer: Timer
    since: datetime


def note_run(command: str) -> None:
    """Write down that a timer has run to its end."""
    now = timezone.now()
    TimerRun.objects.get_or_create(command=command)
    was_missed = TimerRun.objects.filter(command=command, told_at__isnull=False)
    if was_missed.update(at=now, told_at=None):
        log.record("timer runs again", by=None, command=command)
    else:
        TimerRun.objects.filter(command=command).update(at=now)


def find_missed(now: datetime) -> list[Missed]:
    """Those that have not run for twice as long as they should; one that was never
    seen has run now, so that a new house begins without alarm."""
    runs = dict(TimerRun.objects.values_list("command", "at"))
    return [
        Missed(timer, runs[timer.command])
        for timer in TIMERS
        if timer.command in runs and runs[timer.command] < now - 2 * timer.every - GRACE
    ]


@transaction.atomic
def look() -> list[Missed]:
    """Tell, once, of each timer that is missed."""
    now = timezone.now()
    known = set(TimerRun.objects.values_list("command", flat=True))
    TimerRun.objects.bulk_create(
        [TimerRun(command=t.command, at=now) for t in TIMERS if t.command not in known],
        ignore_conflicts=True,
    )
    missed = find_missed(now)
    told = [late for late in missed if _claim(late, now)]
    for late in told:
        log.record("missed timer", by=None, command=late.timer.command)
    if told:
        people = [person.pk for person in who_is_told()]
        tasks.tell_once_committed(people, urgent=True)
    return told


def _claim(missed: Missed, now: datetime) -> bool:
    untold = TimerRun.objects.filter(command=missed.timer.command, told_at=None)
    return bool(untold.filter(at=missed.since).update(told_at=now))


def who_is_told() -> list[User]:
    """Auditors and data-protection officers; administrators too, until it is two."""
    told = _holding([Role.AUDITOR, Role.DATA_PROTECTION_OFFICER])
    if len(told) < ENOUGH:
        told += [p for p in _holding(sorted(ADMINISTRATORS)) if p not in told]
    return told


def _holding(roles: list[Role]) -> list[User]:
    held = Membership.objects.holding(roles)
    people = User.objects.filter(pk__in=held.values("user"), is_active=True)
    return list(people.order_by("pk"))
