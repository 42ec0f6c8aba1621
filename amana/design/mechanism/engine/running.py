"""A case while its facts move it: where it is at, what it waits for, what it knows."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, NoReturn

from amana.design.mechanism.engine.calendar import TimeSpan
from amana.design.mechanism.engine.pathway import (
    EMPTY,
    LIST,
    Choose,
    Clock,
    Decide,
    Do,
    Part,
    Pathway,
    Step,
    Tell,
    Together,
    Value,
    Wait,
)
from amana.design.mechanism.engine.run_events import NEED_REASON, EventKind, RunEvent
from amana.design.mechanism.engine.run_state import (
    EventNotApplicable,
    OpenJoin,
    PendingNotice,
    RunState,
    build_key,
    iterate_items_around,
    read_state,
    split_key,
)
from amana.design.mechanism.engine.tokens import Lane, Place, StepToken, TokenJoin

MOST_ITEMS = 50
"""Items of a list: more children or needs of one case are a slip of the pen."""
MOST_AT_ONCE = 10_000
"""Steps that may follow one fact by themselves. A checked pathway has no circle without
a person in it, and stays far below."""

BESIDE = "!"
"""Begins the key of the block that an interrupt keeps open next to the case."""


class RunAdvance:
    """A state while facts move it."""

    def __init__(self, pathway: Pathway, state: RunState) -> None:
        self.pathway = pathway
        self.steps = pathway.steps
        self.length = state.length
        self.thaw(state)

    def thaw(self, state: RunState) -> None:
        self.data = dict(state.data)
        self.items = {item: dict(data) for item, data in state.items.items()}
        self.open = {
            key: StepToken(
                self.step(o.step),
                o.item,
                o.join,
                o.since,
                o.role,
                o.due_at,
                o.remind_at,
                o.again,
            )
            for key, o in state.open.items()
        }
        self.waiting = {
            key: StepToken(self.step(w.step), w.item, w.join, w.since, due=w.until)
            for key, w in state.waiting.items()
        }
        self.joins = {
            key: TokenJoin(j.step, j.item, j.left, j.join)
            for key, j in state.joins.items()
        }
        self.done = dict(state.done)
        self.told = list(state.told)
        self.started_at = state.started_at
        self.ended = state.ended
        self.ended_at = state.ended_at
        self.ending = state.ending

    def frozen(self) -> RunState:
        calendar = self.pathway.calendar
        frozen = MappingProxyType
        return RunState(
            data=frozen(self.data),
            items=frozen({item: frozen(data) for item, data in self.items.items()}),
            open=frozen({key: t.open(calendar) for key, t in self.open.items()}),
            waiting=frozen(
                {key: t.waiting(calendar) for key, t in self.waiting.items()}
            ),
            joins=frozen(
                {
                    key: OpenJoin(j.step, j.item, j.left, j.join)
                    for key, j in self.joins.items()
                }
            ),
            done=frozen(self.done),
            told=tuple(self.told),
            started_at=self.started_at,
            ended=self.ended,
            ended_at=self.ended_at,
            ending=self.ending,
            length=self.length,
        )

    def take(self, fact: RunEvent) -> None:
        kind = fact.kind
        if kind is not EventKind.MOVED:
            if self.started_at is None and kind is not EventKind.START:
                raise EventNotApplicable("not_started")
            if self.ended is not None and kind is not EventKind.REOPENED:
                self.too_late(fact)
            if kind in NEED_REASON and not fact.reason:
                raise EventNotApplicable("no_reason")
        VERBS[kind](self, fact)
        self.length += 1

    def too_late(self, fact: RunEvent) -> NoReturn:
        # The second of two people who finish one step learns that it is done, even when
        # the first has ended the case by it.
        if fact.kind is EventKind.DONE and fact.step in self.done:
            raise EventNotApplicable("done_already", step=fact.step)
        raise EventNotApplicable("started" if fact.kind is EventKind.START else "ended")

    # -- what facts do

    def start(self, fact: RunEvent) -> None:
        if self.started_at is not None:
            raise EventNotApplicable("started")
        self.learn(self.pathway.starts_with, "", fact.data, whole=True)
        self.started_at = fact.at
        self.enter((self.pathway.start, "", None), fact.at)

    def finish(self, fact: RunEvent) -> None:
        token = self.due(fact.step)
        step = token.step
        assert isinstance(step, Do)
        if step.gives or fact.data:
            self.learn(step.gives, token.item, fact.data, whole=True)
        self.leave(fact, token)

    def skip(self, fact: RunEvent) -> None:
        token = self.due(fact.step)
        assert isinstance(token.step, Do)
        self.learn(token.step.gives, token.item, fact.data, whole=False)
        self.leave(fact, token)

    def leave(self, fact: RunEvent, token: StepToken) -> None:
        del self.open[fact.step]
        self.done[fact.step] = fact.at
        self.go(token, token.step.next, fact.at)

    def hear(self, fact: RunEvent) -> None:
        for interrupt in self.pathway.interrupts.values():
            if interrupt.on == fact.message:
                self.interrupt(fact, interrupt.id)
                return
        waits = [fact.step] if fact.step else list(self.waiting)
        heard = False
        for key in waits:
            token = self.waiting.get(key)
            if token is None or not isinstance(token.step, Wait):
                continue
            way = token.step.hears(fact.message)
            # A way that an earlier wait took may have ended the case.
            if way is not None and self.ended is None:
                heard = True
                del self.waiting[key]
                self.go(token, way.next, fact.at)
        if not heard:
            raise EventNotApplicable("not_waiting", message=fact.message)

    def expire(self, fact: RunEvent) -> None:
        token = self.waiting.get(fact.step)
        if token is None:
            raise EventNotApplicable("not_due", step=fact.step)
        until = token.due_at(self.pathway.calendar)
        step = token.step
        way = step.after if isinstance(step, Wait) else None
        if way is None or until is None or fact.at < until:
            raise EventNotApplicable("too_early", step=fact.step)
        del self.waiting[fact.step]
        self.go(token, way.next, fact.at)

    def reopen(self, fact: RunEvent) -> None:
        id, item = split_key(fact.step)
        step = self.steps.get(id)
        if not isinstance(step, Do):
            raise EventNotApplicable("unknown_step", step=fact.step)
        if fact.step in self.open:
            raise EventNotApplicable("open", step=fact.step)
        if fact.step not in self.done:
            raise EventNotApplicable("not_done", step=fact.step)
        if fact.onward or self.ended is not None:
            self.ended = self.ended_at = self.ending = None
            self.enter(self.place(id, item), fact.at)
        else:
            self.begin(step, item, None, fact.at, again=True)

    def reassign(self, fact: RunEvent) -> None:
        if fact.to not in self.pathway.roles:
            raise EventNotApplicable("unknown_role", role=fact.to)
        self.due(fact.step).role = fact.to

    def cancel(self, fact: RunEvent) -> None:
        if not fact.step:
            self.close(fact.to or "cancelled", fact.at)
            return
        token = self.open.get(fact.step) or self.waiting.get(fact.step)
        if token is None:
            self.not_due(fact.step)
        if token.join is None and not token.again:  # the pathway itself is there
            raise EventNotApplicable("would_strand")
        self.open.pop(fact.step, None)
        self.waiting.pop(fact.step, None)
        if token.join is not None:
            self.enter(self.up(token.join, fact.at), fact.at)

    def override(self, fact: RunEvent) -> None:
        if fact.data:
            self.correct(split_key(fact.step)[1], fact.data)
        if not fact.to:
            return
        if fact.step and fact.step not in self.open and fact.step not in self.waiting:
            self.not_due(fact.step)
        if fact.to in self.open or fact.to in self.waiting:
            raise EventNotApplicable("same", step=fact.to)
        id, item = split_key(fact.to)
        if id not in self.steps or not self.stands(id, item):
            raise EventNotApplicable("unknown_step", step=fact.to)
        place = self.place(id, item)
        if fact.step in self.open or fact.step in self.waiting:
            raise EventNotApplicable("another_branch", step=fact.step, to=fact.to)
        self.enter(place, fact.at)

    def move(self, fact: RunEvent) -> None:
        self.thaw(read_state(fact.then or EMPTY))

    def interrupt(self, fact: RunEvent, id: str) -> None:
        """Close what is open except what the interrupt keeps: that is finished by
        itself, and the case does not end before.
        """
        interrupt = self.pathway.interrupts[id]
        if interrupt.next in self.open or interrupt.next in self.waiting:
            raise EventNotApplicable("open", step=interrupt.next)
        kept, beside = 0, BESIDE + id
        for tokens in (self.open, self.waiting):
            for key, token in list(tokens.items()):
                if token.step.id in interrupt.keeps:
                    token.join, token.again = beside, False
                    kept += 1
                else:
                    del tokens[key]
        self.ending = None
        self.joins = {beside: TokenJoin(beside, "", kept, None)} if kept else {}
        self.enter((interrupt.next, "", None), fact.at)

    # -- what is known

    def learn(
        self,
        gives: Mapping[str, tuple[str, ...]],
        item: str,
        data: Mapping[str, Any],
        *,
        whole: bool,
    ) -> None:
        known = self.items.setdefault(item, {}) if item else self.data
        for name in data:
            if name not in gives:
                raise EventNotApplicable("unknown_name", name=name)
        for name, codes in gives.items():
            value = data.get(name)
            if value is None:
                if whole:
                    raise EventNotApplicable("missing", name=name)
            else:
                known[name] = self.value(name, codes, value)

    def value(self, name: str, codes: tuple[str, ...], value: Any) -> Value:
        if codes == (LIST,):
            return read_items(name, value)
        if not isinstance(value, str) or value not in codes:
            raise EventNotApplicable("unknown_code", name=name, value=value)
        return value

    def correct(self, item: str, data: Mapping[str, object]) -> None:
        gives = self.pathway.gives
        named = {name: gives[name] for name in data if name in gives}
        self.learn(named, item, data, whole=False)

    def known(self, item: str) -> Mapping[str, Value]:
        if not item:
            return self.data
        found = dict(self.data)
        for around in iterate_items_around(item):
            found.update(self.items.get(around, EMPTY))
        return found

    def span(self, clock: Clock | None, item: str) -> TimeSpan | None:
        if clock is None:
            return None
        everybody = clock.spans.get("")
        return everybody or clock.span(self.known(item).get("urgency"))

    # -- where it goes

    def step(self, id: str) -> Step:
        found = self.steps.get(id)
        if found is None:
            raise EventNotApplicable("unknown_step", step=id)
        return found

    def due(self, key: str) -> StepToken:
        token = self.open.get(key)
        if token is None:
            self.not_due(key)
        return token

    def not_due(self, key: str) -> NoReturn:
        if split_key(key)[0] not in self.steps:
            raise EventNotApplicable("unknown_step", step=key)
        raise EventNotApplicable(
            "done_already" if key in self.done else "not_due", step=key
        )

    def go(self, token: StepToken, next: str | None, at: datetime) -> None:
        """Continue after an open step, or one that waited."""
        if token.again or self.kept(token):
            self.enter(self.up(token.join, at), at)
        else:
            self.enter(self.on(token.step, next, token.item, token.join, at), at)

    def kept(self, token: StepToken) -> bool:
        """Check whether an interrupt keeps it, next to what the case does since."""
        return token.join is not None and token.join.startswith(BESIDE)

    def on(
        self, step: Step, next: str | None, item: str, join: str | None, at: datetime
    ) -> Place | None:
        """Find where the case continues after a step: at the next, or out of its
        block."""
        if next is not None:
            return next, item, join
        if step.end is not None:
            self.close(step.end, at)
            return None
        return self.up(join, at)

    def up(self, join: str | None, at: datetime) -> Place | None:
        """End a branch of a block, and find where the block continues if it was the
        last.
        """
        while join is not None:
            block = self.joins.get(join)
            if block is None:
                return None
            block.left -= 1
            if block.left > 0:
                return None
            del self.joins[join]
            if join.startswith(BESIDE):
                if self.ending is not None:
                    self.close(self.ending, at)
                return None
            step = self.step(block.step)
            if step.next is not None:
                return step.next, block.item, block.join
            if step.end is not None:
                self.close(step.end, at)
                return None
            join = block.join
        return None

    def enter(self, place: Place | None, at: datetime) -> None:
        """Continue until people, or messages, have to do something."""
        todo = [place] if place else []
        budget = MOST_AT_ONCE
        while todo and self.ended is None:
            id, item, join = todo.pop()
            step = self.step(id)
            budget -= 1
            if budget < 0:
                raise EventNotApplicable("endless", step=id)
            if isinstance(step, Do):
                self.begin(step, item, join, at)
                continue
            if isinstance(step, Wait):
                self.await_(step, item, join, at)
                continue
            if isinstance(step, Together | Part):
                branches = self.branches(step, item)
                if branches:
                    key = build_key(id, item)
                    if key in self.joins:
                        raise EventNotApplicable("open", step=key)
                    self.joins[key] = TokenJoin(id, item, len(branches), join)
                    # A stack: reversed, the branches begin in the order of the file.
                    todo += [(first, i, key) for first, i in reversed(branches)]
                    continue
            next = self.by_itself(step, item, at)
            following = self.on(step, next, item, join, at)
            if following:
                todo.append(following)

    def begin(
        self, step: Do, item: str, join: str | None, at: datetime, again: bool = False
    ) -> None:
        key = build_key(step.id, item)
        if key in self.open:
            self.adopt(key, self.open[key], join)
            return
        self.open[key] = StepToken(
            step,
            item,
            join,
            at,
            step.role,
            self.span(step.due, item),
            self.span(step.remind, item),
            again,
        )

    def await_(self, step: Wait, item: str, join: str | None, at: datetime) -> None:
        key = build_key(step.id, item)
        if key in self.waiting:
            self.adopt(key, self.waiting[key], join)
            return
        way = step.after
        until = self.span(way.after, item) if way else None
        self.waiting[key] = StepToken(step, item, join, at, due=until)

    def adopt(self, key: str, token: StepToken, join: str | None) -> None:
        """Take over a step that is open next to the case, kept or done again: it is the
        same work, and keeps its deadline.
        """
        kept = self.kept(token)
        if not token.again and not kept:
            raise EventNotApplicable("open", step=key)
        if kept and token.join:
            block = self.joins[token.join]
            block.left -= 1
            if block.left <= 0:
                del self.joins[token.join]
        token.join, token.again = join, False

    def by_itself(self, step: Step, item: str, at: datetime) -> str | None:
        """Find what follows a step that needs no one."""
        if isinstance(step, Choose):
            known = self.known(item)
            for branch in step.choose:
                if branch.when is None or branch.when.holds(known):
                    return branch.next
        elif isinstance(step, Decide):
            table = self.pathway.decisions[step.decide]
            known = self.items.setdefault(item, {}) if item else self.data
            known[step.gives] = table.decide(self.known(item))
        elif isinstance(step, Tell):
            self.told.append(PendingNotice(step.tell, step.message, step.id, item, at))
        return step.next

    def branches(self, step: Together | Part, item: str) -> list[tuple[str, str]]:
        if isinstance(step, Part) or not step.each:
            return [(first, item) for first in step.begins]
        return [
            (first, f"{item}.{inner}" if item else inner)
            for inner in self.listed(step.each, item)
            for first in step.together
        ]

    def listed(self, name: str, item: str) -> tuple[str, ...]:
        """List the items of a list; none, where an earlier version knew a code
        instead."""
        found = self.known(item).get(name)
        return found if isinstance(found, tuple) else ()

    def close(self, end: str, at: datetime) -> None:
        """End the case, and what is open with it; but first what was kept."""
        opened = {key: t for key, t in self.open.items() if self.kept(t)}
        waiting = {key: t for key, t in self.waiting.items() if self.kept(t)}
        if opened or waiting:
            self.open, self.waiting, self.ending = opened, waiting, end
            self.joins = {k: j for k, j in self.joins.items() if k.startswith(BESIDE)}
            return
        self.ended, self.ended_at, self.ending = end, at, None
        self.open, self.waiting, self.joins = {}, {}, {}

    # -- going to a step from outside

    def lane(self, id: str, item: str) -> Lane:
        """Find the blocks and branches that a step is in, the outermost first."""
        around = self.around(id)
        names = item.split(".") if item else []
        lane: list[tuple[str, str, str]] = []
        used = 0
        for block, first in around:
            step = self.steps[block]
            if isinstance(step, Together) and step.each:
                used += 1
            lane.append((block, first, ".".join(names[:used])))
        return tuple(lane)

    def around(self, id: str) -> list[tuple[str, str]]:
        """Find the blocks around a step. A part that is used at several places is where
        it runs now.
        """
        found: list[tuple[str, str]] = []
        while id in self.pathway.around:
            callers = self.pathway.around[id]
            running = {block.step for block in self.joins.values()}
            block, first = next((c for c in callers if c[0] in running), callers[0])
            found.append((block, first))
            id = block
        return found[::-1]

    def lists(self, id: str, item: str) -> Iterator[tuple[str, str, str]]:
        """Yield the lists for whose items a step is done, the outermost first; where
        each is known, and the item of it.
        """
        for block, _, at in self.lane(id, item):
            step = self.steps[block]
            if isinstance(step, Together) and step.each:
                outer, _, one = at.rpartition(".")
                yield step.each, outer, one

    def stands(self, id: str, item: str) -> bool:
        """Check whether there is such an item where this step is."""
        lists = list(self.lists(id, item))
        there = all(inner in self.listed(each, outer) for each, outer, inner in lists)
        return there and len(item.split(".") if item else []) == len(lists)

    def place(self, id: str, item: str) -> Place:
        """Make room for a step: what is under way in its branch is closed, and the
        blocks around it that do not run begin with this one branch.
        """
        lane = self.lane(id, item)
        if not self.stands(id, item):
            raise EventNotApplicable("unknown_step", step=build_key(id, item))
        join: str | None = None
        for depth, (block, _, _) in enumerate(lane):
            outer = lane[depth - 1][2] if depth else ""
            key = build_key(block, outer)
            if key not in self.joins:
                self.clear(lane[:depth], join)
                for deeper in range(depth, len(lane)):
                    outer = lane[deeper - 1][2] if deeper else ""
                    key = build_key(lane[deeper][0], outer)
                    self.joins[key] = TokenJoin(lane[deeper][0], outer, 1, join)
                    join = key
                return id, item, join
            join = key
        self.clear(lane, join)
        return id, item, join

    def clear(self, lane: Lane, join: str | None) -> None:
        """Close what is under way in a branch; if it had ended already, its block waits
        for one branch more.
        """
        depth = len(lane)

        def inside(step: str, item: str) -> bool:
            return self.lane(step, item)[:depth] == lane

        found = False
        # Removed only after the search: where a part is, is read from the blocks that
        # run.
        gone: list[Callable[[], object]] = []
        for tokens in (self.open, self.waiting):
            for key, token in tokens.items():
                apart = token.again or self.kept(token)
                if not apart and inside(token.step.id, token.item):
                    found = True
                    gone.append(lambda tokens=tokens, key=key: tokens.pop(key))  # type: ignore[misc]
        for key, block in self.joins.items():
            if not key.startswith(BESIDE) and inside(block.step, block.item):
                found = True
                gone.append(lambda key=key: self.joins.pop(key))  # type: ignore[misc]
        for remove in gone:
            remove()
        if not found and join is not None:
            self.joins[join].left += 1


VERBS: dict[EventKind, Callable[[RunAdvance, RunEvent], None]] = {
    EventKind.START: RunAdvance.start,
    EventKind.DONE: RunAdvance.finish,
    EventKind.HEARD: RunAdvance.hear,
    EventKind.EXPIRED: RunAdvance.expire,
    EventKind.SKIPPED: RunAdvance.skip,
    EventKind.REOPENED: RunAdvance.reopen,
    EventKind.REASSIGNED: RunAdvance.reassign,
    EventKind.CANCELLED: RunAdvance.cancel,
    EventKind.OVERRIDDEN: RunAdvance.override,
    EventKind.MOVED: RunAdvance.move,
}


def read_items(name: str, value: Any) -> tuple[str, ...]:
    """Read the items of a list: c1, c2… of a number, or codes as they are. Raises
    `EventNotApplicable`.
    """
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        # One more than allowed is enough to be refused; a number of a million must not
        # make a million codes first.
        value = [f"c{n}" for n in range(1, min(value, MOST_ITEMS + 1) + 1)]
    codes = isinstance(value, list | tuple) and all(is_code(code) for code in value)
    if codes and len(set(value)) == len(value) <= MOST_ITEMS:
        return tuple(value)
    raise EventNotApplicable("not_a_list", name=name)


def is_code(word: object) -> bool:
    return (
        isinstance(word, str)
        and word.isascii()
        and word.replace("_", "a").isalnum()
        and word[0].isalpha()
        and word == word.lower()
    )
