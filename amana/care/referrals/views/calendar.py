"""The calendar of appointments: a month or a week, one's own or the team's."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from amana.care.referrals import appointments, calendars
from amana.care.referrals.appointments import Span
from amana.trust.access.http import Request
from amana.ui.http import as_file, show

CALENDAR = "referrals/calendar.html"
AHEAD = timedelta(days=180)
OF_TEAM = "team"
YEARS = range(2000, 2101)


@require_GET
def month(request: Request) -> HttpResponse:
    day = asked_day(request)
    title = date_format(day, "F Y")
    return show_span(request, appointments.month_of(day), title, is_week=False)


@require_GET
def week(request: Request) -> HttpResponse:
    span = appointments.week_of(asked_day(request))
    first, last = (date_format(day, "j F Y") for day in (span.first, span.last))
    return show_span(request, span, f"{first} – {last}", is_week=True)


def show_span(
    request: Request, span: Span, title: str, *, is_week: bool
) -> HttpResponse:
    is_team = request.GET.get("of") == OF_TEAM
    whose = appointments.teams if is_team else appointments.mine
    found = whose(request.user, *appointments.bounds(span))
    name = "referrals:week" if is_week else "referrals:calendar"
    context: dict[str, Any] = {
        "title": title,
        "weeks": list(appointments.weeks(span, found)),
        "count": len(found),
        "is_week": is_week,
        "is_team": is_team,
        "previous": address(name, span.previous, is_team),
        "next": address(name, span.next, is_team),
        "now": address(name, calendars.today(), is_team),
        "as_month": address("referrals:calendar", middle(span), is_team),
        "as_week": address("referrals:week", nearest(span), is_team),
        "own": address(name, middle(span), False),
        "team": address(name, middle(span), True),
    }
    return show(request, CALENDAR, context, part="list")


def asked_day(request: Request) -> date:
    """Read the day in the address; today where there is none, or where its year is out
    of `YEARS`."""
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return calendars.today()
    return day if day.year in YEARS else calendars.today()


def address(name: str, day: date, is_team: bool) -> str:
    whose = f"&of={OF_TEAM}" if is_team else ""
    return f"{reverse(name)}?day={day.isoformat()}{whose}"


def middle(span: Span) -> date:
    """Compute a day that lies in the month, or the week, that is shown."""
    # Not the first day: a month is shown in whole weeks, so its first day may lie in
    # the month before.
    return span.first + (span.last - span.first) / 2


def nearest(span: Span) -> date:
    """Choose today where it is shown, else the middle of the span."""
    today = calendars.today()
    return today if span.first <= today <= span.last else middle(span)


@require_GET
def own_file(request: Request) -> HttpResponse:
    """Serve the user's own coming appointments as a file for a calendar program."""
    now = timezone.now()
    found = appointments.mine(request.user, now, now + AHEAD)
    content = appointments.file_of(found, _("Appointment"))
    return as_file(content, "text/calendar; charset=utf-8", "appointments.ics")
