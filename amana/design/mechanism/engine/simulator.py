"""Where a mechanism will queue: invented cases that go through the same pathway that
real ones go through, with as many people and places as `capacity.yaml` says.

    run = simulate(pathway, pack.capacity, cases=10_000, seed=1)
    run.roles["authority"]["wait_p90"]         # days

    seen = simulate_repeatedly(pathway, pack.capacity, cases=2_000, replications=10)
    seen.roles["authority"]["wait_p90"].low    # of the 95 % interval

    try_one_more(pathway, pack.capacity, …)    # what one more post or place changes
    compare_versions(before, now, …)           # two versions, with the same people

What is assumed, so that it can be shown with the figures: people come by chance, on
working days, `arrivals_per_day` on average. Work takes a time that is distributed
exponentially around its mean, as do stays. Who is more urgent is served first, others
in the order in which they came. A post gives `hours_a_day` of its opening hours to this
work (8 without it). Holidays are not counted. A message that is waited for comes at any
moment before the wait ends with equal chance, or within 14 days. A step without hours
of work takes none, and a role without staff keeps no one waiting. An interrupt comes at
one of the first dozen steps of a case, or else when it would end. The first tenth of
the cases only fills the mechanism and is not counted.

Times are in days of the calendar, waiting is from the moment that a step is due until
a person takes it up, shares are from 0 to 1.
"""

from bisect import bisect
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from heapq import heappop, heappush
from itertools import accumulate, count
from math import ceil, log, sqrt
from random import Random
from statistics import fmean, stdev
from typing import Any
from zlib import crc32

