"""The functions that an expression may call; nothing else is ever run.

Each function exists a second time, with the same results, in
`static/forms/evaluate.js`. Left out on purpose: what would differ between the two
(`pow`, `sin`), what is not the same twice (`random`), and what reads other files
(`pulldata`)."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from amana.design.forms.engine import patterns
from amana.design.forms.engine.values import (
    DAY,
    EPOCH,
    LONGEST,
    NAN,
    TIME,
    ExpressionTooLong,
    Value,
    convert_to_number,
    convert_to_text,
    convert_to_truth,
    list_values,
    split_choices,
)


@dataclass(frozen=True)
class FormFunction:
    least: int
    most: int
    compute: Callable[..., Value] | None = None
    """None: the evaluator does it itself, since it needs more than values."""


def _selected_at(answer: Value, place: Value) -> str:
    at, words = convert_to_number(place), split_choices(answer)
    return words[int(at)] if 0 <= at < len(words) else ""


def _whole(value: Value) -> float:
    given = convert_to_number(value)
    return float(math.trunc(given)) if math.isfinite(given) else given


def _round(value: Value, places: Value = 0.0) -> float:
    given, to = convert_to_number(value), convert_to_number(places)
    if not math.isfinite(given) or not math.isfinite(to) or abs(to) > 15:
        return given if math.isfinite(to) else NAN
    scale = float(f"1e{abs(int(to))}")
    if to < 0:
        return float(math.floor(given / scale + 0.5)) * scale
    scaled = given * scale + 0.5
    return float(math.floor(scaled)) / scale if math.isfinite(scaled) else given


def _sum(values: Value) -> float:
    # Added one by one: Python's sum() compensates rounding errors, and JavaScript does
    # not.
    total = 0.0
    for value in list_values(values):
        total += convert_to_number(value)
    return total


def _numbers(values: tuple[Value, ...]) -> list[float]:
    return [
        convert_to_number(single) for value in values for single in list_values(value)
    ]


def _min(*values: Value) -> float:
    given = _numbers(values)
    return NAN if not given or any(map(math.isnan, given)) else min(given)


def _max(*values: Value) -> float:
    given = _numbers(values)
    return NAN if not given or any(map(math.isnan, given)) else max(given)


def _count(values: Value) -> float:
    return float(len(list_values(values)))


def _count_answered(values: Value) -> float:
    return float(sum(1 for value in list_values(values) if value != ""))


def _concat(*values: Value) -> str:
    return _join("", *values)


def _join(between: Value, *values: Value) -> str:
    """Join texts. Raises `ExpressionTooLong` before anything is put together: otherwise
    ten lines
    make a gigabyte."""
    parts, mark = (
        [convert_to_text(single) for v in values for single in list_values(v)],
        convert_to_text(between),
    )
    if sum(map(len, parts)) + len(mark) * max(0, len(parts) - 1) > LONGEST:
        raise ExpressionTooLong
    return mark.join(parts)


def _substr(value: Value, start: Value, end: Value | None = None) -> str:
    said = convert_to_text(value)
    first = convert_to_number(start)
    last = float(len(said)) if end is None else convert_to_number(end)
    if math.isnan(first) or math.isnan(last):
        return ""
    return said[_bounded(first) : _bounded(last)]


def _bounded(place: float) -> int:
    # A place far outside means the end; int() of infinity would raise.
    return int(max(-1e6, min(1e6, place)))


def _before(value: Value, mark: Value) -> str:
    before, found, _after = _parted(value, mark)
    return before if found else ""


def _after(value: Value, mark: Value) -> str:
    _before, _found, after = _parted(value, mark)
    return after


def _parted(value: Value, mark: Value) -> tuple[str, bool, str]:
    said, sought = convert_to_text(value), convert_to_text(mark)
    at = said.find(sought)
    if at < 0:
        return said, False, ""
    return said[:at], True, said[at + len(sought) :]


def _translate(value: Value, these: Value, into: Value) -> str:
    old, new = convert_to_text(these), convert_to_text(into)
    # Reversed, so that of a letter that is given twice the first one counts, as in
    # XPath.
    exchanged = {letter: new[at : at + 1] for at, letter in reversed([*enumerate(old)])}
    return "".join(exchanged.get(letter, letter) for letter in convert_to_text(value))


def _regex(value: Value, source: Value) -> bool:
    return patterns.is_match(convert_to_text(source), convert_to_text(value))


def _date(value: Value) -> str:
    days = convert_to_number(value)
    if not -719162 <= days < 2932897:  # the years 1 to 9999
        return ""
    return date.fromordinal(math.floor(days) + EPOCH).isoformat()


FORMATS = "YymndeHhMS3"
"""The letters after % that don't depend on a language."""


