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
    TooLong,
    Value,
    chosen,
    number,
    several,
    text,
    truth,
)


@dataclass(frozen=True)
class Function:
    least: int
    most: int
    compute: Callable[..., Value] | None = None
    """None: the evaluator does it itself, since it needs more than values."""


def _selected_at(answer: Value, place: Value) -> str:
    at, words = number(place), chosen(answer)
    return words[int(at)] if 0 <= at < len(words) else ""


def _whole(value: Value) -> float:
    given = number(value)
    return float(math.trunc(given)) if math.isfinite(given) else given


def _round(value: Value, places: Value = 0.0) -> float:
    given, to = number(value), number(places)
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
    for value in several(values):
        total += number(value)
    return total


def _numbers(values: tuple[Value, ...]) -> list[float]:
    return [number(single) for value in values for single in several(value)]


def _min(*values: Value) -> float:
    given = _numbers(values)
    return NAN if not given or any(map(math.isnan, given)) else min(given)


def _max(*values: Value) -> float:
    given = _numbers(values)
    return NAN if not given or any(map(math.isnan, given)) else max(given)


def _count(values: Value) -> float:
    return float(len(several(values)))


def _count_answered(values: Value) -> float:
    return float(sum(1 for value in several(values) if value != ""))


def _concat(*values: Value) -> str:
    return _join("", *values)


def _join(between: Value, *values: Value) -> str:
    """Join texts. Raises `TooLong` before anything is put together: otherwise ten lines
    make a gigabyte."""
    parts, mark = [text(single) for v in values for single in several(v)], text(between)
    if sum(map(len, parts)) + len(mark) * max(0, len(parts) - 1) > LONGEST:
        raise TooLong
    return mark.join(parts)


def _substr(value: Value, start: Value, end: Value | None = None) -> str:
    said = text(value)
    first = number(start)
    last = float(len(said)) if end is None else number(end)
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
    said, sought = text(value), text(mark)
    at = said.find(sought)
    if at < 0:
        return said, False, ""
    return said[:at], True, said[at + len(sought) :]


def _translate(value: Value, these: Value, into: Value) -> str:
    old, new = text(these), text(into)
    # Reversed, so that of a letter that is given twice the first one counts, as in
    # XPath.
    exchanged = {letter: new[at : at + 1] for at, letter in reversed([*enumerate(old)])}
    return "".join(exchanged.get(letter, letter) for letter in text(value))


def _regex(value: Value, source: Value) -> bool:
    return patterns.fits(text(source), text(value))


def _date(value: Value) -> str:
    days = number(value)
    if not -719162 <= days < 2932897:  # the years 1 to 9999
        return ""
    return date.fromordinal(math.floor(days) + EPOCH).isoformat()


FORMATS = "YymndeHhMS3"
"""The letters after % that don't depend on a language."""


def _format_date(value: Value, form: Value) -> str:
    said = text(value)
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
    return re.sub(r"%(.)", lambda m: parts.get(m[1], m[0]), text(form))


FUNCTIONS: dict[str, Function] = {
    # special: they need the form, or don't want all their arguments
    "if": Function(3, 3),
    "once": Function(1, 1),
    "position": Function(1, 1),
    "indexed-repeat": Function(3, 3),
    "jr:choice-name": Function(2, 2),
    "coalesce": Function(2, 2, lambda a, b: text(a) or text(b)),
    "today": Function(0, 0),
    "now": Function(0, 0),
    # truth
    "true": Function(0, 0, lambda: True),
    "false": Function(0, 0, lambda: False),
    "not": Function(1, 1, lambda a: not truth(a)),
    "boolean": Function(1, 1, truth),
    "boolean-from-string": Function(1, 1, lambda a: text(a) in ("1", "true")),
    # choices
    "selected": Function(2, 2, lambda a, b: text(b) in chosen(a)),
    "count-selected": Function(1, 1, lambda a: float(len(chosen(a)))),
    "selected-at": Function(2, 2, _selected_at),
    # text
    "string": Function(1, 1, text),
    "string-length": Function(1, 1, lambda a: float(len(text(a)))),
    "starts-with": Function(2, 2, lambda a, b: text(a).startswith(text(b))),
    "ends-with": Function(2, 2, lambda a, b: text(a).endswith(text(b))),
    "contains": Function(2, 2, lambda a, b: text(b) in text(a)),
    "substr": Function(2, 3, _substr),
    "substring-before": Function(2, 2, _before),
    "substring-after": Function(2, 2, _after),
    "translate": Function(3, 3, _translate),
    "normalize-space": Function(
        1, 1, lambda a: " ".join(re.findall(r"[^ \t\r\n]+", text(a)))
    ),
    "concat": Function(1, 50, _concat),
    "join": Function(2, 50, _join),
    "regex": Function(2, 2, _regex),
    "uuid": Function(0, 0, lambda: str(uuid4())),
    # numbers
    "number": Function(1, 1, number),
    "int": Function(1, 1, _whole),
    "round": Function(1, 2, _round),
    "abs": Function(1, 1, lambda a: abs(number(a))),
    # over repeats
    "count": Function(1, 1, _count),
    "count-non-empty": Function(1, 1, _count_answered),
    "sum": Function(1, 1, _sum),
    "min": Function(1, 50, _min),
    "max": Function(1, 50, _max),
    # dates
    "date": Function(1, 1, _date),
    "decimal-date-time": Function(1, 1, number),
    "format-date": Function(2, 2, _format_date),
    "format-date-time": Function(2, 2, _format_date),
}


def compute(name: str, values: list[Any]) -> Value:
    function = FUNCTIONS[name].compute
    assert function is not None, name
    return function(*values)
