"""What simulations find: figures, with what is sure of them, and comparisons."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from amana.faults import ReadableError, gettext_noop

NEVER_ENDS = gettext_noop(
    "With these shares, a case never ends: it loops at “%(step)s”."
)


class EndlessRun(ReadableError):
    """The shares of answers lead cases in a circle."""


class SimulatedFigure(StrEnum):
    """What is told of a step, a role, a place, or of the cases as a whole."""

    DONE = "done"
    """How often, for each case. Of the cases: how many end in a week."""
    WAIT_MEDIAN = "wait_median"
    WAIT_P90 = "wait_p90"
    """Nine of ten wait less long, in days."""
    WAIT_MEAN = "wait_mean"
    """Of the cases: all their waiting together."""
    LATE = "late"
    """The share that was done after its deadline, of what has one."""
    QUEUE = "queue"
    """How many wait, on average."""
    USED = "used"
    """The share of its time that a post works, or a place is taken."""
    LOAD = "load"
    """The work that comes, as a share of what can be done; above 1, queues grow as long
    as people come."""
    LENGTH_MEDIAN = "length_median"
    LENGTH_P90 = "length_p90"
    """Days from the beginning of a case to its end."""


type Figures = Mapping[SimulatedFigure, float]


F = SimulatedFigure


@dataclass(frozen=True)
class SimulationRun:
    """One simulation."""

    cases: int
    """Of those that are counted."""
    days: float
    """So many days of the calendar were looked at."""
    steps: Mapping[str, Figures]
    roles: Mapping[str, Figures]
    places: Mapping[str, Figures]
    """By the step that occupies them."""
    whole: Figures
    ends: Mapping[str, float]
    """The share of cases that end so."""


@dataclass(frozen=True, slots=True)
class ConfidenceBand:
    """A mean of several simulations, and between what it lies with 95 % confidence."""

    mean: float
    low: float
    high: float

    @property
    def sure(self) -> bool:
        """Of a difference: that there is one at all."""
        return self.low > 0 or self.high < 0


type Bands = Mapping[SimulatedFigure, ConfidenceBand]


@dataclass(frozen=True)
class SimulationResult:
    """Several simulations, with other chances each."""

    cases: int
    replications: int
    days: float
    steps: Mapping[str, Bands]
    roles: Mapping[str, Bands]
    places: Mapping[str, Bands]
    whole: Bands
    ends: Mapping[str, ConfidenceBand]
    runs: tuple[SimulationRun, ...] = field(repr=False)

    @property
    def queues(self) -> list[tuple[str, str]]:
        """("role" | "place", name) of each, the longest queue first."""
        found = [("role", name, bands) for name, bands in self.roles.items()]
        found += [("place", name, bands) for name, bands in self.places.items()]
        found.sort(key=lambda one: -one[2][F.QUEUE].mean)
        return [(kind, name) for kind, name, _ in found]


@dataclass(frozen=True)
class MarginalEffect:
    """What one more post of a role, or one more place, changes: negative is less."""

    kind: str
    """role or place"""
    name: str
    whole: Bands


@dataclass(frozen=True)
class SimulationComparison:
    """Two versions, and what the second changes with the same people."""

    before: SimulationResult
    now: SimulationResult
    whole: Bands


type Progress = Callable[[int, int], object]
"""Told how many simulations of how many are done."""


def ignore_progress(done: int, of: int) -> None: ...
