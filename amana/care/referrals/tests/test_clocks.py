from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given as for_all
from hypothesis import strategies as st

from amana.care.cases.models import Urgency
from amana.care.referrals import calendars, clocks
from amana.care.referrals.clocks import TABLE, ReferralClock
from amana.working_time import (
    Calendar,
    Days,
    Hours,
    Minutes,
    TimeSpan,
    UnworkableCalendar,
    WorkingDays,
)

moments = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001 — the zone is drawn
    datetime(2028, 12, 31),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, ZoneInfo("Asia/Amman"), ZoneInfo("Europe/Rome")]),
)
days = st.dates(date(2026, 1, 1), date(2029, 12, 31))
weekends = st.frozensets(st.integers(0, 6), max_size=4)
hours = st.sampled_from(
    [(time(8), time(16)), (time(0), time(23, 59)), (time(10), time(11))]
)


@st.composite
def calendars_of_some_place(draw: st.DrawFn) -> Calendar:
    opens, closes = draw(hours)
    return Calendar(
        zone=draw(
            st.sampled_from([UTC, ZoneInfo("Asia/Amman"), ZoneInfo("Europe/Rome")])
        ),
        weekend=draw(weekends),
        holidays=draw(st.frozensets(days, max_size=40)),
        opens=opens,
        closes=closes,
    )


spans = st.one_of(
    st.builds(Minutes, st.integers(1, 600)),
    st.builds(Hours, st.integers(1, 200)),
    st.builds(Days, st.integers(1, 60)),
    st.builds(WorkingDays, st.integers(1, 30)),
)
some_calendar = calendars_of_some_place()
WEEK = Calendar()
FRIDAY = datetime(2026, 5, 29, 10, tzinfo=UTC)


def test_two_working_days_skip_the_weekend() -> None:
    assert WorkingDays(2).after(FRIDAY, WEEK) == datetime(2026, 6, 2, 10, tzinfo=UTC)


def test_where_friday_and_saturday_are_free_sunday_counts() -> None:
    amman = Calendar(zone=ZoneInfo("Asia/Amman"), weekend=frozenset({4, 5}))
    thursday = datetime(2026, 5, 28, 9, tzinfo=ZoneInfo("Asia/Amman"))
    assert WorkingDays(1).after(thursday, amman).astimezone(amman.zone) == datetime(
        2026, 5, 31, 9, tzinfo=amman.zone
    )


def test_a_holiday_does_not_count() -> None:
    calendar = Calendar(holidays=frozenset({date(2026, 6, 1)}))
    assert WorkingDays(1).after(FRIDAY, calendar) == datetime(
        2026, 6, 2, 10, tzinfo=UTC
    )


def test_what_comes_at_night_counts_from_the_morning() -> None:
    night = datetime(2026, 5, 26, 23, 30, tzinfo=UTC)
    assert WorkingDays(1).after(night, WEEK) == datetime(2026, 5, 28, 8, tzinfo=UTC)


def test_what_comes_before_opening_counts_from_the_opening() -> None:
    early = datetime(2026, 5, 26, 6, tzinfo=UTC)
    assert WorkingDays(1).after(early, WEEK) == datetime(2026, 5, 27, 8, tzinfo=UTC)


def test_an_emergency_runs_at_night_and_on_holidays() -> None:
    calendar = Calendar(holidays=frozenset({date(2026, 5, 30)}))
    night = datetime(2026, 5, 30, 2, tzinfo=UTC)
    assert clocks.compute_receipt_deadline("U0", night, calendar) == night + timedelta(
        minutes=30
    )
    assert clocks.compute_answer_deadline("U0", night, calendar) == night + timedelta(
        hours=1
    )


def test_a_day_later_is_the_same_time_of_day_when_clocks_are_put_forward() -> None:
    rome = ZoneInfo("Europe/Rome")
    before = datetime(2026, 3, 28, 10, tzinfo=rome)
    assert Days(1).after(before, Calendar(zone=rome)) == datetime(
        2026, 3, 29, 10, tzinfo=rome
    )
    assert Hours(24).after(before, Calendar(zone=rome)) == datetime(
        2026, 3, 29, 11, tzinfo=rome
    )


def test_the_table_names_every_urgency_and_every_clock() -> None:
    assert set(TABLE) == set(Urgency.values)
    assert all(set(row) == set(ReferralClock) for row in TABLE.values())


@for_all(moments)
def test_what_is_more_urgent_is_never_due_later(start: datetime) -> None:
    for clock in ReferralClock:
        due = [
            clocks.compute_deadline(clock, urgency, start, WEEK)
            for urgency in sorted(TABLE)
        ]
        assert due == sorted(due)