def _format_date(value: Value, form: Value) -> str:
    said = convert_to_text(value)
    found = DAY.fullmatch(said)
    if not found:
        return ""
    year, month, day, time = found.groups()
    clock = TIME.fullmatch(time or "00:00")
    if not clock:
        return ""
    hours, minutes = clock[1], clock[2]
    parts = {
        "Y": year,
        "y": year[2:],
        "m": month,
        "n": str(int(month)),
        "d": day,
        "e": str(int(day)),
        "H": hours,
        "h": str(int(hours)),
        "M": minutes,
        "S": clock[3] or "00",
        "3": (clock[4] or "0").ljust(3, "0"),
    }
    return re.sub(r"%(.)", lambda m: parts.get(m[1], m[0]), convert_to_text(form))


FUNCTIONS: dict[str, FormFunction] = {
    # special: they need the form, or don't want all their arguments
    "if": FormFunction(3, 3),
    "once": FormFunction(1, 1),
    "position": FormFunction(1, 1),
    "indexed-repeat": FormFunction(3, 3),
    "jr:choice-name": FormFunction(2, 2),
    "coalesce": FormFunction(
        2, 2, lambda a, b: convert_to_text(a) or convert_to_text(b)
    ),
    "today": FormFunction(0, 0),
    "now": FormFunction(0, 0),
    # truth
    "true": FormFunction(0, 0, lambda: True),
    "false": FormFunction(0, 0, lambda: False),
    "not": FormFunction(1, 1, lambda a: not convert_to_truth(a)),
    "boolean": FormFunction(1, 1, convert_to_truth),
    "boolean-from-string": FormFunction(
        1, 1, lambda a: convert_to_text(a) in ("1", "true")
    ),
    # choices
    "selected": FormFunction(2, 2, lambda a, b: convert_to_text(b) in split_choices(a)),
    "count-selected": FormFunction(1, 1, lambda a: float(len(split_choices(a)))),
    "selected-at": FormFunction(2, 2, _selected_at),
    # text
    "string": FormFunction(1, 1, convert_to_text),
    "string-length": FormFunction(1, 1, lambda a: float(len(convert_to_text(a)))),
    "starts-with": FormFunction(
        2, 2, lambda a, b: convert_to_text(a).startswith(convert_to_text(b))
    ),
    "ends-with": FormFunction(
        2, 2, lambda a, b: convert_to_text(a).endswith(convert_to_text(b))
    ),
    "contains": FormFunction(
        2, 2, lambda a, b: convert_to_text(b) in convert_to_text(a)
    ),
    "substr": FormFunction(2, 3, _substr),
    "substring-before": FormFunction(2, 2, _before),
    "substring-after": FormFunction(2, 2, _after),
    "translate": FormFunction(3, 3, _translate),
    "normalize-space": FormFunction(
        1, 1, lambda a: " ".join(re.findall(r"[^ \t\r\n]+", convert_to_text(a)))
    ),
    "concat": FormFunction(1, 50, _concat),
    "join": FormFunction(2, 50, _join),
    "regex": FormFunction(2, 2, _regex),
    "uuid": FormFunction(0, 0, lambda: str(uuid4())),
    # numbers
    "number": FormFunction(1, 1, convert_to_number),
    "int": FormFunction(1, 1, _whole),
    "round": FormFunction(1, 2, _round),
    "abs": FormFunction(1, 1, lambda a: abs(convert_to_number(a))),
    # over repeats
    "count": FormFunction(1, 1, _count),
    "count-non-empty": FormFunction(1, 1, _count_answered),
    "sum": FormFunction(1, 1, _sum),
    "min": FormFunction(1, 50, _min),
    "max": FormFunction(1, 50, _max),
    # dates
    "date": FormFunction(1, 1, _date),
    "decimal-date-time": FormFunction(1, 1, convert_to_number),
    "format-date": FormFunction(2, 2, _format_date),
    "format-date-time": FormFunction(2, 2, _format_date),
}


def compute_function(name: str, values: list[Any]) -> Value:
    function = FUNCTIONS[name].compute
    assert function is not None, name
    return function(*values)
