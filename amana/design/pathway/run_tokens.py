"""A case on its way: its tokens, what is known of it, and where it continues."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NoReturn

from amana.design.pathway.item_lists import read_items
from amana.design.pathway.pathway_model import (
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
from amana.design.pathway.run_state import (
    EventNotApplicable,
    OpenJoin,
    PendingNotice,
    RunState,
    build_key,
    iterate_items_around,
    split_key,
)
from amana.design.pathway.tokens import Place, StepToken, TokenJoin
from amana.working_time import TimeSpan

MOST_AT_ONCE = 10_000
"""Steps that may follow one fact by themselves. A checked pathway has no circle without
a person in it, and stays far below."""

BESIDE = "!"
"""Begins the key of the block that an interrupt keeps open next to the case."""


class RunTokens:
    """The tokens of a case, which go on by themselves until people have to act."""

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

    # -- what is known

    def learn(
        self,
        gives: Mapping[str, tuple[str, ...]],
        item: str,
        data: Mapping[str, object],
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

    def value(self, name: str, codes: tuple[str, ...], value: object) -> Value:
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
