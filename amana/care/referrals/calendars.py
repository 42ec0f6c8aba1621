"""The calendar of the place where this mechanism works, from the settings."""

from collections.abc import Container
from datetime import date, time
from functools import cache
from zoneinfo import ZoneInfo

import holidays
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from amana.working_time import Calendar, UnworkableCalendar

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class ClosedDays:
    """The public holidays of a country, and those that the mechanism adds."""

    def __init__(self, public: Container[date], own: frozenset[date]) -> None:
        self.public = public
        self.own = own

    def __contains__(self, day: object) -> bool:
        return day in self.own or day in self.public


def get_calendar() -> Calendar:
    return parse_calendar(
        settings.TIME_ZONE,
        settings.HOLIDAYS_OF,
        settings.OWN_HOLIDAYS,
        settings.WEEKEND,
        settings.OFFICE_HOURS,
    )


def get_today() -> date:
    return timezone.now().astimezone(get_calendar().zone).date()


@cache
def parse_calendar(
    zone: str, country: str, own: str, weekend: str, hours: str
) -> Calendar:
    """Parse a calendar from words such as `JO`, `2026-06-08,2026-06-09`, `fri,sat` and
    `08:00-16:00`. The weekend is the country's own unless one is given."""
    public = get_public_holidays(country)
    days = [DAYS.index(day) for day in split_words(weekend)] if weekend else None
    opens, closes = hours.split("-")
    try:
        return Calendar(
            zone=ZoneInfo(zone),
            weekend=frozenset(days if days is not None else get_usual_weekend(public)),
            holidays=ClosedDays(
                public, frozenset(map(date.fromisoformat, split_words(own)))
            ),
            opens=time.fromisoformat(opens.strip()),
            closes=time.fromisoformat(closes.strip()),
        )
    except UnworkableCalendar as error:
        raise ImproperlyConfigured(
            "WEEKEND and OFFICE_HOURS leave no time to work."
        ) from error


def split_words(text: str) -> list[str]:
    return [word.strip().lower() for word in text.split(",") if word.strip()]


def get_public_holidays(country: str) -> Container[date]:
    """Get the holidays by ISO code, with a region if the days differ within the
    country: `DE-BY`. Raises `ImproperlyConfigured` for a country that is not known."""
    if not country:
        return frozenset()
    code, _, region = country.partition("-")
    try:
        return holidays.country_holidays(code, subdiv=region or None)
    except NotImplementedError as error:
        raise ImproperlyConfigured(
            f"HOLIDAYS_OF: the holidays of {country} are not known; "
            "leave it empty and list them in OWN_HOLIDAYS."
        ) from error


def get_usual_weekend(public: Container[date]) -> set[int]:
    return set(getattr(public, "weekend", {5, 6}))
