"""A figure out of its counts: the value, between what it lies, and what is unknown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import inf, isinf

import numpy as np

from amana.insight.measure.engine import statistics
from amana.insight.measure.engine.counting import Counts, ObservationTally
from amana.insight.measure.engine.definitions import IndicatorPart, Measure

type Key = tuple[str, ...]
"""A cell: a code for each dimension."""

HOURS = {"days": 24.0, "hours": 1.0}


@dataclass(frozen=True)
class MeasuredFigure:
    """What is measured, of whom, and how sure that is.

    Shares lie between 0 and 1, lengths of time are in the figure's own unit. None where
    there is nothing to say; `cells` are the same figure for the groups it is split by.
    """

    code: str
    numerator: float
    denominator: float
    unknown: int
    value: float | None
    low: float | None
    high: float | None
    cells: Mapping[Key, "MeasuredFigure"] = field(default_factory=dict)


def compute_cell_figure(
    code: str, tally: ObservationTally, at: tuple[int, ...], inhabitants: float
) -> MeasuredFigure:
    """Compute the figure in one cell of a tally; of a distribution, see
    `compute_distribution`."""
    part = tally.part
    counted = tuple(int(n) for n in get_cell_counts(tally.counts, at))
    known, unknown = sum(counted), int(tally.unknown[at])

    def made(numerator: float, denominator: float, *of: float | None) -> MeasuredFigure:
        value, low, high = (None if n is None or isinf(n) else float(n) for n in of)
        # A median in the open interval has no value, but its lower end may be known:
        # “more than a year”.
        if value is None and part.measure is not Measure.MEDIAN:
            low = high = None
        return MeasuredFigure(code, numerator, denominator, unknown, value, low, high)

    nothing = (None, None, None)
    match part.measure:
        case Measure.COUNT:
            return made(known, known, known, None, None)
        case Measure.TOTAL:
            total = float(tally.total[at])
            return made(total, known, total, None, None)
        case Measure.SHARE | Measure.DISTRIBUTION:
            return made(counted[0], known, *compute_share(counted[0], known))
        case Measure.MEAN:
            total, squares = float(tally.total[at]), float(tally.squares[at])
            said = statistics.compute_mean(known, total, squares) if known else nothing
            return made(total, known, *said)
        case Measure.MEDIAN:
            return made(
                known, known, *(compute_median(tally, at) if known else nothing)
            )
        case Measure.RATE:
            return made(known, inhabitants, *compute_rate(part, known, inhabitants))
        case Measure.RATIO:
            assert tally.of is not None
            adds = part.chosen.adds_numbers
            above = float(tally.total[at]) if adds else float(known)
            below = float(tally.of[at])
            return made(above, below, above / below if below else None, None, None)


def get_cell_counts(counts: Counts, at: tuple[int, ...]) -> Counts:
    """Get how many there are in a cell, for each state or each length of time."""
    found = counts
    for number in at:
        found = found[:, number]
    return found


type Value = tuple[float | None, float | None, float | None]


def compute_share(counted: float, of: float) -> Value:
    if of <= 0:
        return None, None, None
    return counted / of, *statistics.compute_wilson_interval(counted, of)


def compute_rate(part: IndicatorPart, count: int, inhabitants: float) -> Value:
    if inhabitants <= 0:
        return None, None, None
    per = part.per / inhabitants
    low, high = statistics.compute_poisson_interval(count)
    return count * per, low * per, high * per


def compute_median(tally: ObservationTally, at: tuple[int, ...]) -> Value:
    """Compute the median in the figure's own unit; no value where it lies in the open
    interval."""
    counts = [float(n) for n in get_cell_counts(tally.bands, at)]
    hours = HOURS[tally.part.unit]
    value, low, high = statistics.compute_median(counts, tally.limits)
    return value / hours, low / hours, high / hours if high != inf else None


def compute_distribution(
    code: str, tally: ObservationTally, at: tuple[int, ...]
) -> Mapping[str, MeasuredFigure]:
    """Compute the share of each state among all that are known."""
    counts = get_cell_counts(tally.counts, at)
    known, unknown = int(counts.sum()), int(tally.unknown[at])
    return {
        state: MeasuredFigure(
            code, int(n), known, unknown, *compute_share(int(n), known)
        )
        for state, n in zip(tally.states, counts, strict=True)
    }


def iterate_figures(
    code: str, tally: ObservationTally, inhabitants: float = 0
) -> Iterator[tuple[Key, MeasuredFigure]]:
    """Yield the figure in every cell. Of a distribution, one for each state too, last
    in the key."""
    for at in np.ndindex(*tally.unknown.shape):
        key = tuple(codes[i] for codes, i in zip(tally.codes, at, strict=True))
        if tally.part.measure is Measure.DISTRIBUTION:
            for state, state_figure in compute_distribution(code, tally, at).items():
                yield (*key, state), state_figure
        else:
            yield key, compute_cell_figure(code, tally, at, inhabitants)
