"""The same cases through the same pathway, told to SimPy, the best-known library for
this: an independent oracle, and what the benchmark is measured beside.

Written plainly, one process for each case and branch. Without interrupts.
"""

import random
from collections import defaultdict
from collections.abc import Generator
from dataclasses import dataclass, field
from math import ceil
from typing import Any

import simpy

from amana.design.pathway.pathway_model import (
    LIST,
    Choose,
    Clock,
    Decide,
    Do,
    Part,
    Pathway,
    Step,
    Together,
    Wait,
)
from amana.design.simulation.simulator import ANSWER_DAYS, Workweek, convert_to_days
from amana.working_time import WorkingDays

URGENCIES = ["U0", "U1", "U2", "U3"]
type Going = Generator[Any, Any, Any]


@dataclass
class Peer:
    pathway: Pathway
    capacity: Any
    seed: int
    cases: int
    waits: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Days, by step."""
    done: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    late: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    ends: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    lengths: list[float] = field(default_factory=list)

    def run(self) -> "Peer":
        self.random = random.Random(self.seed)
        self.week = Workweek(self.pathway.calendar, self.capacity["hours_a_day"])
        env = self.env = simpy.Environment()
        self.staff = {
            role: simpy.PriorityResource(env, ceil(number))
            for role, number in self.capacity["staff"].items()
        }
        self.places = {
            step: simpy.PriorityResource(env, said["places"])
            for step, said in self.capacity.get("places", {}).items()
        }
        env.process(self.arrivals())
        env.run()
        return self

    def arrivals(self) -> Going:
        gap = self.capacity["hours_a_day"] / self.capacity["arrivals_per_day"]
        for number in range(self.cases):
            self.env.process(self.case(number >= self.cases // 10))
            yield self.env.timeout(self.random.expovariate(1 / gap))

    def case(self, counted: bool) -> Going:
        shares = self.capacity.get("starts_with", {})
        data = {
            name: self.draw(codes, shares.get(name))
            for name, codes in self.pathway.starts_with.items()
        }
        began = self.env.now
        end = yield from self.branch(self.pathway.start, data, counted)
        if counted:
            self.ends[end] += 1
            self.lengths.append(self.week.days(self.env.now) - self.week.days(began))

    def branch(self, id: str | None, data: Any, counted: bool) -> Going:
        """From a step to the end of its branch, or of the case, which is returned."""
        while id is not None:
            step = self.pathway.steps[id]
            id = step.next
            match step:
                case Do():
                    yield from self.work(step, data, counted)
                case Choose():
                    ways = (b for b in step.choose if not b.when or b.when.holds(data))
                    id = next(ways).next
                case Decide():
                    data[step.gives] = self.pathway.decisions[step.decide].decide(data)
                case Together() | Part():
                    each = step.each if isinstance(step, Together) else ""
                    scopes = [dict(data) for _ in data[each]] if each else [data]
                    branches = [
                        self.env.process(self.branch(first, known, counted))
                        for known in scopes
                        for first in step.begins
                    ]
                    yield self.env.all_of(branches)
                case Wait():
                    id = yield from self.wait(step, data)
            if id is None and step.end:
                return step.end
        return None

    def work(self, step: Do, data: Any, counted: bool) -> Going:
        env = self.env
        since, priority = env.now, URGENCIES.index(data.get("urgency", "U3"))
        due = self.ends_at(step.due, data)
        if step.id in self.places:
            place = self.places[step.id].request(priority)
            yield place
            env.process(self.stay(step, place))
        hours = self.capacity["work_hours"].get(step.id, 0)
        if hours and step.role in self.staff:
            with self.staff[step.role].request(priority) as post:
                yield post
                self.taken_up(step, since, counted)
                number = self.capacity["staff"][step.role]
                slower = ceil(number) / number
                yield env.timeout(self.random.expovariate(1 / hours) * slower)
        else:
            self.taken_up(step, since, counted)
            yield env.timeout(self.random.expovariate(1 / hours) if hours else 0)
        if counted:
            self.done[step.id] += 1
            self.late[step.id] += due is not None and env.now > due
        chance, items = self.capacity.get("chance", {}), self.capacity.get("items", {})
        for name, codes in step.gives.items():
            if codes == (LIST,):
                shares = items.get(name, [0, 1])
                [size] = self.random.choices(range(len(shares)), shares)
                data[name] = range(size)
            else:
                data[name] = self.draw(codes, chance.get(name))

    def taken_up(self, step: Step, since: float, counted: bool) -> None:
        if counted:
            now = self.env.now
            waited = self.week.days(now) - self.week.days(since) if now > since else 0
            self.waits[step.id].append(waited)

    def stay(self, step: Do, place: Any) -> Going:
        days = self.random.expovariate(1 / self.capacity["places"][step.id]["days"])
        yield self.env.timeout(self.week.after(self.env.now, days) - self.env.now)
        self.places[step.id].release(place)

    def wait(self, step: Wait, data: Any) -> Going:
        answers = self.capacity.get("answers", {}).get(step.id, {})
        heard = [way for way in step.wait if way.message]
        shares = [answers.get(way.message, 0) for way in heard]
        ways = [*heard, step.after or heard[-1]]
        [way] = self.random.choices(ways, [*shares, 1 - sum(shares)])
        now = self.env.now
        until = self.ends_at(step.after.after if step.after else None, data)
        if until is None:
            until = self.week.after(now, self.random.random() * ANSWER_DAYS)
        elif not way.after:
            until = now + self.random.random() * (until - now)
        yield self.env.timeout(until - now)
        return way.next

    def ends_at(self, clock: Clock | None, data: Any) -> float | None:
        span = clock.span(data.get("urgency")) if clock else None
        if span is None:
            return None
        if isinstance(span, WorkingDays):
            return float(self.env.now + span.amount * self.capacity["hours_a_day"])
        return self.week.after(self.env.now, convert_to_days(span))

    def draw(self, codes: tuple[str, ...], shares: Any) -> str:
        weights = [shares.get(code, 0) for code in codes] if shares else None
        return self.random.choices(codes, weights)[0]
