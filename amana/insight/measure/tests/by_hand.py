"""Every indicator once more, by a loop over rows, after the words of its definition.

Nothing of the engine is used here: each figure is told in the plainest way, one fact at
a time, so that the two can only agree if both are right.
"""

from collections.abc import Sequence
from typing import Any

from amana.insight.facts import codes
from amana.insight.measure.tests.worlds import Row

LIMITS = dict(codes.BANDS)


def told(said: Any, rows: Sequence[Row], inhabitants: float) -> dict[str, Any]:
    """A figure as its file defines it: value, numerator, denominator, unknown."""
    match said["measure"]:
        case "share":
            return share(said, rows)
        case "count":
            inside, unknown = picked(said, rows)
            return answer(len(inside), len(inside), unknown, len(inside))
        case "rate":
            inside, unknown = picked(said, rows)
            per = said["per"] * len(inside) / inhabitants if inhabitants else None
            return answer(len(inside), inhabitants, unknown, per)
        case "total" | "mean":
            inside, unknown = picked(said, rows)
            numbers = [row.number for row in inside if row.number is not None]
            unknown += len(inside) - len(numbers)
            total = sum(numbers)
            if said["measure"] == "total":
                return answer(total, len(numbers), unknown, total)
            mean = total / len(numbers) if numbers else None
            return answer(total, len(numbers), unknown, mean)
        case "median":
            return median(said, rows)
        case "ratio":
            return ratio(said, rows)
        case "distribution":
            inside, unknown = picked(said, rows)
            shares: dict[str, int] = {}
            for row in inside:
                if code := row.get(said["over"]):
                    shares[code] = shares.get(code, 0) + 1
                else:
                    unknown += 1
            return {"shares": shares, "known": sum(shares.values()), "unknown": unknown}
    raise AssertionError(said["measure"])


def answer(above: float, below: float, unknown: int, value: Any) -> dict[str, Any]:
    return {"above": above, "below": below, "unknown": unknown, "value": value}


def picked(said: Any, rows: Sequence[Row]) -> tuple[list[Row], int]:
    """Facts that are surely of this kind, result and codes; and how many may be."""
    inside, unknown = [], 0
    wanted = dict(said.get("where", {}))
    results = said.get("results") or [*said.get("counted", []), *said.get("others", [])]
    if results:
        wanted["result"] = results
    for row in rows:
        if row.kind != said["kind"]:
            continue
        open_questions = 0
        for name, allowed in wanted.items():
            code = row.get(name)
            if code == "":
                open_questions += 1
            elif code not in allowed:
                break
        else:
            if open_questions:
                unknown += 1
            else:
                inside.append(row)
    return inside, unknown


def share(said: Any, rows: Sequence[Row]) -> dict[str, Any]:
    inside, unknown = picked(said, rows)
    yes = sum(row.result in said["counted"] for row in inside)
    of = len(inside)
    return answer(yes, of, unknown, yes / of if of else None)


def median(said: Any, rows: Sequence[Row]) -> dict[str, Any]:
    """Line all facts up, spread evenly within their interval, and take the middle."""
    inside, unknown = picked(said, rows)
    bands = [row.band for row in inside if row.band]
    unknown += len(inside) - len(bands)
    value: float | None = None
    lower, before = 0.0, 0
    for code, upper in LIMITS.items():
        here = bands.count(code)
        if here and before + here >= len(bands) / 2:
            if upper is not None:
                part = (len(bands) / 2 - before) / here
                value = lower + (upper - lower) * part
            break
        before += here
        lower = upper or 0.0
    if value is not None and said["unit"] == "days":
        value /= 24
    return answer(len(bands), len(bands), unknown, value)


def ratio(said: Any, rows: Sequence[Row]) -> dict[str, Any]:
    def added(of: Any) -> tuple[float, int]:
        inside, unknown = picked(of, rows)
        if of.get("add") != "number":
            return len(inside), unknown
        numbers = [row.number for row in inside if row.number is not None]
        return sum(numbers), unknown + len(inside) - len(numbers)

    above, unknown = added(said)
    below, _unknown = added(said["of"])
    return answer(above, below, unknown, above / below if below else None)
