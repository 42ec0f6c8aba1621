"""A line through time, large and small."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

from amana.ui.charts.places import (
    BOTTOM,
    PAD,
    SCALE,
    WIDTH,
    AxisMark,
    AxisScale,
    Say,
    format_coordinate,
    list_scale_steps,
)


@dataclass(frozen=True)
class TimePoint:
    label: str
    words: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    bound: bool = False
    """Whether it is only what the value surely keeps."""


@dataclass(frozen=True)
class LinePoint:
    x: str
    y: str
    whisker: str
    words: str
    bound: bool
    last: bool


@dataclass(frozen=True)
class ChartLine:
    described: str
    points: tuple[LinePoint, ...]
    paths: tuple[str, ...]
    """A path for each stretch without a gap."""
    scale: tuple[AxisMark, ...]
    moments: tuple[AxisMark, ...]
    target: AxisMark | None
    inner: str
    outer: str
    scale_at: str
    words_at: str
    height: str
    floor: str

    @property
    def view(self) -> str:
        return f"0 0 {WIDTH:g} {self.height}"


HEIGHT, TOP = 190.0, 22.0
MOST_LABELS = 6
ENDS = 30.0
"""Room for half a label at both ends."""


def draw_line(
    moments: Sequence[TimePoint],
    *,
    described: str,
    most: float,
    say: Say,
    mirrored: bool,
    target: tuple[float, str] | None = None,
) -> ChartLine:
    step = max(1, len(moments) - 1)
    across = AxisScale(step, mirrored, SCALE + ENDS, WIDTH - ENDS)

    def up(value: float) -> float:
        share = min(1.0, max(0.0, value / most)) if most else 0.0
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share

    known = [n for n, moment in enumerate(moments) if moment.value is not None]
    # A bound is a point and never a part of the line: through it, the line would claim
    # a value.
    sure = [n for n in known if not moments[n].bound]
    points = tuple(
        LinePoint(
            x=format_coordinate(across.at(n)),
            y=format_coordinate(up(moments[n].value or 0)),
            whisker=draw_whisker(up, across.at(n), moments[n]),
            words=moments[n].words,
            bound=moments[n].bound,
            last=n == known[-1],
        )
        for n in known
    )
    every = ceil(len(moments) / MOST_LABELS)
    return ChartLine(
        described,
        points,
        paths=tuple(
            "M"
            + "L".join(
                f"{format_coordinate(across.at(n))} "
                f"{format_coordinate(up(moments[n].value or 0))}"
                for n in run
            )
            for run in group_consecutive(sure)
            if len(run) > 1
        ),
        scale=tuple(
            AxisMark(format_coordinate(up(n)), say(n)) for n in list_scale_steps(most)
        ),
        moments=tuple(
            AxisMark(format_coordinate(across.at(n)), moment.label)
            for n, moment in enumerate(moments)
            if n % every == 0
        ),
        target=AxisMark(format_coordinate(up(target[0])), target[1])
        if target
        else None,
        inner=format_coordinate(WIDTH - SCALE if mirrored else SCALE),
        outer=across.far_side,
        scale_at=format_coordinate(WIDTH - SCALE + PAD if mirrored else SCALE - PAD),
        words_at=across.far_side,
        height=format_coordinate(HEIGHT),
        floor=format_coordinate(HEIGHT - BOTTOM),
    )


def draw_whisker(up: Callable[[float], float], x: float, one: TimePoint) -> str:
    if one.low is None or one.high is None:
        return ""
    low, high = format_coordinate(up(one.low)), format_coordinate(up(one.high))
    return f"M{format_coordinate(x)} {low}V{high}"


def group_consecutive(numbers: Sequence[int]) -> list[list[int]]:
    """Group numbers that follow each other."""
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][-1] == number - 1:
            found[-1].append(number)
        else:
            found.append([number])
    return found


SMALL_WIDTH, SMALL_HEIGHT = 84.0, 22.0
LEAST_SPAN = 0.25
"""What changes less, looks like it."""


@dataclass(frozen=True)
class SmallChart:
    paths: tuple[str, ...]
    at: tuple[str, str] | None
    view: str = f"0 0 {SMALL_WIDTH:g} {SMALL_HEIGHT:g}"


def draw_sparkline(
    values: Sequence[float | None], *, mirrored: bool
) -> SmallChart | None:
    """Draw a line of the height of a word, which shows the direction and not the level;
    None where no two values follow each other."""
    known = [n for n, value in enumerate(values) if value is not None]
    if all(len(run) < 2 for run in group_consecutive(known)):
        return None
    wide = SMALL_WIDTH - 8
    low, high = (f(values[n] or 0.0 for n in known) for f in (min, max))
    # Without a least span, chance would fill the height and look like change. The last
    # one only avoids a division by zero.
    middle, span = (low + high) / 2, max(high - low, LEAST_SPAN * high, 1e-9)

    def at(n: int) -> tuple[str, str]:
        x = 4 + wide * n / (len(values) - 1)
        share = 0.5 + ((values[n] or 0.0) - middle) / span
        y = SMALL_HEIGHT - 4 - (SMALL_HEIGHT - 8) * share
        return format_coordinate(SMALL_WIDTH - x if mirrored else x), format_coordinate(
            y
        )

    paths = tuple(
        "M" + "L".join(" ".join(at(n)) for n in run) for run in group_consecutive(known)
    )
    return SmallChart(paths, at(known[-1]))