def test_a_service_may_promise_to_be_faster_but_not_slower() -> None:
    ordinary = clocks.compute_answer_deadline("U2", FRIDAY, WEEK)
    assert clocks.compute_answer_deadline(
        "U2", FRIDAY, WEEK, Hours(5)
    ) == FRIDAY + timedelta(hours=5)
    assert clocks.compute_answer_deadline("U2", FRIDAY, WEEK, Days(90)) == ordinary


def test_it_has_to_be_seen_before_it_has_to_be_answered() -> None:
    assert clocks.compute_receipt_deadline(
        "U3", FRIDAY, WEEK, Hours(3)
    ) == FRIDAY + timedelta(hours=3)


@for_all(spans, moments, some_calendar)
def test_what_is_due_is_due_later(
    span: TimeSpan, start: datetime, calendar: Calendar
) -> None:
    assert span.after(start, calendar) > start


@for_all(spans, moments, moments, some_calendar)
def test_what_comes_first_is_never_due_last(
    span: TimeSpan, one: datetime, other: datetime, calendar: Calendar
) -> None:
    first, second = sorted([one, other])
    slack = timedelta(hours=1)  # an hour that a clock change repeats or leaves out
    assert span.after(first, calendar) <= span.after(second, calendar) + slack


@for_all(st.integers(1, 30), moments, some_calendar)
def test_working_days_end_while_people_are_at_work(
    amount: int, start: datetime, calendar: Calendar
) -> None:
    end = WorkingDays(amount).after(start, calendar).astimezone(calendar.zone)
    assert calendar.works(end.date())
    slack = timedelta(hours=1)
    assert calendar.opening(end.date()) - slack <= end
    assert end <= datetime.combine(end.date(), calendar.closes, calendar.zone) + slack


@for_all(st.integers(1, 30), moments, some_calendar)
def test_working_days_are_as_many_as_a_person_counts_on_a_calendar(
    amount: int, start: datetime, calendar: Calendar
) -> None:
    """Counted differently: the working dates after the first, up to the last."""
    first = calendar.working(start).astimezone(calendar.zone).date()
    last = WorkingDays(amount).after(start, calendar).astimezone(calendar.zone).date()
    dates = [first + timedelta(days=n + 1) for n in range((last - first).days)]
    worked = [d for d in dates if d.weekday() not in calendar.weekend]
    assert len([d for d in worked if d not in calendar.holidays]) == amount


@for_all(st.integers(1, 30), moments, some_calendar, days)
def test_one_more_holiday_never_makes_it_due_earlier(
    amount: int, start: datetime, calendar: Calendar, holiday: date
) -> None:
    more = Calendar(
        calendar.zone,
        calendar.weekend,
        frozenset({*calendar.holidays, holiday}),  # type: ignore[misc]
        calendar.opens,
        calendar.closes,
    )
    slack = timedelta(hours=1)
    span = WorkingDays(amount)
    ordinary = span.after(start, calendar)
    # A holiday on the first day moves the start to a morning, so a whole day stays.
    first = calendar.working(start).date()
    assert span.after(start, more) >= ordinary - slack or holiday == first


@for_all(spans, spans, moments, some_calendar)
def test_a_promise_never_makes_it_later(
    one: TimeSpan, other: TimeSpan, start: datetime, calendar: Calendar
) -> None:
    for urgency in TABLE:
        ordinary = clocks.compute_answer_deadline(urgency, start, calendar)
        assert clocks.compute_answer_deadline(urgency, start, calendar, one) <= ordinary


def test_a_calendar_without_a_working_day_is_refused() -> None:
    with pytest.raises(UnworkableCalendar):
        Calendar(weekend=frozenset(range(7)))
    with pytest.raises(UnworkableCalendar):
        Calendar(opens=time(16), closes=time(8))


def test_the_calendar_of_a_country_knows_its_weekend_and_holidays() -> None:
    jordan = calendars.parse_calendar(
        "Asia/Amman", "JO", "2026-07-01", "", "08:00-15:00"
    )
    assert jordan.weekend == {4, 5}
    assert not jordan.works(date(2026, 5, 25))  # Independence Day
    assert not jordan.works(date(2026, 7, 1))  # the mechanism's own
    assert jordan.works(date(2026, 5, 24))


def test_a_weekend_that_is_given_goes_before_the_country_s() -> None:
    assert calendars.parse_calendar("UTC", "JO", "", "sun", "08:00-15:00").weekend == {
        6
    }


def test_a_country_whose_holidays_are_unknown_is_said_at_once() -> None:
    with pytest.raises(ImproperlyConfigured, match="OWN_HOLIDAYS"):
        calendars.parse_calendar("UTC", "XX", "", "", "08:00-15:00")


def test_office_hours_that_end_before_they_begin_are_said_at_once() -> None:
    with pytest.raises(ImproperlyConfigured, match="leave no time to work"):
        calendars.parse_calendar("UTC", "", "", "", "16:00-08:00")
