"""XPath's four kinds of value, and how each is read as another.

text, number, truth, and a list of texts: the answers to one question in every repeat.
`static/forms/evaluate.js` does the same in the browser; a test compares them."""

import math
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

type Value = str | float | bool | list[str]

NUMBER = re.compile(r"\s*-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*")
DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T(.+))?")
TIME = re.compile(
    r"([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,3})[0-9]*)?)?"
    r"(Z|[+-][0-9]{2}:?[0-9]{2})?"
)
LONGEST = 50_000
"""Characters of a text that an expression puts together."""
EPOCH = date(1970, 1, 1).toordinal()
NAN = math.nan


class ExpressionTooLong(Exception):
    """An expression would put together more than `LONGEST` signs."""


def convert_to_number(value: Value) -> float:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, str):
        if NUMBER.fullmatch(value):
            return float(value)
        days = parse_days(value)
        return NAN if days is None else days
    return float(value)


def parse_days(text: str) -> float | None:
    """Parse a date, with or without a time, as days since 1970: that is how ODK
    compares them."""
    found = DAY.fullmatch(text)
    if not found:
        return None
    day = build_day(*map(int, found.group(1, 2, 3)))
    if day is None:
        return None
    days = float(day.toordinal() - EPOCH)
    if found[4] is None:
        return days
    minutes = parse_minutes(found[4])
    return None if minutes is None else days + minutes / 1440


def build_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def parse_minutes(time: str) -> float | None:
    """Parse a time as minutes since midnight in UTC; without a zone it is read as
    UTC."""
    found = TIME.fullmatch(time)
    if not found:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.group(1, 2, 3))
    if hours > 23 or minutes > 59 or seconds > 59:
        return None
    milliseconds = int((found[4] or "0").ljust(3, "0"))
    return (
        hours * 60
        + minutes
        - parse_offset(found[5] or "Z")
        + (seconds * 1000 + milliseconds) / 60000
    )


def parse_offset(zone: str) -> int:
    """Parse the minutes by which a zone is ahead of UTC."""
    if zone == "Z":
        return 0
    digits = zone[1:].replace(":", "")
    ahead = int(digits[:2]) * 60 + int(digits[2:])
    return -ahead if zone[0] == "-" else ahead


def convert_to_text(value: Value) -> str:
    if isinstance(value, list):
        return value[0] if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return format_number(value) if isinstance(value, float) else value


def format_number(value: float) -> str:
    """Format a number as XPath does: never with an exponent."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    # By its shortest text, as JavaScript writes it; int() alone would show the digits
    # that a large float does not have.
    if value == int(value):
        return str(int(Decimal(repr(value))))
    return format(Decimal(repr(value)), "f")


def format_result(value: Value) -> str:
    """Format a calculation's answer: what is not a number is no answer."""
    said = convert_to_text(value)
    return "" if isinstance(value, float) and math.isnan(value) else said


def convert_to_truth(value: Value) -> bool:
    if isinstance(value, float):
        return value != 0 and not math.isnan(value)
    return bool(value)


def split_choices(value: Value) -> list[str]:
    """Split an answer that may be several into what is chosen."""
    return [word for word in convert_to_text(value).split(" ") if word]


def list_values(value: Value) -> list[Value]:
    return list(value) if isinstance(value, list) else [value]


def is_equal(left: Value, right: Value) -> bool:
    """Compare as XPath 1.0's `=`: of a list, one that is equal is enough."""
    if isinstance(left, bool) or isinstance(right, bool):
        return convert_to_truth(left) == convert_to_truth(right)
    if isinstance(left, list) or isinstance(right, list):
        pairs = ((a, b) for a in list_values(left) for b in list_values(right))
        return any(is_equal(a, b) for a, b in pairs)
    if isinstance(left, float) or isinstance(right, float):
        return convert_to_number(left) == convert_to_number(right)
    return left == right


def is_different(left: Value, right: Value) -> bool:
    """Compare as XPath 1.0's `!=`: of a list, one that is different is enough."""
    if isinstance(left, bool) or isinstance(right, bool):
        return convert_to_truth(left) != convert_to_truth(right)
    if isinstance(left, list) or isinstance(right, list):
        pairs = ((a, b) for a in list_values(left) for b in list_values(right))
        return any(is_different(a, b) for a, b in pairs)
    return not is_equal(left, right)


def is_below(left: Value, right: Value) -> bool:
    return any(
        convert_to_number(a) < convert_to_number(b)
        for a in list_values(left)
        for b in list_values(right)
    )


def is_at_most(left: Value, right: Value) -> bool:
    return any(
        convert_to_number(a) <= convert_to_number(b)
        for a in list_values(left)
        for b in list_values(right)
    )


def divide_numbers(left: float, right: float) -> float:
    if right:
        return left / right
    if not left or math.isnan(left) or math.isnan(right):
        return NAN
    # Python raises where XPath and JavaScript have infinity, with the sign of both
    # numbers.
    return math.copysign(math.inf, left) * math.copysign(1, right)


def compute_remainder(left: float, right: float) -> float:
    if not right or math.isinf(left) or math.isnan(left) or math.isnan(right):
        return NAN
    # Python's % has the sign of the divisor, XPath's mod that of the dividend.
    return math.fmod(left, right)


def format_moment(now: datetime) -> str:
    """Format a moment as ODK does: with milliseconds and the zone."""
    return now.isoformat(timespec="milliseconds")


def get_now() -> datetime:
    return datetime.now(UTC)


def format_answer(value: Any) -> str:
    """Format what a caller gives as an answer: lists are several choices."""
    if value is None:
        return ""
    if isinstance(value, bool | float | str):
        return format_result(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return " ".join(map(str, value))
