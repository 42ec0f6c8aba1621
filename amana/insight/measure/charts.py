"""Figures as pictures: from numbers to places on a drawing, which templates fill in.

Nothing is told by colour alone: shapes, dashes, words and numbers stand on the picture,
and the table beside it has it all. Where one reads from right to left, so do charts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Literal

WIDTH = 340.0
ROW = 40.0
PAD = 6.0

type Say = Callable[[float], str]
"""How a number is written in words."""


def place(number: float) -> str:
    """As SVG writes numbers."""
    return f"{number:.1f}".removesuffix(".0")


@dataclass(frozen=True)
class Across:
    """From a value to a place between the two sides, in the direction of reading."""

    most: float
    mirrored: bool
    start: float = 0.0
    end: float = WIDTH

    def at(self, value: float) -> float:
        share = min(1.0, max(0.0, value / self.most)) if self.most else 0.0
        x = self.start + (self.end - self.start) * share
        return WIDTH - x if self.mirrored else x

    @property
    def side(self) -> str:
        """Where words begin."""
        return place(WIDTH if self.mirrored else 0.0)

    @property
    def far_side(self) -> str:
        return place(0.0 if self.mirrored else WIDTH)


# --- bars and dots


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
            width=place(max(1.0, abs(end - start))),
            at=place(end),
            line=whisker(across, one.low, one.high),
            marked=one.marked,
        )

    return Rows(
        described,
        tuple(row(number, one) for number, one in enumerate(given)),
        label_at=across.side,
        words_at=across.far_side,
        all_at=place(across.at(whole)) if whole is not None else "",
        all_words=whole_words,
    )


def whisker(across: Across, low: float | None, high: float | None) -> str:
    """The line between the ends of an interval, with its two feet."""
    if low is None or high is None:
        return ""
    from_, to = place(across.at(low)), place(across.at(high))
    return f"M{from_} 21v10m0 -5H{to}m0 -5v10"


# --- a line through time


@dataclass(frozen=True)
class Moment:
    label: str
    words: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    bound: bool = False
    """Whether it is only what the value surely keeps."""


@dataclass(frozen=True)
class Point:
    x: str
    y: str
    whisker: str
    words: str
    bound: bool
    last: bool


@dataclass(frozen=True)
class Mark:
    """A label beside an axis, or a line across with its words."""

    at: str
    words: str


@dataclass(frozen=True)
class Line:
    described: str
    points: tuple[Point, ...]
    paths: tuple[str, ...]
    """A path for each stretch without a gap."""
    scale: tuple[Mark, ...]
    moments: tuple[Mark, ...]
    target: Mark | None
    inner: str
    outer: str
    scale_at: str
    words_at: str
    height: str
    floor: str

    @property
    def view(self) -> str:
        return f"0 0 {WIDTH:g} {self.height}"


HEIGHT, TOP, BOTTOM = 190.0, 22.0, 28.0
SCALE = 38.0
"""Room for the numbers of the scale."""
MOST_LABELS = 6


def line(
    moments: Sequence[Moment],
    *,
    described: str,
    most: float,
    say: Say,
    mirrored: bool,
    target: tuple[float, str] | None = None,
) -> Line:
    step = max(1, len(moments) - 1)
    across = Across(step, mirrored, SCALE + PAD, WIDTH - 18)

    def up(value: float) -> float:
        share = min(1.0, max(0.0, value / most)) if most else 0.0
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share

    known = [n for n, one in enumerate(moments) if one.value is not None]
    points = tuple(
        Point(
            x=place(across.at(n)),
            y=place(up(moments[n].value or 0)),
            whisker=upright(up, across.at(n), moments[n]),
            words=moments[n].words,
            bound=moments[n].bound,
            last=n == known[-1],
        )
        for n in known
    )
    every = ceil(len(moments) / MOST_LABELS)
    return Line(
        described,
        points,
        paths=tuple(
            "M"
            + "L".join(
                f"{place(across.at(n))} {place(up(moments[n].value or 0))}" for n in run
            )
            for run in runs(known)
            if len(run) > 1
        ),
        scale=tuple(Mark(place(up(n)), say(n)) for n in steps(most)),
        moments=tuple(
            Mark(place(across.at(n)), one.label)
            for n, one in enumerate(moments)
            if n % every == 0
        ),
        target=Mark(place(up(target[0])), target[1]) if target else None,
        inner=place(WIDTH - SCALE if mirrored else SCALE),
        outer=across.far_side,
        scale_at=place(WIDTH - SCALE + PAD if mirrored else SCALE - PAD),
        words_at=across.far_side,
        height=place(HEIGHT),
        floor=place(HEIGHT - BOTTOM),
    )


def upright(up: Callable[[float], float], x: float, one: Moment) -> str:
    if one.low is None or one.high is None:
        return ""
    return f"M{place(x)} {place(up(one.low))}V{place(up(one.high))}"


def runs(numbers: Sequence[int]) -> list[list[int]]:
    """Stretches of numbers that follow each other."""
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][-1] == number - 1:
            found[-1].append(number)
        else:
            found.append([number])
    return found


def steps(most: float) -> list[float]:
    return [most * share / 2 for share in range(3)]


def nice(most: float) -> float:
    """A round number that is not less."""
    if most <= 0:
        return 1.0
    tens = 10.0 ** floor(log10(most))
    return next(n * tens for n in (1, 2, 4, 5, 6, 8, 10) if n * tens >= most - 1e-9)


# --- a funnel


@dataclass(frozen=True)
class Agency:
    number: int
    of: int
    share: float
    place: Literal["inside", "watch", "far"]


@dataclass(frozen=True)
class Spot:
    number: int
    x: str
    y: str
    label_y: str
    place: str


@dataclass(frozen=True)
class Funnel:
    described: str
    spots: tuple[Spot, ...]
    limits: tuple[tuple[str, str], ...]
    """For each pair of limits its name and path."""
    middle: Mark
    scale: tuple[Mark, ...]
    sizes: tuple[Mark, ...]
    inner: str
    outer: str
    scale_at: str
    floor: str
    view: str = f"0 0 {WIDTH:g} 240"


FUNNEL_HEIGHT = 240.0


def funnel(
    agencies: Sequence[Agency],
    limits: Sequence[tuple[str, Sequence[tuple[int, float, float]]]],
    *,
    whole: float,
    whole_words: str,
    described: str,
    say: Say,
    say_size: Say,
    mirrored: bool,
) -> Funnel:
    """Limits: a name, and for each size the lower and upper one."""
    most = nice(max(one.of for one in agencies) * 1.05)
    across = Across(most, mirrored, SCALE + PAD, WIDTH - PAD)
    bottom = FUNNEL_HEIGHT - BOTTOM

    def up(share: float) -> float:
        return bottom - (bottom - 12) * min(1.0, max(0.0, share))

    def path(at: Sequence[tuple[int, float, float]]) -> str:
        low = [f"{place(across.at(n))} {place(up(low))}" for n, low, _high in at]
        high = [f"{place(across.at(n))} {place(up(high))}" for n, _low, high in at]
        return f"M{'L'.join(low)}M{'L'.join(high)}"

    return Funnel(
        described,
        spots=tuple(
            Spot(
                one.number,
                place(across.at(one.of)),
                place(up(one.share)),
                place(up(one.share) - 9 if up(one.share) > 26 else up(one.share) + 18),
                one.place,
            )
            for one in agencies
        ),
        limits=tuple((name, path(at)) for name, at in limits),
        middle=Mark(place(up(whole)), whole_words),
        scale=tuple(Mark(place(up(share)), say(share)) for share in (0.0, 0.5, 1.0)),
        sizes=tuple(Mark(place(across.at(n)), say_size(n)) for n in steps(most)),
        inner=place(WIDTH - SCALE if mirrored else SCALE),
        outer=across.far_side,
        scale_at=place(WIDTH - SCALE + PAD if mirrored else SCALE - PAD),
        floor=place(bottom),
    )


# --- a trend, small


SMALL_WIDTH, SMALL_HEIGHT = 84.0, 22.0


@dataclass(frozen=True)
class Small:
    paths: tuple[str, ...]
    at: tuple[str, str] | None
    view: str = f"0 0 {SMALL_WIDTH:g} {SMALL_HEIGHT:g}"


def small(
    values: Sequence[float | None], *, most: float, mirrored: bool
) -> Small | None:
    """A line of the height of a word; none for fewer than two values."""
    known = [n for n, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return None
    wide = SMALL_WIDTH - 8

    def at(n: int) -> tuple[str, str]:
        x = 4 + wide * n / (len(values) - 1)
        share = min(1.0, max(0.0, (values[n] or 0) / most)) if most else 0.0
        y = SMALL_HEIGHT - 4 - (SMALL_HEIGHT - 8) * share
        return place(SMALL_WIDTH - x if mirrored else x), place(y)

    paths = tuple("M" + "L".join(" ".join(at(n)) for n in run) for run in runs(known))
    return Small(paths, at(known[-1]))
