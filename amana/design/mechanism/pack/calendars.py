"""The calendar of a pack: when people are at work where it applies."""

from collections.abc import Container, Mapping
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

from amana.faults import Fault, gettext_noop
from amana.working_time import Calendar, UnworkableCalendar
from amana.yaml_files.yamls import YAMLSource

NO_ZONE = gettext_noop(
    "“%(zone)s” is not a time zone. Write one such as Africa/Nairobi."
)
NO_HOLIDAYS = gettext_noop(
    "The public holidays of %(country)s are not known here: list the days."
)
NO_TIME_TO_WORK = gettext_noop(
    "This calendar leaves no working time: the opening time has to be before "
    "the closing time."
)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class ClosingDays:
    """The public holidays of countries, and single days."""

    def __init__(self, days: frozenset[date], public: list[Container[date]]) -> None:
        self.days = days
        self.public = public

    def __contains__(self, day: object) -> bool:
        # Asked day by day: the library computes a year when one of its days is asked
        # for, and a deadline can lie years ahead.
        return day in self.days or any(day in country for country in self.public)


def find_faults(source: YAMLSource) -> list[Fault]:
    plain = source.plain.get("calendar") or {}
    found = []
    if (zone := plain.get("zone")) and not is_zone(zone):
        found.append(source.fault(("calendar", "zone"), NO_ZONE, zone=zone))
    for number, day in enumerate(plain.get("holidays") or []):
        if isinstance(day, Mapping) and find_public_holidays(day["country"]) is None:
            place = ("calendar", "holidays", number)
            found.append(source.fault(place, NO_HOLIDAYS, country=day["country"]))
    if not found:
        try:
            read_calendar(plain)
        except UnworkableCalendar:
            found.append(source.fault(("calendar",), NO_TIME_TO_WORK))
    return found


def read_calendar(plain: Mapping[str, Any]) -> Calendar:
    days = plain.get("holidays") or []
    public = [
        country
        for day in days
        if isinstance(day, Mapping)
        and (country := find_public_holidays(day["country"])) is not None
    ]
    single = frozenset(date.fromisoformat(day) for day in days if isinstance(day, str))
    weekend = plain.get("weekend", ["saturday", "sunday"])
    return Calendar(
        zone=ZoneInfo(plain.get("zone", "UTC")),
        weekend=frozenset(map(DAYS.index, weekend)),
        holidays=ClosingDays(single, public) if public else single,
        opens=time.fromisoformat(plain.get("opens", "08:00")),
        closes=time.fromisoformat(plain.get("closes", "16:00")),
    )


def is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def find_public_holidays(country: str) -> Container[date] | None:
    """Find the public holidays of a country; None where they are not known here."""
    try:
        return holidays.country_holidays(country)
    except NotImplementedError:
        return None
