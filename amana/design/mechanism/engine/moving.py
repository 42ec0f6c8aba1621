"""A running case goes on by another version of its pathway: every deadline stays as it
was, and what has no place in the new version is named, with a proposal, and not moved.

`renamed` says where a step of the old version is in the new: another name, or any step
to go on at. A step that only has another clock keeps the deadline it was given; the
new clock is for those who come to it later.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from amana.design.mechanism.engine.case import state
from amana.design.mechanism.engine.facts import Fact, Kind
from amana.design.mechanism.engine.faults import gettext_noop
from amana.design.mechanism.engine.pathway import EMPTY, Do, Pathway, Step, Wait, said
from amana.design.mechanism.engine.running import BESIDE, Block, Lane, Running, Token
from amana.design.mechanism.engine.shapes import close
from amana.design.mechanism.engine.standing import (
    Open,
    State,
    Waiting,
    key_of,
    parted,
)

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
class Unplaced:
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
class Moved:
    """The fact that moves the case; None, as long as something has no place."""

    fact: Fact | None
    unplaced: tuple[Unplaced, ...] = ()


def moved(
    old: Pathway,
    new: Pathway,
    facts: Sequence[Fact],
    renamed: Mapping[str, str] = EMPTY,
    *,
    at: datetime,
    to: str = "",
) -> Moved:
    """Move a case with these facts from one version to another, called `to`."""
    moving = Moving(old, new, state(old, facts), renamed)
    unplaced = tuple(moving.unplaced())
    if unplaced:
        return Moved(None, unplaced)
    then = moving.then(at)
    return Moved(Fact(Kind.MOVED, at, to=to, then=then.plain()))


def without_place(
    old: Pathway,
    new: Pathway,
    at: Sequence[Open | Waiting],
    renamed: Mapping[str, str] = EMPTY,
) -> tuple[Unplaced, ...]:
    """List what has no place of a case that is known to be here, and of which nothing
    else is known: what its own lists contain, only its facts show (`move_case`).
    """
    here = {key_of(position.step, position.item): position for position in at}
    known = State(
        open={
            key: position
            for key, position in here.items()
            if isinstance(position, Open)
        },
        waiting={
            key: position
            for key, position in here.items()
            if isinstance(position, Waiting)
        },
    )
    return tuple(Moving(old, new, known, renamed).unplaced())


@dataclass
class Moving:
    old: Pathway
    new: Pathway
    state: State
    renamed: Mapping[str, str]

    def __post_init__(self) -> None:
        joins = {
            self.key(key): replace(join, step=self.name(join.step))
            for key, join in self.state.joins.items()
            if not key.startswith(BESIDE) and self.name(join.step) in self.new.steps
        }
        self.running = Running(self.new, State(joins=joins))
        # It knows where steps are in the new version, and which parts run.
        self.running.data = dict(self.state.data)
        self.running.items = {i: dict(data) for i, data in self.state.items.items()}
        self.list_who_is_under_way()
        self.branches: dict[str, set[tuple[str, str]]] = {}

    def list_who_is_under_way(self) -> None:
        """List also those who have been taken off a list since: what was begun for them
        continues.
        """
        before = Running(self.old, self.state)
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
        step, item = parted(key)
        return key_of(self.name(step), item)

    def at(self) -> Iterator[tuple[str, Open | Waiting]]:
        yield from self.state.open.items()
        yield from self.state.waiting.items()

    # -- what has no place

    def unplaced(self) -> Iterator[Unplaced]:
        lanes: dict[Lane, str] = {}
        for key, here in self.at():
            step = self.new.steps.get(self.name(here.step))
            if step is None:
                yield self.gone(key, here.step)
            elif here.step not in self.renamed and not same_kind(here, step):
                yield Unplaced(key, here.step, OTHER_KIND)
            elif apart(here):
                if not same_kind(here, step):
                    yield Unplaced(key, here.step, OTHER_KIND)
            elif not self.running.stands(step.id, here.item):
                yield Unplaced(key, here.step, NO_ITEM)
            else:
                yield from self.in_the_way(key, here.step, step, here.item, lanes)

    def in_the_way(
        self, key: str, old: str, step: Step, item: str, lanes: dict[Lane, str]
    ) -> Iterator[Unplaced]:
        """Yield what would be at two steps of one branch: also at a step and inside a
        block that comes before or after it.
        """
        lane = self.running.lane(step.id, item)
        for other, found in lanes.items():
            longer, shorter = sorted((lane, other), key=len, reverse=True)
            if longer[: len(shorter)] == shorter and found != key_of(step.id, item):
                name = self.original(found)
                yield Unplaced(key, old, IN_THE_WAY, other=name)
                return
        lanes[lane] = key_of(step.id, item)

    def original(self, key: str) -> str:
        named = {self.key(k): here.step for k, here in self.at()}
        return named.get(key, key)

    def gone(self, key: str, step: str) -> Unplaced:
        near = self.near(step)
        return Unplaced(key, step, GONE_TO if near else GONE, near)

    def near(self, id: str) -> str:
        """Find a new step with the same words, or nearly the same name; else the next.
        """
        before = self.old.steps[id]
        fresh = [s for s in self.new.steps.values() if s.id not in self.old.steps]
        for step in fresh:
            if isinstance(before, Do) and isinstance(step, Do) and alike(before, step):
                return step.id
        near = close(id, [step.id for step in fresh])
        return near or next((f for f in before.follows if f in self.new.steps), "")

    # -- the state in the new version

    def then(self, at: datetime) -> State:
        here = self.state
        known = replace(
            here,
            open=EMPTY,
            waiting=EMPTY,
            joins={k: j for k, j in here.joins.items() if k.startswith(BESIDE)},
            done={self.key(key): when for key, when in here.done.items()},
        )
        running = Running(self.new, known)
        entered: list[tuple[str, str, str | None]] = []
        for _, position in self.at():
            step = self.new.steps[self.name(position.step)]
            join = (
                position.join
                if apart(position)
                else self.join(running, step.id, position.item)
            )
            if same_kind(position, step):
                self.put(running, step, position, join)
            else:
                entered.append((step.id, position.item, join))
        self.count_kept(running)
        # Last: these steps run on at once, and may come to others that have to be in
        # place.
        for place in entered:
            running.enter(place, at)
        return running.frozen()

    def count_kept(self, running: Running) -> None:
        """Count what is kept again: of two kept steps that have become one, one is
        left.
        """
        tokens = [*running.open.values(), *running.waiting.values()]
        for key, block in list(running.joins.items()):
            if key.startswith(BESIDE):
                block.left = sum(token.join == key for token in tokens)
                if not block.left:
                    del running.joins[key]

    def join(self, running: Running, id: str, item: str) -> str | None:
        """Build the block that the branch ends in, again around those who are in it."""
        join: str | None = None
        outer = ""
        for block, first, inner in self.running.lane(id, item):
            key = key_of(block, outer)
            if key not in running.joins:
                running.joins[key] = Block(block, outer, 0, join)
            branches = self.branches.setdefault(key, set())
            branches.add((first, inner))
            running.joins[key].left = len(branches)
            join, outer = key, inner
        return join

    def put(
        self, running: Running, step: Step, one: Open | Waiting, join: str | None
    ) -> None:
        key = key_of(step.id, one.item)
        if isinstance(one, Waiting):
            due, places = one.until, running.waiting
            token = Token(step, one.item, join, one.since, due=due)
        else:
            places = running.open
            token = Token(
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
            token = sooner(places[key], token)
        places[key] = token

    def role(self, one: Open, step: Step) -> str:
        """Choose the step's own role, unless it was given to another."""
        before = self.old.steps[one.step]
        if isinstance(before, Do) and isinstance(step, Do) and one.role == before.role:
            return step.role
        return one.role


def same_kind(here: Open | Waiting, step: Step) -> bool:
    return isinstance(step, Do if isinstance(here, Open) else Wait)


def apart(here: Open | Waiting) -> bool:
    """Check whether it runs next to the case: kept by an interrupt, or only done again.
    """
    if isinstance(here, Open) and here.again:
        return True
    return here.join is not None and here.join.startswith(BESIDE)


def sooner(one: Token, other: Token) -> Token:
    """Merge two steps that have become one: the earlier deadline holds."""
    ends = [t for t in (one, other) if isinstance(t.due, datetime)]
    # A deadline that was promised is not extended by a new version.
    first = min(ends, key=lambda t: t.due) if ends else one  # type: ignore[arg-type, return-value]
    first.since = min(one.since, other.since)
    if one.again != other.again:
        first.again, first.join = False, (other if one.again else one).join
    return first


def alike(one: Do, other: Do) -> bool:
    same = said(one.do, "en") == said(other.do, "en") and one.role == other.role
    return same or (bool(one.form) and one.form == other.form)
