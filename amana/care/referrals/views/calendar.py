"""The calendar of appointments: a month or a week, one's own or the team's."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from amana.care.referrals import appointments, calendars
from amana.care.referrals.appointments import CalendarWeeks
from amana.trust.access.http import Request
from amana.ui.http import send_file, show

CALENDAR = "referrals/calendar.html"
AHEAD = timedelta(days=180)
OF_TEAM = "team"
YEARS = range(2000, 2101)


@require_GET
def month(request: Request) -> HttpResponse:
    day = asked_day(request)
    title = date_format(day, _("F Y"))
    return show_span(request, appointments.compute_month(day), title, is_week=False)


@require_GET
def week(request: Request) -> HttpResponse:
    span = appointments.compute_week(asked_day(request))
    first, last = (date_format(day, _("j F Y")) for day in (span.first, span.last))
    return show_span(request, span, f"{first} – {last}", is_week=True)


def show_span(
    request: Request, span: CalendarWeeks, title: str, *, is_week: bool
) -> HttpResponse:
    is_team = request.GET.get("of") == OF_TEAM
    whose = (
        appointments.list_team_appointments
        if is_team
        else appointments.list_own_appointments
    )
    found = whose(request.user, *appointments.compute_bounds(span))
    name = "referrals:week" if is_week else "referrals:calendar"
    context: dict[str, object] = {
        "title": title,
        "weeks": list(appointments.iterate_weeks(span, found)),
        "count": len(found),
        "is_week": is_week,
        "is_team": is_team,
        "previous": build_address(name, span.previous, is_team),
        "next": build_address(name, span.next, is_team),
        "now": build_address(name, calendars.get_today(), is_team),
        "as_month": build_address(
            "referrals:calendar", compute_middle_day(span), is_team
        ),
        "as_week": build_address("referrals:week", choose_nearest_day(span), is_team),
        "own": build_address(name, compute_middle_day(span), False),
        "team": build_address(name, compute_middle_day(span), True),
    }
    return show(request, CALENDAR, context, part="list")


def asked_day(request: Request) -> date:
    """Read the day in the address; today where there is none, or where its year is out
    of `YEARS`."""
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return calendars.get_today()
    return day if day.year in YEARS else calendars.get_today()


def build_address(name: str, day: date, is_team: bool) -> str:
    whose = f"&of={OF_TEAM}" if is_team else ""
    return f"{reverse(name)}?day={day.isoformat()}{whose}"


def compute_middle_day(span: CalendarWeeks) -> date:
    """Compute a day that lies in the month, or the week, that is shown."""
    # Not the first day: a month is shown in whole weeks, so its first day may lie in
    # the month before.
    return span.first + (span.last - span.first) / 2


def choose_nearest_day(span: CalendarWeeks) -> date:
    """Choose today where it is shown, else the middle of the span."""
    today = calendars.get_today()
    return today if span.first <= today <= span.last else compute_middle_day(span)


@require_GET
def own_file(request: Request) -> HttpResponse:
    """Serve the user's own coming appointments as a file for a calendar program."""
    now = timezone.now()
    found = appointments.list_own_appointments(request.user, now, now + AHEAD)
    content = appointments.write_calendar_file(found, _("Appointment"))
    return send_file(content, "text/calendar; charset=utf-8", "appointments.ics")
