"""One simulation, from its first case to its last."""

from collections import Counter
from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from itertools import count
from random import Random
from statistics import fmean
from typing import Any

from amana.design.pathway.pathway_model import EMPTY, Clock, Pathway
from amana.design.pathway.plain import Plain
from amana.design.simulation.simulator.simulated_cases import (
    Known,
    Place,
    SimulatedCase,
    SimulatedJoin,
)
from amana.design.simulation.simulator.simulated_figures import F, SimulationRun
from amana.design.simulation.simulator.simulated_queues import (
    PlaceQueue,
    PostQueue,
    compute_quantile,
)
from amana.design.simulation.simulator.simulated_stages import (
    STAGES,
    WorkStage,
    build_draw,
)
from amana.design.simulation.simulator.working_week import (
    WEEK,
    Workweek,
    convert_to_days,
)
from amana.working_time import WorkingDays

WARM_UP = 0.1
"""Of the cases: they only fill the mechanism."""


INTERRUPTED_BY = 12
"""Steps of a case: at one of them it is interrupted, or else when it would end."""


class Simulation:
    def __init__(self, pathway: Pathway, capacity: Plain, seed: int) -> None:
        self.pathway = pathway
        self.capacity = capacity
        a_day = float(capacity.get("hours_a_day") or 8)
        self.week = Workweek(pathway.calendar, a_day)
        self.now = 0.0
        self.order: Iterator[int] = count()
        self.events: list[tuple[float, int, Callable[[Any], object], Any]] = []
        self.posts = {
            r: PostQueue(self, number) for r, number in capacity["staff"].items()
        }
        self.places = {
            step: PlaceQueue(self, places["places"], places["days"])
            for step, places in (capacity.get("places") or EMPTY).items()
        }
        self.stages = {
            id: STAGES[step.word](step, self) for id, step in pathway.steps.items()
        }
        for id, step in pathway.steps.items():
            self.stages[id].link(step, self.stages)
        shares = capacity.get("starts_with") or EMPTY
        self.starts = [
            (name, build_draw(codes, shares.get(name), None))
            for name, codes in pathway.starts_with.items()
        ]
        self.interrupts = list((capacity.get("interrupts") or EMPTY).items())
        self.arrivals = Random(seed)  # noqa: S311 — chance, no secret
        self.gap = a_day / capacity["arrivals_per_day"]
        self.counts = False
        self.from_, self.to = 0.0, 0.0
        self.ends: Counter[str] = Counter()
        self.ended_in_time = 0
        self.lengths: list[float] = []
        self.waited: list[float] = []

    def run(self, cases: int) -> SimulationRun:
        self.cases = cases
        self.warm = int(cases * WARM_UP)
        self.arrive(0)
        events = self.events
        while events:
            self.now, _, happen, what = heappop(events)
            happen(what)
        return self.result()

    def later(self, at: float, happen: Callable[[Any], object], what: object) -> None:
        heappush(self.events, (at, next(self.order), happen, what))

    def ends_at(
        self, clock: Clock | None
    ) -> Callable[[float, Known], float | None] | None:
        """Build what computes when a time has passed, by the clock of the
        simulation."""
        if clock is None:
            return None
        a_day, after = self.week.a_day, self.week.after
        spans = {
            urgency: (span.amount * a_day, 0.0)
            if isinstance(span, WorkingDays)
            else (0.0, convert_to_days(span))
            for urgency, span in clock.spans.items()
        }
        everybody = spans.get("")

        def ends(now: float, data: Known) -> float | None:
            found = spans.get(data.get("urgency"), everybody)  # type: ignore[arg-type]
            if found is None:
                return None
            hours, days = found
            return now + hours if hours else after(now, days)

        return ends

    # -- what cases do

    def arrive(self, number: int) -> None:
        if number == self.warm:
            self.counts, self.from_ = True, self.now
        if number == self.cases:
            # Counting ends with the last arrival. After it the mechanism only empties,
            # and its queues would look shorter than they are.
            for queue in (*self.posts.values(), *self.places.values()):
                queue.look()
            self.counts, self.to = False, self.now
            return
        gap = self.arrivals.expovariate(1 / self.gap)
        self.later(self.now + gap, self.arrive, number + 1)
        chance = self.arrivals.random
        data: Known = {name: draw(chance()) for name, draw in self.starts}
        case = SimulatedCase(
            self.arrivals.getrandbits(64), self.now, data, number >= self.warm
        )
        for interrupt, share in self.interrupts:
            # Both are drawn for each person, whatever the first is: everyone takes the
            # same number of chances from this stream, so later people are the same.
            comes, at = chance() < share, int(chance() * INTERRUPTED_BY)
            if comes and not case.interrupt:
                case.interrupt, case.interrupt_at = interrupt, at
        self.go(case, (self.stages[self.pathway.start], data, None))

    def go(self, case: SimulatedCase, place: Place) -> None:
        """Continue until people, or messages, have to do something."""
        while place:
            stage, data, join = place
            place = stage.enter(case, data, join)

    def up(self, case: SimulatedCase, join: SimulatedJoin | None) -> Place:
        """End a branch, and return where its block continues if it was the last."""
        while join is not None:
            join.left -= 1
            if join.left:
                return None
            stage = join.stage
            if stage.next is not None or stage.end:
                return stage.onward(stage.next, case, join.data, join.outer)
            join = join.outer
        return None

    def interrupt(self, case: SimulatedCase) -> Place:
        """Close what is open except what the interrupt keeps, and continue
        elsewhere."""
        interrupt = self.pathway.interrupts[case.interrupt]
        case.interrupt = ""
        for token, stage in list(case.open.items()):
            if stage.id in interrupt.keeps:
                token.kept = True
                case.kept += 1
            else:
                token.gone = True
                del case.open[token]
                if token.posts:
                    token.posts.release()
        return self.stages[interrupt.next], case.data, None

    def close(self, case: SimulatedCase, end: str) -> Place:
        if case.interrupt:  # it comes before the end at the latest
            return self.interrupt(case)
        if case.kept:
            case.ending = end
        else:
            self.ended(case, end)
        return None

    def end_of_kept(self, case: SimulatedCase) -> None:
        case.kept -= 1
        if not case.kept and case.ending:
            self.ended(case, case.ending)

    def ended(self, case: SimulatedCase, end: str) -> None:
        self.ended_in_time += self.counts
        if case.counted:
            self.ends[end] += 1
            self.lengths.append(self.week.between(case.began, self.now))
            self.waited.append(case.waited)

    # -- the results

    def result(self) -> SimulationRun:
        cases = self.cases - self.warm
        hours = self.to - self.from_
        days = self.week.between(self.from_, self.to)
        work = [stage for stage in self.stages.values() if isinstance(stage, WorkStage)]
        timed = sum(stage.timed for stage in work)
        return SimulationRun(
            cases=cases,
            days=days,
            steps={stage.id: stage.figures(cases) for stage in work if stage.done},
            roles={
                role: posts.figures(hours, posts.number * hours)
                for role, posts in self.posts.items()
            },
            places={
                step: places.figures(hours, places.number * days)
                for step, places in self.places.items()
            },
            whole={
                F.DONE: self.ended_in_time / days * WEEK,
                F.WAIT_MEAN: fmean(self.waited),
                F.LATE: sum(stage.late for stage in work) / timed if timed else 0.0,
                F.LENGTH_MEDIAN: compute_quantile(self.lengths, 0.5),
                F.LENGTH_P90: compute_quantile(self.lengths, 0.9),
            },
            ends={end: n / cases for end, n in self.ends.most_common()},
        )
