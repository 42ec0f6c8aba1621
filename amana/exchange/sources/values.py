"""Values as people write them in files of services: telephones, days, hours, languages,
dates."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from math import isfinite
from typing import Any

from babel import Locale, UnknownLocaleError
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from amana.exchange.sources.columns import fold_heading, fold_text

DAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}


DAY = 24 * 60


LONGEST_ADDRESS = 200


def is_web_address(said: str) -> bool:
    """Check that it is the address of a web page."""
    try:
        # An address of another kind, such as `javascript:`, would run when it is
        # clicked.
        URLValidator(schemes=["https", "http"])(said)
    except ValidationError:
        return False
    return len(said) <= LONGEST_ADDRESS


def read_text(thing: Mapping[str, object], key: str) -> str:
    said = thing.get(key)
    return str(said).strip() if said is not None else ""


def shorten_text(said: str, to: int) -> str:
    return said if len(said) <= to else f"{said[: to - 1]}…"


NO_VOICE = frozenset({"fax", "pager", "text", "textphone", "sms", "video", "modem"})
"""Kinds of telephone that are not for speaking."""


EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def format_phone(phone: Mapping[str, object]) -> str:
    number, extension = read_text(phone, "number"), read_text(phone, "extension")
    if not number or not extension:
        return number
    return _("%(number)s, extension %(extension)s") % {
        "number": number,
        "extension": extension,
    }


LANGUAGE_NAMES: dict[str, str] = {
    fold_heading(name): code
    for spoken in ("ar", "fr", "es", "en")
    for code, name in Locale(spoken).languages.items()
    if "_" not in code
}
"""Codes of ISO 639 by the language's name in languages in which directories are
written."""


def find_language_code(said: str) -> str:
    """Find the code of a language, from its name or from a code of it; empty if it is
    none."""
    word = fold_heading(said)
    if word in LANGUAGE_NAMES:
        return LANGUAGE_NAMES[word]
    try:
        return str(Locale.parse(said.strip().lower(), sep="-").language)
    except (UnknownLocaleError, ValueError, TypeError):
        return ""


# -- days and hours --------------------------------------------------------------------

DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")
CLOCK = re.compile(
    r"(?<!\d)(\d{1,2})(?:[:.h]\s?(\d{2})(?::\d{2})?|h(?!\w)|(?=\s*[ap]\.?m))\s*([ap]\.?m\.?)?(?!\d)",
    re.IGNORECASE,
)
"""`9:00`, `09:00:00`, `9h30`, `9 am`."""


def parse_clock(said: str) -> int | None:
    """Parse a time of day as minutes since midnight; `13:00pm` is one in the afternoon,
    as it was meant. None if it is no time."""
    found = CLOCK.search(said.translate(DIGITS))
    return read_clock(found) if found else None


def read_clock(found: re.Match[str]) -> int | None:
    hour, minutes = int(found[1]), int(found[2] or 0)
    half = (found[3] or "").lower().replace(".", "")
    if hour == 12 and half == "am":
        hour = 0
    elif half == "pm" and hour < 12:
        hour += 12
    minute = hour * 60 + minutes
    return minute if minute <= DAY and minutes < 60 else None


def list_day_names() -> dict[str, int]:
    """List the days by their names and the short ones, in languages in which
    directories are written; Monday is 0."""
    found: dict[str, int] = {}
    for spoken in ("es", "fr", "ar", "en"):
        for width in ("wide", "abbreviated", "short"):
            for day, name in Locale(spoken).days["format"][width].items():
                found[fold_heading(name)] = day
    return found | {code.lower(): day for code, day in DAYS.items()} | OTHER_DAYS


OTHER_DAYS = {"tues": 1, "weds": 2, "thur": 3, "thurs": 3, "الاحد": 6, "احد": 6}
"""Names of days that the tables of languages lack."""
DAY_NAMES = list_day_names()
LONGEST_DAYS, LONGEST_HOURS = 200, 1_000
"""Characters of days, and of opening hours, in words. What is longer is prose, on which
patterns could work for minutes."""
EVERY_DAY = frozenset(
    map(
        fold_text,
        [
            "daily",
            "every day",
            "everyday",
            "all days",
            "7/7",
            "tous les jours",
            "كل يوم",
            "يوميا",
            "todos los días",
        ],
    )
)
TO = re.compile(
    r"\s*(?:-|–|—|\bto\b|\bau?\b|\bà\b|\bthrough\b|\bإلى\b|\bالى\b)\s*", re.IGNORECASE
)
BETWEEN = re.compile(
    r"\s*(?:,|;|/|&|\+|\band\b|\bet\b|\by\b|\sو\s?|\bonly\b)\s*", re.IGNORECASE
)


def read_days(said: str) -> list[int]:
    """Read days of the week, 0 for Monday: `MO,TU`, `Sun-Thurs`, `lundi et jeudi`,
    `الأحد-الخميس`. None if a word of it is no day."""
    if len(said) > LONGEST_DAYS:
        return []
    if fold_text(said) in EVERY_DAY:
        return list(range(7))
    found: set[int] = set()
    for part in filter(None, map(str.strip, BETWEEN.split(said))):
        ends = [find_day(end) for end in TO.split(part)]
        if None in ends or len(ends) > 2:
            return []
        first, last = ends[0], ends[-1]
        assert first is not None
        assert last is not None
        found |= {(first + n) % 7 for n in range((last - first) % 7 + 1)}
    return sorted(found)


BEFORE_DAYS = frozenset({"from", "on", "du", "de", "le", "les", "من", "يوم"})
"""Words that stand before a day and say nothing."""


def find_day(said: str) -> int | None:
    first, _space, rest = fold_heading(said).partition(" ")
    name = rest if first in BEFORE_DAYS else fold_heading(said)
    if name in DAY_NAMES:
        return DAY_NAMES[name]
    return DAY_NAMES.get(name.removesuffix("s"))  # “Mondays”


def build_spans(days: list[int], opens: int, closes: int) -> list[list[int]]:
    """Build the times of opening, in minutes since Monday 0:00. One that ends before it
    begins ends on the next day."""
    long = closes - opens if closes > opens else closes - opens + DAY
    return [[day * DAY + opens, day * DAY + opens + long] for day in days]


CLOSED = re.compile(
    r"[^\W\d_]+\s*:?\s*(?:closed|fermé|ferme|مغلق|cerrado)\b[,;.]?", re.IGNORECASE
)
"""A day on which it is closed: it adds nothing."""
DAY_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)


ALWAYS = frozenset(
    {
        "24 7",
        "24h 24",
        "24 24",
        "24 hours",
        "open 24 hours",
        "always open",
        "على مدار الساعه",
    }
)


def read_hours(said: str) -> list[list[int]] | None:
    """Read opening hours from words: `Sunday: 11:00-20:00 Monday: 9:00-22:00`, `Mo-Fr
    08:00-17:00`, `24/7`. None where any of it is unclear."""
    if len(said) > LONGEST_HOURS:
        return None
    text = CLOSED.sub(" ", " ".join(said.translate(DIGITS).split()))
    if fold_text(text) in ALWAYS:
        return [[0, 7 * DAY]]
    spans: list[list[int]] = []
    at = 0
    for clock in list(CLOCK.finditer(text))[::2]:
        end = CLOCK.search(text, clock.end())
        between = text[clock.end() : end.start()] if end else ""
        days = read_days(text[at : clock.start()].strip(" :;,."))
        opens, closes = read_clock(clock), read_clock(end) if end else None
        if end is None or not TO.fullmatch(between) or opens is None or closes is None:
            return None
        if not days:
            return None
        spans += build_spans(days, opens, closes)
        at = end.end()
    return sorted(spans) if spans and not DAY_WORD.search(text[at:]) else None


# -- numbers, moments, days ------------------------------------------------------------


def parse_number(said: Any) -> float | None:
    try:
        value = float(said)
    except (TypeError, ValueError):
        return None
    return value if isfinite(value) else None


def parse_moment(said: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        return None
    return at if at.tzinfo else None


SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")


def parse_day(said: str) -> date | None:
    """Parse a day: `2026-12-31`, `31.12.2026`, `31/12/2026`. None if it is none, or
    could be two days: `03/04/2026`."""
    text = said.strip().translate(DIGITS)
    with suppress(ValueError):
        return date.fromisoformat(text[:10])
    found = SLASHED.fullmatch(text)
    if not found:
        return None
    first, second, year = map(int, found.groups())
    if "/" in text and first <= 12 and second <= 12 and first != second:
        return None
    day, month = (first, second) if second <= 12 else (second, first)
    with suppress(ValueError):
        return date(year, month, day)
    return None
