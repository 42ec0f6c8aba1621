"""The appointments that referrals carry, as the days of a calendar.

They show a time, a need and a service, and lead to the referral. Those of cases kept to
named people are in the calendar of who works on them, and in no team's."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from icalendar import Calendar as File
from icalendar import Event

from amana.care.referrals import calendars
from amana.care.referrals.models import Referral
from amana.care.referrals.rules import (
    answer_referral,
    follow_referral,
    supervise_referral,
)
from amana.trust.access.models import User

MOST = 500
ONE_DAY, ONE_WEEK = timedelta(days=1), timedelta(days=7)
MAKER = "-//Amana//Appointments//EN"


@dataclass(frozen=True)
class CalendarDay:
    """One day of the calendar."""

    date: date
    appointments: list[Referral]
    is_today: bool
    is_weekend: bool
    is_holiday: bool
    is_inside: bool = True
    """Whether it belongs to the month that is shown."""


@dataclass(frozen=True)
class CalendarWeeks:
    """The days that a page shows, whole weeks of them, and where others lie."""

    first: date
    last: date
    previous: date
    next: date
    month: int | None = None
    """The month that is shown; none: a week is."""


def compute_month(day: date) -> CalendarWeeks:
    """Return the weeks in which a month lies."""
    begins = day.replace(day=1)
    # No month is longer: 31 days after its first day is always in the next one.
    following = (begins + timedelta(days=31)).replace(day=1)
    last = compute_week(following - ONE_DAY).last
    before = (begins - ONE_DAY).replace(day=1)
    return CalendarWeeks(compute_week(begins).first, last, before, following, day.month)


def compute_week(day: date) -> CalendarWeeks:
    """Return the week of a day, which begins as it does where the mechanism works."""
    first = day - timedelta(days=(day.weekday() - get_first_weekday()) % 7)
    return CalendarWeeks(
        first, first + timedelta(days=6), first - ONE_WEEK, first + ONE_WEEK
    )


def get_first_weekday() -> int:
    """Get the first day of the week (Monday is 0): by the country whose holidays are
    kept, else by the language."""
    country = settings.HOLIDAYS_OF.partition("-")[0] or None
    language = (get_language() or "en").partition("-")[0]
    try:
        return Locale(language, territory=country).first_week_day
    except UnknownLocaleError:
        return Locale("en", territory=country).first_week_day


# --- whose


def list_own_appointments(
    user: User, begins: datetime, ends: datetime
) -> list[Referral]:
    """List those of the cases on which a user works, and of the referrals that they
    took on."""
    expected = Referral.objects.for_list().expected(begins, ends)
    followed = follow_referral.among(expected, user)
    taken = answer_referral.among(expected.filter(handler=user), user)
    return sort_appointments([followed, taken])


def list_team_appointments(
    user: User, begins: datetime, ends: datetime
) -> list[Referral]:
    """List what a user's teams have received, and those of the cases that a user
    supervises; not those of cases kept to named people."""
    expected = Referral.objects.for_list().expected(begins, ends)
    expected = expected.filter(case__restricted=False)
    received = answer_referral.among(expected, user)
    return sort_appointments([received, supervise_referral.among(expected, user)])


def sort_appointments(questions: Iterable[QuerySet[Referral]]) -> list[Referral]:
    """Sort referrals by their time, each once."""
    found = {row.pk: row for rows in questions for row in rows[:MOST]}
    return sorted(found.values(), key=lambda row: (row.appointment_at, row.pk))


# --- days


def compute_bounds(span: CalendarWeeks) -> tuple[datetime, datetime]:
    """Compute when the first of these days begins, and the last ends, here."""
    zone = timezone.get_current_timezone()
    begins = datetime.combine(span.first, time.min, zone)
    return begins, datetime.combine(span.last + ONE_DAY, time.min, zone)


def iterate_weeks(
    span: CalendarWeeks, appointments: Iterable[Referral]
) -> Iterator[list[CalendarDay]]:
    """Yield the days of a span, week by week, with what is on each."""
    here, today = calendars.get_calendar(), calendars.get_today()
    by_day: dict[date, list[Referral]] = {}
    for referral in appointments:
        assert referral.appointment_at is not None
        day = timezone.localtime(referral.appointment_at).date()
        by_day.setdefault(day, []).append(referral)
    first = span.first
    while first <= span.last:
        days = [first + n * ONE_DAY for n in range(7)]
        yield [
            CalendarDay(
                day,
                by_day.get(day, []),
                is_today=day == today,
                is_weekend=day.weekday() in here.weekend,
                is_holiday=day in here.holidays,
                is_inside=span.month in (None, day.month),
            )
            for day in days
        ]
        first += ONE_WEEK


# --- a file


def write_calendar_file(appointments: Iterable[Referral], title: str) -> bytes:
    """Write a file for a calendar program: times and addresses, and nothing of any
    person."""
    calendar = File()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    for referral in appointments:
        event = Event()
        # Always the same for one referral: a program that reads a newer file moves the
        # appointment instead of adding a second one.
        event.add("uid", f"{referral.pk}@amana")
        event.add("dtstamp", timezone.now())
        event.add("dtstart", timezone.localtime(referral.appointment_at))
        event.add("summary", title)
        event.add("url", f"{settings.ADDRESS}{referral.url}")
        # Asks calendar programs to hide it from those with whom the calendar is shared.
        event.add("class", "PRIVATE")
        calendar.add_component(event)
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written
