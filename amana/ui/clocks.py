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
class Reading:
    tone: Tone
    words: str


def read(due_at: datetime | None, met_at: datetime | None = None) -> Reading:
    if due_at is None:
        return Reading("plain", _("no deadline"))
    if met_at is not None:
        return met(due_at, met_at)
    left = due_at - timezone.now()
    if left < timedelta():
        return Reading("late", _("%(time)s late") % {"time": length(-left)})
    words = _("due in %(time)s") % {"time": length(left)}
    return Reading("due" if left <= SOON else "plain", words)


def met(due_at: datetime, met_at: datetime) -> Reading:
    if met_at <= due_at:
        return Reading("good", _("done on time"))
    words = _("done %(time)s late") % {"time": length(met_at - due_at)}
    return Reading("plain", words)


def length(time: timedelta) -> str:
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


def by_when(at: datetime) -> str:
    """Format a deadline: the day only where it is another one."""
    here, today = timezone.localtime(at), timezone.localdate()
    time = date_format(here, "H:i")
    if here.date() == today:
        return _("today, %(time)s") % {"time": time}
    if here.date() == today + timedelta(days=1):
        return _("tomorrow, %(time)s") % {"time": time}
    return date_format(here, _("j M Y, H:i"))


def ago(at: datetime) -> str:
    time = timezone.now() - at
    if time < timedelta():
        return _("in %(time)s") % {"time": length(-time)}
    return _("%(time)s ago") % {"time": length(time)}
