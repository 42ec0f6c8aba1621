"""What a clock says: in words first, so that colour only repeats it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SOON = timedelta(hours=24)

Tone = Literal["plain", "due", "late", "good"]


@dataclass(frozen=True)
class ClockReading:
    tone: Tone
    words: str


def read_clock(due_at: datetime | None, met_at: datetime | None = None) -> ClockReading:
    if due_at is None:
        return ClockReading("plain", _("no deadline"))
    if met_at is not None:
        return read_met_clock(due_at, met_at)
    left = due_at - timezone.now()
    if left < timedelta():
        return ClockReading(
            "late", _("%(time)s late") % {"time": format_duration(-left)}
        )
    words = _("due in %(time)s") % {"time": format_duration(left)}
    return ClockReading("due" if left <= SOON else "plain", words)


def read_met_clock(due_at: datetime, met_at: datetime) -> ClockReading:
    if met_at <= due_at:
        return ClockReading("good", _("done on time"))
    words = _("done %(time)s late") % {"time": format_duration(met_at - due_at)}
    return ClockReading("plain", words)


def format_duration(time: timedelta) -> str:
    """Format minutes below an hour, hours below a day, then days; never more than is
    so."""
    # Rounded down at each unit: "due in 2 h" must not promise minutes that are gone.
    minutes = int(time.total_seconds() // 60)
    if minutes < 1:
        return _("less than a minute")
    if minutes < 60:
        return ngettext("%(n)d min", "%(n)d min", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < 24:
        return ngettext("%(n)d h", "%(n)d h", hours) % {"n": hours}
    days = hours // 24
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def format_deadline(at: datetime) -> str:
    """Format a deadline: the day only where it is another one."""
    here, today = timezone.localtime(at), timezone.localdate()
    time = date_format(here, "H:i")
    if here.date() == today:
        return _("today, %(time)s") % {"time": time}
    if here.date() == today + timedelta(days=1):
        return _("tomorrow, %(time)s") % {"time": time}
    return date_format(here, _("j M Y, H:i"))


def format_age(at: datetime) -> str:
    time = timezone.now() - at
    if time < timedelta():
        return _("in %(time)s") % {"time": format_duration(-time)}
    return _("%(time)s ago") % {"time": format_duration(time)}
