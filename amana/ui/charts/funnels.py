"""A funnel: how far agencies may differ by chance alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from amana.ui.charts.places import (
    BOTTOM,
    PAD,
    SCALE,
    WIDTH,
    AxisMark,
    AxisScale,
    Say,
    choose_scale_end,
    format_coordinate,
    list_scale_steps,
)


@dataclass(frozen=True)
class Agency:
    number: int
    of: int
    share: float
    place: Literal["inside", "watch", "far"]


@dataclass(frozen=True)
class FunnelSpot:
    number: int
    x: str
    y: str
    label_y: str
    place: str


@dataclass(frozen=True)
class FunnelChart:
    described: str
    spots: tuple[FunnelSpot, ...]
    limits: tuple[tuple[str, str], ...]
    """For each pair of limits its name and path."""
    middle: AxisMark
    scale: tuple[AxisMark, ...]
    sizes: tuple[AxisMark, ...]
    inner: str
    outer: str
    scale_at: str
    floor: str
    view: str = f"0 0 {WIDTH:g} 240"


FUNNEL_HEIGHT = 240.0


def draw_funnel(
    agencies: Sequence[Agency],
    limits: Sequence[tuple[str, Sequence[tuple[int, float, float]]]],
    *,
    whole: float,
    whole_words: str,
    described: str,
    say: Say,
    say_size: Say,
    mirrored: bool,
) -> FunnelChart:
    """Draw a funnel. `limits`: a name, and for each size the lower and upper limit."""
    most = choose_scale_end(max(agency.of for agency in agencies) * 1.05)
    across = AxisScale(most, mirrored, SCALE + PAD, WIDTH - PAD)
    bottom = FUNNEL_HEIGHT - BOTTOM

    def up(share: float) -> float:
        return bottom - (bottom - 12) * min(1.0, max(0.0, share))

    def path(at: Sequence[tuple[int, float, float]]) -> str:
        low = [
            f"{format_coordinate(across.at(n))} {format_coordinate(up(low))}"
            for n, low, _high in at
        ]
        high = [
            f"{format_coordinate(across.at(n))} {format_coordinate(up(high))}"
            for n, _low, high in at
        ]
        return f"M{'L'.join(low)}M{'L'.join(high)}"

    return FunnelChart(
        described,
        spots=tuple(
            FunnelSpot(
                agency.number,
                format_coordinate(across.at(agency.of)),
                format_coordinate(up(agency.share)),
                format_coordinate(
                    up(agency.share) - 9
                    if up(agency.share) > 26
                    else up(agency.share) + 18
                ),
                agency.place,
            )
            for agency in agencies
        ),
        limits=tuple((name, path(at)) for name, at in limits),
        middle=AxisMark(format_coordinate(up(whole)), whole_words),
        scale=tuple(
            AxisMark(format_coordinate(up(share)), say(share))
            for share in (0.0, 0.5, 1.0)
        ),
        sizes=tuple(
            AxisMark(format_coordinate(across.at(n)), say_size(n))
            for n in list_scale_steps(most)
        ),
        inner=format_coordinate(WIDTH - SCALE if mirrored else SCALE),
        outer=across.far_side,
        scale_at=format_coordinate(WIDTH - SCALE + PAD if mirrored else SCALE - PAD),
        floor=format_coordinate(bottom),
    )
