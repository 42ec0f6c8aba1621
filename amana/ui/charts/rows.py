"""Bars or dots, one under the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from amana.ui.charts.places import ROW, WIDTH, AxisScale, format_coordinate


@dataclass(frozen=True)
class RowValue:
    """What a row shows: a value with what it lies between, a bound, or nothing."""

    label: str
    words: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    marked: bool = False
    tone: str = ""


@dataclass(frozen=True)
class ChartRow:
    label: str
    words: str
    y: str
    shape: Literal["value", "least", "most", "nothing"]
    x: str = "0"
    width: str = "0"
    at: str = "0"
    line: str = ""
    marked: bool = False
    tone: str = ""


@dataclass(frozen=True)
class RowChart:
    """Bars or dots, one under the other, and a line for all together."""

    described: str
    rows: tuple[ChartRow, ...]
    label_at: str
    words_at: str
    all_at: str
    all_words: str
    title: str = ""
    note: str = ""
    letters: int = 34
    """Of a label, as many as leave room for the words beside it."""

    @property
    def height(self) -> float:
        return ROW * len(self.rows)

    @property
    def view(self) -> str:
        return f"0 0 {WIDTH:g} {self.height:g}"


def draw_rows(
    given: Sequence[RowValue],
    *,
    described: str,
    most: float,
    mirrored: bool,
    whole: float | None = None,
    whole_words: str = "",
) -> RowChart:
    across = AxisScale(most, mirrored)

    def row(number: int, one: RowValue) -> ChartRow:
        y = format_coordinate(ROW * number)
        if one.value is not None:
            shape: Literal["value", "least", "most", "nothing"] = "value"
            until = one.value
        elif one.at_least is not None:
            shape, until = "least", one.at_least
        elif one.at_most is not None:
            shape, until = "most", one.at_most
        else:
            return ChartRow(one.label, one.words, y, "nothing")
        end, start = across.at(until), across.at(0)
        return ChartRow(
            one.label,
            one.words,
            y,
            shape,
            x=format_coordinate(min(start, end)),
            # A nought still has a bar: without it, the row would look as if nothing
            # were shown.
            width=format_coordinate(max(1.0, abs(end - start))),
            at=format_coordinate(end),
            line=draw_interval(across, one.low, one.high),
            marked=one.marked,
            tone=one.tone,
        )

    return RowChart(
        described,
        tuple(row(number, item) for number, item in enumerate(given)),
        label_at=across.side,
        words_at=across.far_side,
        all_at=format_coordinate(across.at(whole)) if whole is not None else "",
        all_words=whole_words,
    )


def draw_interval(across: AxisScale, low: float | None, high: float | None) -> str:
    """Draw the line between the ends of an interval, with its two feet."""
    if low is None or high is None:
        return ""
    from_, to = format_coordinate(across.at(low)), format_coordinate(across.at(high))
    return f"M{from_} 21v10m0 -5H{to}m0 -5v10"