from amana.design.mechanism.engine.calendar import (
    Calendar,
    Days,
    Hours,
    Minutes,
    TimeSpan,
    WorkingDays,
)
from amana.design.mechanism.engine.faults import ReadableError, gettext_noop
from amana.design.mechanism.engine.pathway import (
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

WARM_UP = 0.1
"""Of the cases: they only fill the mechanism."""
MOST_STEPS = 2_000
"""Of one case; with shares that lead in circles it would never end."""
ANSWER_DAYS = 14.0
DAY = 24.0
WEEK = 7
URGENCIES = ("U0", "U1", "U2", "U3")
LEAST_URGENT = len(URGENCIES)
INTERRUPTED_BY = 12
"""Steps of a case: at one of them it is interrupted, or else when it would end."""

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
type Plain = Mapping[str, Any]


def ignore_progress(done: int, of: int) -> None: ...


def simulate(
    pathway: Pathway, capacity: Plain, *, cases: int, seed: int
) -> SimulationRun:
    """Run one simulation of so many cases.

    The same seed gives the same run; and the same people, with the same answers, if
    only the capacity is another.
    """
    return Simulation(pathway, capacity, seed).run(cases)


def simulate_repeatedly(
    pathway: Pathway,
    capacity: Plain,
    *,
    cases: int = 2_000,
    replications: int = 10,
    seed: int = 1,
    progress: Progress = ignore_progress,
) -> SimulationResult:
    """Run several simulations with other chances each, and give the 95 % interval of
    their means.
    """
    runs = []
    for number in range(replications):
        runs.append(simulate(pathway, capacity, cases=cases, seed=seed + number))
        progress(number + 1, replications)
    return combine_runs(runs)


def try_one_more(
    pathway: Pathway,
    capacity: Plain,
    *,
    cases: int = 2_000,
    replications: int = 10,
    seed: int = 1,
    progress: Progress = ignore_progress,
) -> list[MarginalEffect]:
    """Try one more of each role and place, and sort what saves most waiting to the
    front. Where no one waits now, one more would change nothing, and isn't tried.
    """
    every = [("role", name) for name in capacity["staff"]]
    every += [("place", name) for name in capacity.get("places") or ()]
    done, of = count(1), replications * (1 + len(every))

    def seen(capacity: Plain) -> SimulationResult:
        return simulate_repeatedly(
            pathway,
            capacity,
            cases=cases,
            replications=replications,
            seed=seed,
            progress=lambda *_: progress(next(done), of),
        )

    now = seen(capacity)
    queues = {"role": now.roles, "place": now.places}
    waited = [
        (kind, name)
        for kind, name in every
        if name in queues[kind] and queues[kind][name][F.QUEUE].mean > 0
    ]
    # Fewer runs than the progress has announced so far: only now is it known what has a
    # queue.
    of = replications * (1 + len(waited))
    found = [
        MarginalEffect(
            kind, name, compute_change(now, seen(add_one_more(capacity, kind, name)))
        )
        for kind, name in waited
    ]
    return sorted(found, key=lambda one: one.whole[F.WAIT_MEAN].mean)


def compare_versions(
    before: tuple[Pathway, Plain],
    now: tuple[Pathway, Plain],
    *,
    cases: int = 2_000,
    replications: int = 10,
    seed: int = 1,
    progress: Progress = ignore_progress,
) -> SimulationComparison:
    """Compare two versions, each (pathway, capacity), with the same people."""
    done, of = count(1), 2 * replications
    one, other = (
        simulate_repeatedly(
            *version,
            cases=cases,
            replications=replications,
            seed=seed,
            progress=lambda *_: progress(next(done), of),
        )
        for version in (before, now)
    )
    return SimulationComparison(one, other, compute_change(one, other))


def add_one_more(capacity: Plain, kind: str, name: str) -> Plain:
    if kind == "role":
        staff = capacity["staff"]
        return {**capacity, "staff": {**staff, name: staff[name] + 1}}
    places = capacity["places"]
    more = {**places[name], "places": places[name]["places"] + 1}
    return {**capacity, "places": {**places, name: more}}


# -- several runs ----------------------------------------------------------------------


def combine_runs(runs: Sequence[SimulationRun]) -> SimulationResult:
    def bands(each: Sequence[Mapping[str, Figures]]) -> dict[str, Bands]:
        names = dict.fromkeys(name for run in each for name in run)
        return {
            name: compute_bands([run[name] for run in each if name in run])
            for name in names
        }

    ends = dict.fromkeys(end for run in runs for end in run.ends)
    return SimulationResult(
        cases=runs[0].cases,
        replications=len(runs),
        days=fmean(run.days for run in runs),
        steps=bands([run.steps for run in runs]),
        roles=bands([run.roles for run in runs]),
        places=bands([run.places for run in runs]),
        whole=compute_bands([run.whole for run in runs]),
        ends={
            end: compute_band([run.ends.get(end, 0.0) for run in runs]) for end in ends
        },
        runs=tuple(runs),
    )


def compute_bands(each: Sequence[Figures]) -> Bands:
    figures = dict.fromkeys(figure for run in each for figure in run)
    return {
        figure: compute_band([run[figure] for run in each if figure in run])
        for figure in figures
    }


def compute_change(before: SimulationResult, now: SimulationResult) -> Bands:
    """Compute the differences for the cases as a whole, run by run.

    The same people on both sides (common random numbers): otherwise chance alone would
    be larger than most effects.
    """
    return compute_bands(
        [
            {f: two.whole[f] - run.whole[f] for f in two.whole if f in run.whole}
            for run, two in zip(before.runs, now.runs, strict=True)
        ]
    )


def compute_band(values: Sequence[float]) -> ConfidenceBand:
    """Compute the mean and its 95 % interval, by Student's t."""
    mean = fmean(values)
    if len(values) < 2:
        return ConfidenceBand(mean, mean, mean)
    half = compute_student_t(len(values) - 1) * stdev(values) / sqrt(len(values))
    return ConfidenceBand(mean, mean - half, mean + half)


STUDENT = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228),
    *(2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086),
    *(2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042),
)
NORMAL = 1.959964


def compute_student_t(freedom: int) -> float:
    """Return the 97.5 % point of Student's t; beyond the table by its expansion."""
    if freedom <= len(STUDENT):
        return STUDENT[freedom - 1]
    return NORMAL + (NORMAL**3 + NORMAL) / (4 * freedom)


# -- the week --------------------------------------------------------------------------


