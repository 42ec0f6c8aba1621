"""The calendar shows when people are expected, by the rules, and names nobody."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone, translation
from icalendar import Calendar

from amana import given
from amana.care.cases import actions as case_actions
from amana.care.referrals import actions, appointments
from amana.care.referrals.models import Referral
from amana.trust.access.models import User

pytestmark = pytest.mark.django_db


def appointed(referral: Referral, by: User, hours: int = 30) -> datetime:
    at = timezone.now() + timedelta(hours=hours)
    actions.accept(referral, by=by)
    actions.make_appointment(referral, at=at, where="The blue door", by=by)
    return at


def page_of(user: User, at: datetime, *, of: str = "", name: str = "calendar") -> str:
    day = timezone.localtime(at).date().isoformat()
    there = reverse(f"referrals:{name}") + f"?day={day}&of={of}"
    return given.sign_in(user).get(there).content.decode()


def test_an_appointment_is_shown_on_its_day_to_both_sides(
    referral: Referral, worker: User, shelter_worker: User
) -> None:
    at = appointed(referral, shelter_worker)
    time = timezone.localtime(at).strftime("%H:%M")
    for page in (
        page_of(worker, at),
        page_of(worker, at, name="week"),
        page_of(shelter_worker, at, of="team"),
        page_of(shelter_worker, at, of="team", name="week"),
    ):
        assert f'href="{referral.url}"' in page
        assert f">{time}</time>" in page
        assert "Zubaida" not in page
        assert "blue door" not in page


def test_mine_is_what_i_work_on_or_have_taken_on(
    referral: Referral, shelter_worker: User
) -> None:
    at = appointed(referral, shelter_worker)
    other = given.make_worker(of=referral.recipient)
    assert referral.url in page_of(shelter_worker, at)
    assert referral.url not in page_of(other, at)
    assert referral.url in page_of(other, at, of="team")
    actions.take_on(referral, by=other)
    assert referral.url in page_of(other, at)
    assert referral.url not in page_of(shelter_worker, at)


def test_strangers_see_no_appointment(
    referral: Referral, shelter_worker: User, stranger: User, coordinator: User
) -> None:
    at = appointed(referral, shelter_worker)
    for user in (stranger, coordinator):
        for of in ("", "team"):
            assert referral.url not in page_of(user, at, of=of)


def test_an_appointment_of_a_restricted_case_is_in_no_teams_calendar(
    referral: Referral, worker: User, supervisor: User, shelter_worker: User
) -> None:
    at = appointed(referral, shelter_worker)
    assert referral.url in page_of(supervisor, at, of="team")
    case_actions.restrict(referral.case, people=[worker], by=worker)
    assert referral.url not in page_of(supervisor, at, of="team")
    assert referral.url not in page_of(shelter_worker, at, of="team")
    assert referral.url in page_of(worker, at)


def test_what_was_recalled_is_in_the_calendar_no_more(
    referral: Referral, worker: User, shelter_worker: User
) -> None:
    at = appointed(referral, shelter_worker)
    actions.recall(referral, by=worker)
    assert referral.url not in page_of(worker, at)


def test_a_month_is_whole_weeks_of_a_table_and_today_is_marked(worker: User) -> None:
    now = timezone.now()
    page = page_of(worker, now)
    assert len(re.findall(r'role="columnheader"', page)) == 7
    assert len(re.findall(r'<td role="cell"', page)) % 7 == 0
    assert page.count('aria-current="date"') == 1
    assert "Weekend" in page
    other = page_of(worker, now + timedelta(days=70))
    assert 'aria-current="date"' not in other


@pytest.mark.parametrize(
    ("language", "country", "first"),
    [("en", "", "2026-11-30"), ("ar", "JO", "2026-11-28"), ("fr", "FR", "2026-11-30")],
)
def test_a_week_begins_as_it_does_in_the_country(
    language: str, country: str, first: str
) -> None:
    with override_settings(HOLIDAYS_OF=country), translation.override(language):
        week = appointments.compute_week(date(2026, 12, 2))
    assert week.first == date.fromisoformat(first)
    assert week.last - week.first == timedelta(days=6)


def test_a_day_that_is_none_is_today(worker: User) -> None:
    desk, there = given.sign_in(worker), reverse("referrals:calendar")
    for said in ("", "yesterday", "0001-01-01", "9999-12-31", "2026-13-40"):
        page = desk.get(there, {"day": said})
        assert page.status_code == 200
        assert 'aria-current="date"' in page.content.decode()


@override_settings(TIME_ZONE="Asia/Amman")
def test_the_day_is_that_of_the_place(
    referral: Referral, worker: User, shelter_worker: User
) -> None:
    at = appointed(referral, shelter_worker)
    late = datetime(2030, 6, 1, 22, 30, tzinfo=UTC)
    Referral.objects.filter(pk=referral.pk).update(appointment_at=late)
    assert at < late
    with timezone.override("Asia/Amman"):
        span = appointments.compute_month(date(2030, 6, 1))
        found = appointments.list_own_appointments(
            worker, *appointments.compute_bounds(span)
        )
        weeks = appointments.iterate_weeks(span, found)
        [day] = [d for week in weeks for d in week if d.appointments]
    assert day.date == date(2030, 6, 2)


def test_the_file_holds_times_and_addresses_and_nothing_of_a_person(
    referral: Referral, worker: User, shelter_worker: User, stranger: User
) -> None:
    at = appointed(referral, shelter_worker)
    there = reverse("referrals:appointments_file")
    answer = given.sign_in(worker).get(there)
    assert "attachment" in answer["Content-Disposition"]
    [event] = Calendar.from_ical(answer.content).events
    assert event["SUMMARY"] == "Appointment"
    assert str(event["URL"]).endswith(referral.url)
    assert event.start == at.replace(microsecond=0)
    named = {"UID", "DTSTAMP", "DTSTART", "SUMMARY", "URL", "CLASS"}
    assert set(event) == named
    text = answer.content.decode()
    for secret in ("Zubaida", "Lake House", "blue door", referral.case.reference):
        assert secret not in text
    assert b"VEVENT" not in given.sign_in(stranger).get(there).content
