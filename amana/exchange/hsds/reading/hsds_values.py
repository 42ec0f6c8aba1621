"""Values of HSDS: telephones, hours, ages, languages."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from babel import Locale, UnknownLocaleError
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

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
    name.lower(): code
    for code, name in Locale("en").languages.items()
    if "_" not in code
}


def find_language_code(said: str) -> str:
    word = said.strip().lower()
    if word in LANGUAGE_NAMES:
        return LANGUAGE_NAMES[word]
    try:
        return str(Locale.parse(word, sep="-").language)
    except (UnknownLocaleError, ValueError, TypeError):
        return ""


def parse_clock(said: str) -> int | None:
    """Parse `09:00`, `09:00:00` or `9:00am` as minutes since midnight."""
    for form in ("%H:%M:%S", "%H:%M", "%I:%M%p", "%I%p"):
        try:
            at = datetime.strptime(said.replace(" ", "").upper(), form)  # noqa: DTZ007
        except ValueError:
            continue
        return at.hour * 60 + at.minute
    return None


def parse_number(said: Any) -> float | None:
    try:
        value = float(said)
    except (TypeError, ValueError):
        return None
    # Not a number is the only value that differs from itself.
    return value if value == value else None


def parse_moment(said: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        return None
    return at if at.tzinfo else None
