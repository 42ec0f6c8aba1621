"""A running case goes on by another version of its pathway: every deadline stays as it
was, and what has no place in the new version is named, with a proposal, and not moved.

`renamed` says where a step of the old version is in the new: another name, or any step
to go on at. A step that only has another clock keeps the deadline it was given; the
new clock is for those who come to it later.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from amana.design.pathway.case import compute_state
from amana.design.pathway.pathway_model import (
    EMPTY,
    Do,
    Pathway,
    Step,
    Wait,
    choose_words,
)
from amana.design.pathway.run_events import EventKind, RunEvent
from amana.design.pathway.run_state import (
    OpenStep,
    RunState,
    WaitingStep,
    build_key,
    split_key,
)
from amana.design.pathway.run_tokens import BESIDE
from amana.design.pathway.running import RunAdvance
from amana.design.pathway.tokens import Lane, StepToken, TokenJoin
from amana.faults import find_near_name, gettext_noop

GONE = gettext_noop("“%(step)s” is due now and does not exist in the new version.")
GONE_TO = gettext_noop(
    "“%(step)s” is due now and does not exist in the new version. It may be "
    "“%(near)s” there."
)
OTHER_KIND = gettext_noop("“%(step)s” is a different kind of step in the new version.")
NO_ITEM = gettext_noop("“%(step)s” is done for other items in the new version.")
IN_THE_WAY = gettext_noop(
    "“%(step)s” and “%(other)s” are due now, and in the new version one comes after "
    "the other."
)


@dataclass(frozen=True, slots=True)
class UnplacedStep:
    """A step that is due in a case and has no place in the new version."""

    key: str
    step: str
    sentence: str
    near: str = ""
    """A step of the new version that it may have become, or that comes after it."""
    other: str = ""

    @property
    def values(self) -> Mapping[str, str]:
        return {"step": self.step, "near": self.near, "other": self.other}

    def __str__(self) -> str:
        return self.sentence % self.values


@dataclass(frozen=True, slots=True)
class MoveResult:
    """The fact that moves the case; None, as long as something has no place."""

    fact: RunEvent | None
    unplaced: tuple[UnplacedStep, ...] = ()


def move_case(
    old: Pathway,
    new: Pathway,
    facts: Sequence[RunEvent],
    renamed: Mapping[str, str] = EMPTY,
    *,
    at: datetime,
    to: str = "",
) -> MoveResult:
    """Move a case with these facts from one version to another, called `to`."""
    moving = RunMove(old, new, compute_state(old, facts), renamed)
    unplaced = tuple(moving.unplaced())
    if unplaced:
        return MoveResult(None, unplaced)
    then = moving.then(at)
    return MoveResult(RunEvent(EventKind.MOVED, at, to=to, then=then.plain()))


def list_unplaced(
    old: Pathway,
    new: Pathway,
    at: Sequence[OpenStep | WaitingStep],
    renamed: Mapping[str, str] = EMPTY,
) -> tuple[UnplacedStep, ...]:
    """List what has no place of a case that is known to be here, and of which nothing
    else is known: what its own lists contain, only its facts show (`move_case`).
    """
    here = {build_key(position.step, position.item): position for position in at}
    known = RunState(
        open={
            key: position
            for key, position in here.items()
            if isinstance(position, OpenStep)
        },
        waiting={
            key: position
            for key, position in here.items()
            if isinstance(position, WaitingStep)
        },
    )
    return tuple(RunMove(old, new, known, renamed).unplaced())


@dataclass
class RunMove:
    old: Pathway
    new: Pathway
    state: RunState
    renamed: Mapping[str, str]

    def __post_init__(self) -> None:
        joins = {
            self.key(key): replace(join, step=self.name(join.step))
            for key, join in self.state.joins.items()
            if not key.startswith(BESIDE) and self.name(join.step) in self.new.steps
        }
        self.running = RunAdvance(self.new, RunState(joins=joins))
        # It knows where steps are in the new version, and which parts run.
        self.running.data = dict(self.state.data)
        self.running.items = {i: dict(data) for i, data in self.state.items.items()}
        self.list_who_is_under_way()
        self.branches: dict[str, set[tuple[str, str]]] = {}

    def list_who_is_under_way(self) -> None:
        """List also those who have been taken off a list since: what was begun for them
        continues.
        """
        before = RunAdvance(self.old, self.state)
        for _, here in self.at():
            for each, outer, inner in before.lists(here.step, here.item):
                listed = self.running.listed(each, outer)
                if inner not in listed:
                    items = self.running.items
                    known = items.setdefault(outer, {}) if outer else self.running.data
                    known[each] = (*listed, inner)

    def name(self, step: str) -> str:
        return self.renamed.get(step, step)

    def key(self, key: str) -> str:
        step, item = split_key(key)
        return build_key(self.name(step), item)

    def at(self) -> Iterator[tuple[str, OpenStep | WaitingStep]]:
        yield from self.state.open.items()
        yield from self.state.waiting.items()

    # -- what has no place

    def unplaced(self) -> Iterator[UnplacedStep]:
        lanes: dict[Lane, str] = {}
        for key, here in self.at():
            step = self.new.steps.get(self.name(here.step))
            if step is None:
                yield self.gone(key, here.step)
            elif here.step not in self.renamed and not is_same_kind(here, step):
                yield UnplacedStep(key, here.step, OTHER_KIND)
            elif is_apart(here):
                if not is_same_kind(here, step):
                    yield UnplacedStep(key, here.step, OTHER_KIND)
            elif not self.running.stands(step.id, here.item):
                yield UnplacedStep(key, here.step, NO_ITEM)
            else:
                yield from self.in_the_way(key, here.step, step, here.item, lanes)

    def in_the_way(
        self, key: str, old: str, step: Step, item: str, lanes: dict[Lane, str]
    ) -> Iterator[UnplacedStep]:
        """Yield what would be at two steps of one branch: also at a step and inside a
        block that comes before or after it.
        """
        lane = self.running.lane(step.id, item)
        for other, found in lanes.items():
            longer, shorter = sorted((lane, other), key=len, reverse=True)
            if longer[: len(shorter)] == shorter and found != build_key(step.id, item):
                name = self.original(found)
                yield UnplacedStep(key, old, IN_THE_WAY, other=name)
                return
        lanes[lane] = build_key(step.id, item)

    def original(self, key: str) -> str:
        named = {self.key(k): here.step for k, here in self.at()}
        return named.get(key, key)

    def gone(self, key: str, step: str) -> UnplacedStep:
        near = self.near(step)
        return UnplacedStep(key, step, GONE_TO if near else GONE, near)

    def near(self, id: str) -> str:
        """Find a new step with the same words, or nearly the same name; else the
        next."""
        before = self.old.steps[id]
        fresh = [s for s in self.new.steps.values() if s.id not in self.old.steps]
        for step in fresh:
            if (
                isinstance(before, Do)
                and isinstance(step, Do)
                and is_alike(before, step)
            ):
                return step.id
        near = find_near_name(id, [step.id for step in fresh], likeness=0.7)
        return near or next((f for f in before.follows if f in self.new.steps), "")

    # -- the state in the new version

    def then(self, at: datetime) -> RunState:
        here = self.state
        known = replace(
            here,
            open=EMPTY,
            waiting=EMPTY,
            joins={k: j for k, j in here.joins.items() if k.startswith(BESIDE)},
            done={self.key(key): when for key, when in here.done.items()},
        )
        running = RunAdvance(self.new, known)
        entered: list[tuple[str, str, str | None]] = []
        for _, position in self.at():
            step = self.new.steps[self.name(position.step)]
            join = (
                position.join
                if is_apart(position)
                else self.join(running, step.id, position.item)
            )
            if is_same_kind(position, step):
                self.put(running, step, position, join)
            else:
                entered.append((step.id, position.item, join))
        self.count_kept(running)
        # Last: these steps run on at once, and may come to others that have to be in
        # place.
        for place in entered:
            running.enter(place, at)
        return running.frozen()

    def count_kept(self, running: RunAdvance) -> None:
        """Count what is kept again: of two kept steps that have become one, one is
        left.
        """
        tokens = [*running.open.values(), *running.waiting.values()]
        for key, block in list(running.joins.items()):
            if key.startswith(BESIDE):
                block.left = sum(token.join == key for token in tokens)
                if not block.left:
                    del running.joins[key]

    def join(self, running: RunAdvance, id: str, item: str) -> str | None:
        """Build the block that the branch ends in, again around those who are in it."""
        join: str | None = None
        outer = ""
        for block, first, inner in self.running.lane(id, item):
            key = build_key(block, outer)
            if key not in running.joins:
                running.joins[key] = TokenJoin(block, outer, 0, join)
            branches = self.branches.setdefault(key, set())
            branches.add((first, inner))
            running.joins[key].left = len(branches)
            join, outer = key, inner
        return join

    def put(
        self,
        running: RunAdvance,
        step: Step,
        one: OpenStep | WaitingStep,
        join: str | None,
    ) -> None:
        key = build_key(step.id, one.item)
        if isinstance(one, WaitingStep):
            due, places = one.until, running.waiting
            token = StepToken(step, one.item, join, one.since, due=due)
        else:
            places = running.open
            token = StepToken(
                step,
                one.item,
                join,
                one.since,
                self.role(one, step),
                one.due_at,
                one.remind_at,
                one.again,
            )
        if key in places:
            token = merge_tokens(places[key], token)
        places[key] = token

    def role(self, one: OpenStep, step: Step) -> str:
        """Choose the step's own role, unless it was given to another."""
        before = self.old.steps[one.step]
        if isinstance(before, Do) and isinstance(step, Do) and one.role == before.role:
            return step.role
        return one.role


def is_same_kind(here: OpenStep | WaitingStep, step: Step) -> bool:
    return isinstance(step, Do if isinstance(here, OpenStep) else Wait)


def is_apart(here: OpenStep | WaitingStep) -> bool:
    """Check whether it runs next to the case: kept by an interrupt, or only done
    again."""
    if isinstance(here, OpenStep) and here.again:
        return True
    return here.join is not None and here.join.startswith(BESIDE)


def merge_tokens(one: StepToken, other: StepToken) -> StepToken:
    """Merge two steps that have become one: the earlier deadline holds."""
    ends = [t for t in (one, other) if isinstance(t.due, datetime)]
    # A deadline that was promised is not extended by a new version.
    first = min(ends, key=lambda t: t.due) if ends else one  # type: ignore[arg-type, return-value]
    first.since = min(one.since, other.since)
    if one.again != other.again:
        first.again, first.join = False, (other if one.again else one).join
    return first


def is_alike(one: Do, other: Do) -> bool:
    same = (
        choose_words(one.do, "en") == choose_words(other.do, "en")
        and one.role == other.role
    )
    return same or (bool(one.form) and one.form == other.form)
