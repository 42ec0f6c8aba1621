"""What more places, posts or hours change for those who wait: the mechanism is tried
with the same invented people before and after, several times.

    seen = what_if(pathway, capacity, Change("place", "housing", 20))
    seen.before.wait.mean, seen.after.wait.mean      # days
    seen.sooner.mean                                 # people a year, helped in time

It is `design.simulation.simulator` that is tried, with all that it assumes; one
run is a year. "In time" are those who wait no longer than `within` days.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil
from statistics import fmean
from typing import Any

from amana.design.pathway.pathway_model import Pathway
from amana.design.simulation.simulator import (
    WARM_UP,
    WEEK,
    ConfidenceBand,
    ResourceQueue,
    SimulatedFigure,
    Simulation,
    compute_band,
    compute_quantile,
)
from amana.insight.costing.engine.ingredients import round_amount

YEAR = 365
REPLICATIONS = 5
SEED = 1
"""The same question has the same answer, today and tomorrow."""
WITHIN = 3
MOST_CASES = 2_000
"""In a run; a year with more of them is tried for a part of the year."""

type Plain = Mapping[str, Any]


@dataclass(frozen=True)
class CapacityChange:
    kind: str
    """place, role (posts) or hours (more of each post's day)"""
    name: str
    """The step that occupies the place, or the role."""
    more: float


@dataclass(frozen=True)
class WaitingForecast:
    """How it is for those who wait, before or after: by year, with 95 % intervals."""

    wait: ConfidenceBand
    """Days, on average."""
    half: ConfidenceBand
    """Half wait no longer."""
    nine: ConfidenceBand
    """Nine of ten wait no longer."""
    waiting: ConfidenceBand
    """How many wait at any moment."""
    in_time: ConfidenceBand
    """People a year who wait no longer than is bearable."""
    unmet: ConfidenceBand
    """People a year who wait longer."""
    used: ConfidenceBand
    """The share of time that a place is taken, a post works."""


@dataclass(frozen=True)
class ScenarioForecast:
    before: WaitingForecast
    after: WaitingForecast
    shorter: ConfidenceBand
    """Days that each waits less."""
    sooner: ConfidenceBand
    """People a year more who are helped in time."""
    replications: int
    seed: int
    within: float


class UnknownCapacity(LookupError):
    """The mechanism has no such place or role."""


def simulate_change(
    pathway: Pathway,
    capacity: Plain,
    change: CapacityChange,
    *,
    within: float = WITHIN,
    replications: int = REPLICATIONS,
    seed: int = SEED,
) -> ScenarioForecast:
    more = change_capacity(capacity, change)
    # The same seeds on both sides: the same invented people come before and after, so
    # that chance does not look like an effect.
    seeds = range(seed, seed + replications)
    before, after = (
        [simulate_year(pathway, variant, change, seed, within) for seed in seeds]
        for variant in (capacity, more)
    )
    return ScenarioForecast(
        before=build_side(before),
        after=build_side(after),
        shorter=compute_paired_band(
            before, after, lambda was, now: was["wait"] - now["wait"]
        ),
        sooner=compute_paired_band(
            before, after, lambda was, now: now["in_time"] - was["in_time"]
        ),
        replications=replications,
        seed=seed,
        within=within,
    )


def change_capacity(capacity: Plain, change: CapacityChange) -> Plain:
    """Return the capacity with so many more."""
    if change.kind == "place":
        places = capacity.get("places") or {}
        if change.name not in places:
            raise UnknownCapacity(change.name)
        place = places[change.name]
        more = {**place, "places": place["places"] + int(change.more)}
        return {**capacity, "places": {**places, change.name: more}}
    staff = capacity["staff"]
    if change.name not in staff:
        raise UnknownCapacity(change.name)
    posts = staff[change.name]
    if change.kind == "hours":
        # A simulation knows posts, and no hours: so many more hours count as posts.
        more_posts = posts * change.more / float(capacity.get("hours_a_day") or 8)
    else:
        more_posts = change.more
    return {**capacity, "staff": {**staff, change.name: posts + more_posts}}


def compute_cases_a_year(pathway: Pathway, capacity: Plain) -> int:
    """Compute how many cases a run of a year has, the warm-up included."""
    working = WEEK - len(pathway.calendar.weekend)
    in_a_year = float(capacity["arrivals_per_day"]) * YEAR * working / WEEK
    # The first of them only fill the mechanism before the year begins, and are not
    # counted.
    return min(max(ceil(in_a_year / (1 - WARM_UP)), 10), MOST_CASES)


def compute_cost_a_year(
    pathway: Pathway,
    capacity: Plain,
    change: CapacityChange,
    seen: ScenarioForecast,
    *,
    price: Decimal,
    fixed: Decimal,
) -> Decimal:
    """Compute what the change costs: of places by the nights that are slept then (as in
    `ingredients`), of posts by the year, of hours by the hour."""
    more, paid = Fraction(change.more), Fraction(price)
    if change.kind == "place":
        occupancy = Fraction(round(seen.after.used.mean, 4)).limit_denominator(10_000)
        paid *= more * YEAR * occupancy
    elif change.kind == "hours":
        a_week = WEEK - len(pathway.calendar.weekend)
        posts = Fraction(capacity["staff"][change.name])
        paid *= more * posts * Fraction(YEAR * a_week, WEEK)
    else:
        paid *= more
    return round_amount(paid + Fraction(fixed))


type Figures = dict[str, float]


def simulate_year(
    pathway: Pathway, capacity: Plain, change: CapacityChange, seed: int, within: float
) -> Figures:
    """Simulate a year once, and measure where the change is made."""
    simulation = Simulation(pathway, capacity, seed)
    run = simulation.run(compute_cases_a_year(pathway, capacity))
    at: ResourceQueue
    if change.kind == "place":
        at, told = simulation.places[change.name], run.places[change.name]
    else:
        at, told = simulation.posts[change.name], run.roles[change.name]
    # In a run in which no one comes there, no one waits.
    waits = at.waits or [0.0]
    a_year = YEAR / run.days if run.days else 0.0
    in_time = sum(wait <= within for wait in at.waits)
    return {
        "wait": fmean(waits),
        "half": compute_quantile(waits, 0.5),
        "nine": compute_quantile(waits, 0.9),
        "waiting": told[SimulatedFigure.QUEUE],
        "in_time": in_time * a_year,
        "unmet": (len(at.waits) - in_time) * a_year,
        "used": told[SimulatedFigure.USED],
    }


def build_side(runs: Sequence[Figures]) -> WaitingForecast:
    return WaitingForecast(
        **{name: compute_band([run[name] for run in runs]) for name in runs[0]}
    )


def compute_paired_band(
    before: Sequence[Figures],
    after: Sequence[Figures],
    difference: Callable[[Figures, Figures], float],
) -> ConfidenceBand:
    """Compute the difference run by run: the same people are on both sides."""
    return compute_band([difference(*pair) for pair in zip(before, after, strict=True)])