class Workweek:
    """The clock of a simulation counts hours of one post's work; this turns them into
    days of the calendar, from a Monday on, and back."""

    def __init__(self, calendar: Calendar, hours_a_day: float) -> None:
        opens = calendar.opens.hour + calendar.opens.minute / 60
        closes = calendar.closes.hour + calendar.closes.minute / 60
        length = max(closes - opens, hours_a_day)
        self.a_day = hours_a_day
        self.opens = min(opens, DAY - length)
        self.rate = hours_a_day / length
        self.days_at_work = [d for d in range(WEEK) if d not in calendar.weekend]
        self.a_week = hours_a_day * len(self.days_at_work)
        works = [d in self.days_at_work for d in range(WEEK)]
        self.before = [hours_a_day * sum(works[:d]) for d in range(WEEK)]
        self.works = works

    def days(self, hours: float) -> float:
        """Convert hours worked into days."""
        weeks, rest = divmod(hours, self.a_week)
        day = min(int(rest / self.a_day), len(self.days_at_work) - 1)
        clock = self.opens + (rest - day * self.a_day) / self.rate
        return weeks * WEEK + self.days_at_work[day] + clock / DAY

    def hours(self, days: float) -> float:
        """Convert days into the hours that have been worked by then."""
        weeks, rest = divmod(days, WEEK)
        day = int(rest)
        worked = weeks * self.a_week + self.before[day]
        if self.works[day]:
            since = ((rest - day) * DAY - self.opens) * self.rate
            worked += min(max(since, 0.0), self.a_day)
        return worked

    def between(self, hours: float, later: float) -> float:
        """Compute the days between two moments."""
        return self.days(later) - self.days(hours) if later > hours else 0.0

    def after(self, hours: float, days: float) -> float:
        """Compute the hours worked when so many more days have passed."""
        return self.hours(self.days(hours) + days)


def convert_to_days(span: TimeSpan) -> float:
    match span:
        case Minutes():
            return span.amount / 60 / DAY
        case Hours():
            return span.amount / DAY
        case Days() | WorkingDays():
            return float(span.amount)
    raise TypeError(span)


# -- cases and what they wait for ------------------------------------------------------


GOLDEN = 0x9E3779B97F4A7C15
BITS = 0xFFFFFFFFFFFFFFFF


UNIT = 2.0**-53


class SimulatedCase:
    """One invented person's way."""

    __slots__ = (
        "began",
        "counted",
        "data",
        "ending",
        "interrupt",
        "interrupt_at",
        "kept",
        "key",
        "open",
        "steps",
        "urgency",
        "visits",
        "waited",
    )

    def __init__(self, key: int, began: float, data: "Known", counted: bool) -> None:
        self.key = key
        self.began = began
        self.data = data
        self.counted = counted
        urgency = data.get("urgency")
        known = urgency in URGENCIES
        self.urgency = URGENCIES.index(urgency) if known else LEAST_URGENT
        self.steps = 0
        self.visits: dict[SimulatedStage, int] = {}
        self.waited = 0.0
        self.open: dict[SimulatedToken, SimulatedStage] = {}
        self.kept = 0
        """How much of what an interrupt keeps is open still."""
        self.ending: str | None = None
        self.interrupt = ""
        self.interrupt_at = 0


class SimulatedToken:
    """A step that is due in a case, or one that waits. Its chances are those of the
    person at this step, whenever she comes to it: so that she answers alike when there
    are more posts, and that alone makes the difference."""

    __slots__ = (
        "asked",
        "case",
        "chances",
        "data",
        "due",
        "gone",
        "hours",
        "join",
        "kept",
        "posts",
        "since",
    )

    def __init__(
        self,
        case: SimulatedCase,
        data: "Known",
        join: "SimulatedJoin | None",
        since: float,
        chances: int,
    ) -> None:
        self.case = case
        self.data = data
        self.join = join
        self.since = self.asked = since
        self.chances = chances
        self.hours = 0.0
        """Of work."""
        self.due: float | None = None
        self.posts: PostQueue | None = None
        """Those of whom one works on it now."""
        self.gone = False
        self.kept = False

    def chance(self) -> float:
        """Draw a number from 0 to 1, without 1 (SplitMix64: Steele, Lea and Flood
        2014).
        """
        self.chances += GOLDEN
        number = self.chances & BITS
        number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9 & BITS
        number = (number ^ (number >> 27)) * 0x94D049BB133111EB & BITS
        return ((number ^ (number >> 31)) >> 11) * UNIT

    def length(self) -> float:
        """Draw a length that is distributed exponentially, 1 on average."""
        return -log(1.0 - self.chance())


class SimulatedJoin:
    """A block that waits for its branches."""

    __slots__ = ("data", "left", "outer", "stage")

    def __init__(
        self,
        stage: "SimulatedStage",
        left: int,
        data: "Known",
        outer: "SimulatedJoin | None",
    ) -> None:
        self.stage = stage
        self.left = left
        self.data = data
        self.outer = outer


