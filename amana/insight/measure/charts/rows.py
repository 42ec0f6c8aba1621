"""Bars or dots, one under the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from amana.insight.measure.charts.places import ROW, WIDTH, Across, place


@dataclass(frozen=True)
class Given:
    """What a row shows: a value with what it lies between, a bound, or nothing."""

    label: str
    words: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    marked: bool = False


@dataclass(frozen=True)
class Row:
    label: str
    words: str
    y: str
    shape: Literal["value", "least", "most", "nothing"]
    x: str = "0"
    width: str = "0"
    at: str = "0"
    line: str = ""
    marked: bool = False


@dataclass(frozen=True)
class Rows:
    """Bars or dots, one under the other, and a line for all together."""

    described: str
    rows: tuple[Row, ...]
    label_at: str
    words_at: str
    all_at: str
    all_words: str

    @property
    def height(self) -> float:
        return ROW * len(self.rows)

    @property
    def view(self) -> str:
        return f"0 0 {WIDTH:g} {self.height:g}"


def rows(
    given: Sequence[Given],
    *,
    described: str,
    most: float,
    mirrored: bool,
    whole: float | None = None,
    whole_words: str = "",
) -> Rows:
    across = Across(most, mirrored)

    def row(number: int, one: Given) -> Row:
        y = place(ROW * number)
        if one.value is not None:
            shape: Literal["value", "least", "most", "nothing"] = "value"
            until = one.value
        elif one.at_least is not None:
            shape, until = "least", one.at_least
        elif one.at_most is not None:
            shape, until = "most", one.at_most
        else:
            return Row(one.label, one.words, y, "nothing")
        end, start = across.at(until), across.at(0)
        return Row(
            one.label,
            one.words,
            y,
            shape,
            x=place(min(start, end)),
            # A nought still has a bar: without it, the row would look as if nothing
            # were shown.
            width=place(max(1.0, abs(end - start))),
            at=place(end),
            line=whisker(across, one.low, one.high),
            marked=one.marked,
        )

    return Rows(
        described,
        tuple(row(number, item) for number, item in enumerate(given)),
        label_at=across.side,
        words_at=across.far_side,
        all_at=place(across.at(whole)) if whole is not None else "",
        all_words=whole_words,
    )


def whisker(across: Across, low: float | None, high: float | None) -> str:
    """Draw the line between the ends of an interval, with its two feet."""
    if low is None or high is None:
        return ""
    from_, to = place(across.at(low)), place(across.at(high))
    return f"M{from_} 21v10m0 -5H{to}m0 -5v10"
