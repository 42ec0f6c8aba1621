"""The posts and places for which cases queue."""

from collections.abc import Callable, Iterable, Iterator
from heapq import heappop, heappush
from math import ceil
from statistics import fmean
from typing import Any, Protocol

from amana.design.simulation.simulator.simulated_cases import SimulatedToken
from amana.design.simulation.simulator.simulated_figures import (
    F,
    Figures,
    SimulatedFigure,
)
from amana.design.simulation.simulator.working_week import Workweek


class SimulationClock(Protocol):
    """What a queue knows of the simulation: the time, and whether it is counted."""

    now: float
    counts: bool
    week: Workweek
    order: Iterator[int]

    def later(
        self, at: float, happen: Callable[[Any], object], what: object
    ) -> None: ...


class QueuedWork(Protocol):
    """A step for which a token queues."""

    def begin(self, token: SimulatedToken) -> None: ...
    def begun(self, token: SimulatedToken) -> None: ...
    def finish(self, token: SimulatedToken) -> None: ...


class ResourceQueue:
    """So many posts or places, and who waits for one: the most urgent first."""

    def __init__(self, sim: SimulationClock, number: float) -> None:
        self.sim = sim
        self.number = number
        self.free = ceil(number)
        self.waiting: list[tuple[int, int, SimulatedToken, QueuedWork]] = []
        self.waits: list[float] = []
        self.used = 0.0
        self.wanted = 0.0
        """Hours of work, or days of stay, that were taken and that were asked for."""
        self.queued = 0.0
        """Those who wait, times the hours that they do."""
        self.looked_at = 0.0

    def ask(self, token: SimulatedToken, stage: QueuedWork) -> None:
        token.asked = self.sim.now
        if self.free:
            self.free -= 1
            self.take(token, stage)
        else:
            # Before the queue changes: the time until now counts with the length that
            # it had.
            self.look()
            urgency = token.case.urgency
            heappush(self.waiting, (urgency, next(self.sim.order), token, stage))

    def take(self, token: SimulatedToken, stage: QueuedWork) -> None:
        if token.case.counted:
            self.waits.append(self.sim.week.between(token.asked, self.sim.now))
        self.give(token, stage)

    def give(self, token: SimulatedToken, stage: QueuedWork) -> None:
        raise NotImplementedError

    def release(self) -> None:
        if self.waiting:
            self.look()
        while self.waiting:
            _, _, token, stage = heappop(self.waiting)
            # An interrupt leaves its tokens in the heap, where taking one out is
            # costly; they are passed over when their turn comes.
            if not token.gone:
                self.take(token, stage)
                return
        self.free += 1

    def look(self) -> None:
        now = self.sim.now
        if self.sim.counts:
            self.queued += len(self.waiting) * (now - self.looked_at)
        self.looked_at = now

    def figures(self, hours: float, able: float) -> Figures:
        """Summarise the queue. `able`: what could have been taken in these hours, if
        all were used.
        """
        return {
            F.QUEUE: self.queued / hours,
            **summarise_waits(self.waits),
            F.USED: min(self.used / able, 1.0),
            F.LOAD: self.wanted / able,
        }


class PostQueue(ResourceQueue):
    """The people of a role."""

    def __init__(self, sim: SimulationClock, number: float) -> None:
        super().__init__(sim, number)
        self.speed = number / self.free
        """Two and a half posts are three that are a sixth slower."""

    def give(self, token: SimulatedToken, stage: QueuedWork) -> None:
        token.posts = self
        stage.begun(token)
        if self.sim.counts:
            self.used += token.hours
        self.sim.later(self.sim.now + token.hours / self.speed, stage.finish, token)


class PlaceQueue(ResourceQueue):
    """Beds or seats: taken for some days, however the case goes on."""

    def __init__(self, sim: SimulationClock, number: float, days: float) -> None:
        super().__init__(sim, number)
        self.mean = days

    def give(self, token: SimulatedToken, stage: QueuedWork) -> None:
        sim = self.sim
        days = self.mean * token.length()
        if sim.counts:
            self.used += days
        sim.later(sim.week.after(sim.now, days), self.leave, token)
        stage.begin(token)

    def leave(self, token: SimulatedToken) -> None:
        self.release()


def summarise_waits(waits: list[float]) -> dict[SimulatedFigure, float]:
    if not waits:
        return {F.WAIT_MEDIAN: 0.0, F.WAIT_P90: 0.0, F.WAIT_MEAN: 0.0}
    return {
        F.WAIT_MEDIAN: compute_quantile(waits, 0.5),
        F.WAIT_P90: compute_quantile(waits, 0.9),
        F.WAIT_MEAN: fmean(waits),
    }


def compute_quantile(values: Iterable[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
