"""Places on a drawing."""

from collections.abc import Callable
from dataclasses import dataclass
from math import floor, log10

WIDTH = 340.0
ROW = 40.0
PAD = 6.0
BOTTOM = 28.0
"""Room for the words below."""
SCALE = 44.0
"""Room for the numbers of the scale."""

type Say = Callable[[float], str]
"""How a number is written in words."""


def format_coordinate(number: float) -> str:
    """Format a coordinate as SVG writes numbers."""
    return f"{number:.1f}".removesuffix(".0")


@dataclass(frozen=True)
class AxisScale:
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
        return format_coordinate(WIDTH if self.mirrored else 0.0)

    @property
    def far_side(self) -> str:
        return format_coordinate(0.0 if self.mirrored else WIDTH)


@dataclass(frozen=True)
class AxisMark:
    """A label of an axis, or a line across with its words."""

    at: str
    words: str


def list_scale_steps(most: float) -> list[float]:
    return [most * share / 2 for share in range(3)]


def choose_scale_end(most: float) -> float:
    """Choose a round number that is not less, as the end of a scale."""
    if most <= 0:
        return 1.0
    tens = 10.0 ** floor(log10(most))
    # A little tolerance: a float a hair above a step must not go up to the next one.
    return next(n * tens for n in (1, 2, 4, 5, 6, 8, 10) if n * tens >= most - 1e-9)
