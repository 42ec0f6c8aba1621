"""Whether the server's clock can be believed, before it destroys anything.

A clock that jumps ten years ahead would let every consent and every case expire. So
each timer that destroys compares the clock with the machine's own counter, which no
setting moves, and after a stop with when it last ran. Where they disagree nothing is
destroyed until a person has confirmed the time. What has expired by it stays unreadable
meanwhile.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Changed, Refused
from amana.trust.access import tasks
from amana.trust.access.models import ADMINISTRATORS, Membership, Role, User
from amana.trust.access.rules import Denied, has_role
from amana.trust.audit import log
from amana.trust.vault.models import Heartbeat
from amana.trust.vault.rules import WATCHING, confirm_clock

TOLERANCE = timedelta(minutes=10)
"""Between the clock and the counter since the machine was started: what a server's
clock is put right by, at most."""
LONGEST_STOP = timedelta(days=1)
"""Across a start the counter says nothing; a machine that was off for longer than this
could as well have come back with a wrong clock."""

OUTAGE = timedelta(minutes=15)
"""The timers run each minute: after so long without them Amana was out of service."""

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class ClockInDoubt(Refused):
    """The clock may have jumped: nothing may be destroyed by it."""


@dataclass(frozen=True)
class HeartbeatReading:
    """The clock, and what the machine itself knows of time."""

    at: datetime
    boot: str
    """Names the machine's last start."""
    booted_at: datetime
    """When that was, by today's clock and the counter since."""

    def continues(self, last: Heartbeat) -> bool:
        """Return whether the machine has run since; one that doesn't name its starts
        may have been started between any two readings.
        """
        return bool(self.boot) and self.boot == last.boot


@dataclass(frozen=True)
class NoticeOutage:
    """A time in which no one could be notified of anything."""

    began_at: datetime
    ended_at: datetime


def measure_uptime() -> timedelta:
    """Measure how long the machine has run; setting its clock doesn't change that."""
    # On Linux CLOCK_MONOTONIC stops while a machine is suspended, and CLOCK_BOOTTIME
    # doesn't.
    boottime = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return timedelta(seconds=time.clock_gettime(boottime))


def read_boot_id() -> str:
    return BOOT_ID.read_text().strip() if BOOT_ID.exists() else ""


def read() -> HeartbeatReading:
    now = timezone.now()
    return HeartbeatReading(now, read_boot_id(), now - measure_uptime())


def is_plausible(last: Heartbeat, now: HeartbeatReading) -> bool:
    """Return whether as much time has passed by the clock as really has, as far as
    known.
    """
    if now.continues(last):
        return abs(now.booted_at - last.booted_at) <= TOLERANCE
    return -TOLERANCE <= now.at - last.at <= LONGEST_STOP


def is_in_doubt() -> bool:
    last = Heartbeat.objects.first()
    return last is not None and (
        last.doubted_at is not None or not is_plausible(last, read())
    )


def require_clock() -> None:
    """Require that the clock can be believed, before anything is destroyed because its
    time is over. Raises `ClockInDoubt`.
    """
    if is_in_doubt():
        raise ClockInDoubt(
            _(
                "The server’s clock may be wrong. Nothing is deleted based on it "
                "until an administrator or a data-protection officer has confirmed "
                "the time."
            )
        )


@transaction.atomic
def record_heartbeat() -> bool:
    """Record that the clock was seen to run; False once it is in doubt."""
    now = read()
    last = Heartbeat.objects.select_for_update().first()
    if last is None:
        Heartbeat.objects.create(at=now.at, boot=now.boot, booted_at=now.booted_at)
        return True
    # In doubt it stays until a person confirms: a clock that jumps back by itself must
    # not end the doubt.
    if last.doubted_at is not None:
        return False
    if not is_plausible(last, now):
        Heartbeat.objects.update(doubted_at=now.at)
        log.record("doubted clock", by=None, last=last.at.isoformat())
        tasks.notify_once_committed(list_people_to_notify(), urgent=True)
        return False
    if now.continues(last):
        # The first reading since the start stays: many small steps are a jump too.
        Heartbeat.objects.update(at=now.at, **_outage_until(now.at, last))
    else:
        _begin_anew(now, last, until=now.at)
    return True


def _outage_until(moment: datetime, last: Heartbeat) -> dict[str, datetime]:
    """Name the outage that ended at `moment`, if there was one."""
    if moment - last.at < OUTAGE:
        return {}
    return {"stopped_at": last.at, "resumed_at": moment}


def _begin_anew(now: HeartbeatReading, last: Heartbeat, *, until: datetime) -> None:
    Heartbeat.objects.update(
        at=now.at,
        boot=now.boot,
        booted_at=now.booted_at,
        doubted_at=None,
        **_outage_until(until, last),
    )


def find_last_outage() -> NoticeOutage | None:
    last = Heartbeat.objects.exclude(resumed_at=None).first()
    if last is None or last.stopped_at is None or last.resumed_at is None:
        return None
    return NoticeOutage(last.stopped_at, last.resumed_at)


def list_people_to_notify() -> list[int]:
    roles = [*ADMINISTRATORS, Role.DATA_PROTECTION_OFFICER]
    active = Membership.objects.holding(roles).filter(user__is_active=True)
    return sorted(set(active.values_list("user", flat=True)))


@transaction.atomic
def confirm_time(*, by: User) -> None:
    """Confirm that the clock is right: what has expired by it is deleted from now on.
    Raises `Changed` when it was confirmed already.
    """
    if not has_role(by, WATCHING):
        raise Denied(confirm_clock, by)
    if not is_in_doubt():
        raise Changed(_("The time has already been confirmed."))
    now, last = read(), Heartbeat.objects.select_for_update().get()
    # People could be told again when the server came back, not when the clock was
    # confirmed; unless it said then what was wrong.
    _begin_anew(now, last, until=min(last.doubted_at or now.at, now.at))
    log.record("confirmed clock", by=by, at=now.at.isoformat())


class DestroyingCommand(BaseCommand):
    """A timer that destroys something: it stops before it does, if the clock jumped."""

    def execute(self, *args: object, **options: object) -> str | None:
        if not record_heartbeat():
            raise CommandError(
                "The clock disagrees with the machine's counter, or with when this "
                "last ran. Nothing is destroyed until a person confirms the time, on "
                "the page “Retention”."
            )
        return super().execute(*args, **options)