type Known = dict[str, Value]
type Place = tuple["SimulatedStage", Known, SimulatedJoin | None] | None
"""Where a case goes on."""


class ResourceQueue:
    """So many posts or places, and who waits for one: the most urgent first."""

    def __init__(self, sim: "Simulation", number: float) -> None:
        self.sim = sim
        self.number = number
        self.free = ceil(number)
        self.waiting: list[tuple[int, int, SimulatedToken, WorkStage]] = []
        self.waits: list[float] = []
        self.used = 0.0
        self.wanted = 0.0
        """Hours of work, or days of stay, that were taken and that were asked for."""
        self.queued = 0.0
        """Those who wait, times the hours that they do."""
        self.looked_at = 0.0

    def ask(self, token: SimulatedToken, stage: "WorkStage") -> None:
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

    def take(self, token: SimulatedToken, stage: "WorkStage") -> None:
        if token.case.counted:
            self.waits.append(self.sim.week.between(token.asked, self.sim.now))
        self.give(token, stage)

    def give(self, token: SimulatedToken, stage: "WorkStage") -> None:
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

    def __init__(self, sim: "Simulation", number: float) -> None:
        super().__init__(sim, number)
        self.speed = number / self.free
        """Two and a half posts are three that are a sixth slower."""

    def give(self, token: SimulatedToken, stage: "WorkStage") -> None:
        token.posts = self
        stage.begun(token)
        if self.sim.counts:
            self.used += token.hours
        self.sim.later(self.sim.now + token.hours / self.speed, stage.finish, token)


class PlaceQueue(ResourceQueue):
    """Beds or seats: taken for some days, however the case goes on."""

    def __init__(self, sim: "Simulation", number: float, days: float) -> None:
        super().__init__(sim, number)
        self.mean = days

    def give(self, token: SimulatedToken, stage: "WorkStage") -> None:
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


# -- steps, made ready to be gone through ----------------------------------------------


class SimulatedStage:
    """A step as the simulation goes through it."""

    def __init__(self, step: Step, sim: "Simulation") -> None:
        self.id = step.id
        # Not `hash`: Python salts it in each process, and the same seed would give
        # another run.
        self.key = crc32(step.id.encode()) * GOLDEN
        self.end = step.end
        self.sim = sim
        self.next: SimulatedStage | None = None

    def link(self, step: Any, stages: Mapping[str, "SimulatedStage"]) -> None:
        self.next = stages[step.next] if step.next else None

    def enter(
        self, case: SimulatedCase, data: Known, join: SimulatedJoin | None
    ) -> Place:
        """Come to the step, and return where the case continues if this needs no
        one."""
        return self.onward(self.next, case, data, join)

    def onward(
        self,
        next: "SimulatedStage | None",
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

    def __init__(self, step: Do, sim: "Simulation") -> None:
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
    def link(self, step: Choose, stages: Mapping[str, SimulatedStage]) -> None:
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
    def __init__(self, step: Decide, sim: "Simulation") -> None:
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

    def __init__(self, step: Together | Part, sim: "Simulation") -> None:
        super().__init__(step, sim)
        self.each = step.each if isinstance(step, Together) else ""

    def link(self, step: Together | Part, stages: Mapping[str, SimulatedStage]) -> None:
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

    def __init__(self, step: Wait, sim: "Simulation") -> None:
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

    def link(self, step: Wait, stages: Mapping[str, SimulatedStage]) -> None:
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

    def over(self, found: tuple[SimulatedToken, SimulatedStage | None]) -> None:
        token, next = found
        if token.gone:
            return
        case = token.case
        del case.open[token]
        if token.kept:
            self.sim.end_of_kept(case)
        else:
            self.sim.go(case, self.onward(next, case, token.data, token.join))


STAGES: Mapping[str, Callable[[Any, "Simulation"], SimulatedStage]] = {
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


# -- the whole -------------------------------------------------------------------------


class Simulation:
    def __init__(self, pathway: Pathway, capacity: Plain, seed: int) -> None:
        self.pathway = pathway
        self.capacity = capacity
        a_day = float(capacity.get("hours_a_day") or 8)
        self.week = Workweek(pathway.calendar, a_day)
        self.now = 0.0
        self.order = count()
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
