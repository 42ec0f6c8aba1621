"""The steps of a pathway, made ready for cases to go through."""

from bisect import bisect
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from typing import Any, Protocol
from zlib import crc32

from amana.design.pathway.pathway_model import (
    EMPTY,
    LIST,
    Choose,
    Clock,
    Codes,
    Decide,
    Do,
    Part,
    Pathway,
    Step,
    Together,
    Value,
    Wait,
    WaitExit,
)
from amana.design.pathway.plain import Plain
from amana.design.simulation.simulator.simulated_cases import (
    GOLDEN,
    CaseStage,
    Known,
    Place,
    SimulatedCase,
    SimulatedJoin,
    SimulatedToken,
)
from amana.design.simulation.simulator.simulated_figures import (
    NEVER_ENDS,
    EndlessRun,
    F,
    Figures,
)
from amana.design.simulation.simulator.simulated_queues import (
    PlaceQueue,
    PostQueue,
    SimulationClock,
    summarise_waits,
)

MOST_STEPS = 2_000
"""Of one case; with shares that lead in circles it would never end."""


ANSWER_DAYS = 14.0


class SimulationContext(SimulationClock, Protocol):
    """What a step knows of the simulation that goes through it."""

    pathway: Pathway
    capacity: Plain
    posts: dict[str, PostQueue]
    places: dict[str, PlaceQueue]

    def ends_at(
        self, clock: Clock | None
    ) -> Callable[[float, Known], float | None] | None: ...
    def go(self, case: SimulatedCase, place: Place) -> None: ...
    def up(self, case: SimulatedCase, join: SimulatedJoin | None) -> Place: ...
    def close(self, case: SimulatedCase, end: str) -> Place: ...
    def interrupt(self, case: SimulatedCase) -> Place: ...
    def end_of_kept(self, case: SimulatedCase) -> None: ...


class SimulatedStage:
    """A step as the simulation goes through it."""

    def __init__(self, step: Step, sim: SimulationContext) -> None:
        self.id = step.id
        # Not `hash`: Python salts it in each process, and the same seed would give
        # another run.
        self.key = crc32(step.id.encode()) * GOLDEN
        self.end = step.end
        self.sim = sim
        self.next: CaseStage | None = None

    def link(self, step: Any, stages: Mapping[str, CaseStage]) -> None:
        self.next = stages[step.next] if step.next else None

    def enter(
        self, case: SimulatedCase, data: Known, join: SimulatedJoin | None
    ) -> Place:
        """Come to the step, and return where the case continues if this needs no
        one."""
        return self.onward(self.next, case, data, join)

    def onward(
        self,
        next: CaseStage | None,
        case: SimulatedCase,
        data: Known,
        join: SimulatedJoin | None,
    ) -> Place:
        if next is not None:
            return next, data, join
        return self.sim.close(case, self.end) if self.end else self.sim.up(case, join)

    def token(
        self, case: SimulatedCase, data: Known, join: SimulatedJoin | None
    ) -> SimulatedToken:
        visit = case.visits[self] = case.visits.get(self, 0) + 1
        # Of the person, the step and the visit alone, not of the order of events: with
        # one more post the same person gives the same answers.
        chances = case.key + self.key * visit
        token = SimulatedToken(case, data, join, self.sim.now, chances)
        case.open[token] = self
        return token


class WorkStage(SimulatedStage):
    """A step that a person does."""

    def __init__(self, step: Do, sim: SimulationContext) -> None:
        super().__init__(step, sim)
        shares = sim.capacity
        self.hours = float((shares.get("work_hours") or EMPTY).get(step.id, 0))
        self.posts = sim.posts.get(step.role) if self.hours else None
        self.places = sim.places.get(step.id)
        chance, items = shares.get("chance") or EMPTY, shares.get("items") or EMPTY
        self.gives = [
            (name, build_draw(codes, chance.get(name), items.get(name)))
            for name, codes in step.gives.items()
        ]
        self.due = sim.ends_at(step.due)
        self.done = self.timed = self.late = 0
        self.waits: list[float] = []

    def enter(
        self, case: SimulatedCase, data: Known, join: SimulatedJoin | None
    ) -> Place:
        case.steps += 1
        if case.steps > MOST_STEPS:
            raise EndlessRun(NEVER_ENDS, step=self.id)
        if case.interrupt and case.steps > case.interrupt_at:
            return self.sim.interrupt(case)
        token = self.token(case, data, join)
        token.hours = self.hours * token.length()
        if self.due:
            token.due = self.due(self.sim.now, data)
        if self.places:
            if self.sim.counts:
                self.places.wanted += self.places.mean
            self.places.ask(token, self)
        else:
            self.begin(token)
        return None

    def begin(self, token: SimulatedToken) -> None:
        if token.gone:
            return
        if self.posts:
            if self.sim.counts:
                self.posts.wanted += self.hours
            self.posts.ask(token, self)
        else:
            self.begun(token)
            self.sim.later(self.sim.now + token.hours, self.finish, token)

    def begun(self, token: SimulatedToken) -> None:
        case = token.case
        if case.counted:
            wait = self.sim.week.between(token.since, self.sim.now)
            self.waits.append(wait)
            case.waited += wait

    def finish(self, token: SimulatedToken) -> None:
        if token.gone:
            return
        if self.posts:
            self.posts.release()
        case = token.case
        del case.open[token]
        if case.counted:
            self.done += 1
            if token.due is not None:
                self.timed += 1
                self.late += self.sim.now > token.due
        if token.kept:
            self.sim.end_of_kept(case)
            return
        data = token.data
        for name, draw in self.gives:
            data[name] = draw(token.chance())
        self.sim.go(case, self.onward(self.next, case, data, token.join))

    def figures(self, cases: int) -> Figures:
        found = {F.DONE: self.done / cases, **summarise_waits(self.waits)}
        return {**found, F.LATE: self.late / self.timed} if self.timed else found


class ChoiceStage(SimulatedStage):
    def link(self, step: Choose, stages: Mapping[str, CaseStage]) -> None:
        self.ways = [
            (branch.when.test if branch.when else None, stages.get(branch.next or ""))
            for branch in step.choose
        ]

    def enter(
        self, case: SimulatedCase, data: Known, join: SimulatedJoin | None
    ) -> Place:
        for test, next in self.ways:
            if test is None or test(data):
                return self.onward(next, case, data, join)
        return self.onward(None, case, data, join)


class DecisionStage(SimulatedStage):
    def __init__(self, step: Decide, sim: SimulationContext) -> None:
        super().__init__(step, sim)
        self.gives = step.gives
        self.decide = sim.pathway.decisions[step.decide].decide

    def enter(
        self, case: SimulatedCase, data: Known, join: SimulatedJoin | None
    ) -> Place:
        data[self.gives] = self.decide(data)
        return self.onward(self.next, case, data, join)


class BlockStage(SimulatedStage):
    """Several branches, or a part; for each item of a list, with answers of its own."""

    def __init__(self, step: Together | Part, sim: SimulationContext) -> None:
        super().__init__(step, sim)
        self.each = step.each if isinstance(step, Together) else ""

    def link(self, step: Together | Part, stages: Mapping[str, CaseStage]) -> None:
        super().link(step, stages)
        self.begins = [stages[first] for first in step.begins]

    def enter(
        self, case: SimulatedCase, data: Known, join: SimulatedJoin | None
    ) -> Place:
        scopes = [dict(data) for _ in data.get(self.each, ())] if self.each else [data]
        if not scopes:
            return self.onward(self.next, case, data, join)
        mine = SimulatedJoin(self, len(scopes) * len(self.begins), data, join)
        interrupted = case.interrupt
        for known in scopes:
            for first in self.begins:
                self.sim.go(case, (first, known, mine))
                # The branch has interrupted the case, which closed this block: its
                # other branches must not begin any more.
                if case.interrupt != interrupted:
                    return None
        return None


class PauseStage(SimulatedStage):
    """Something is waited for: a message, or that a time has passed."""

    def __init__(self, step: Wait, sim: SimulationContext) -> None:
        super().__init__(step, sim)
        answers = (sim.capacity.get("answers") or EMPTY).get(step.id) or EMPTY
        heard = [way for way in step.wait if way.message]
        last = step.after or heard[-1]
        self.ways: list[tuple[float, WaitExit]] = []
        share = 0.0
        for way in heard:
            share += answers.get(way.message, 0.0)
            self.ways.append((share, way))
        self.ways.append((1.0, last))
        self.until = sim.ends_at(step.after.after if step.after else None)

    def link(self, step: Wait, stages: Mapping[str, CaseStage]) -> None:
        self.onto = [stages.get(way.next or "") for _, way in self.ways]

    def enter(
        self, case: SimulatedCase, data: Known, join: SimulatedJoin | None
    ) -> Place:
        sim = self.sim
        token = self.token(case, data, join)
        share, moment = token.chance(), token.chance()
        # The shares need not add up to 1; what is left goes to the last way.
        n = next(n for n, (up_to, _) in enumerate(self.ways) if share <= up_to)
        until = self.until(sim.now, data) if self.until else None
        if until is None:
            at = sim.week.after(sim.now, moment * ANSWER_DAYS)
        elif self.ways[n][1].after:
            at = until
        else:
            at = sim.now + moment * (until - sim.now)
        sim.later(at, self.over, (token, self.onto[n]))
        return None

    def over(self, found: tuple[SimulatedToken, CaseStage | None]) -> None:
        token, next = found
        if token.gone:
            return
        case = token.case
        del case.open[token]
        if token.kept:
            self.sim.end_of_kept(case)
        else:
            self.sim.go(case, self.onward(next, case, token.data, token.join))


STAGES: Mapping[str, Callable[[Any, SimulationContext], SimulatedStage]] = {
    "do": WorkStage,
    "choose": ChoiceStage,
    "decide": DecisionStage,
    "together": BlockStage,
    "part": BlockStage,
    "wait": PauseStage,
    "tell": SimulatedStage,
}


def build_draw(
    codes: Codes, shares: Mapping[str, float] | None, items: Sequence[float] | None
) -> Callable[[float], Value]:
    """Build what draws, from a chance between 0 and 1, a code or the items of a list.
    Where no shares are known, every code is as likely as any other, and a list has one
    item.
    """
    if codes == (LIST,):
        weights = list(items or (0, 1))
        values: Sequence[Value] = [
            tuple(f"c{n + 1}" for n in range(size)) for size in range(len(weights))
        ]
    else:
        weights = [(shares or EMPTY).get(code, 0.0) for code in codes]
        values = codes
    if not sum(weights):
        weights = [1] * len(values)
    # Without the last sum: by rounding it may be just below 1, and a chance above it
    # would find no value.
    up_to = [share / sum(weights) for share in accumulate(weights)][:-1]
    return lambda chance: values[bisect(up_to, chance)]
