"""A case while its facts move it: what each kind of fact does to its tokens."""

from collections.abc import Callable
from typing import NoReturn

from amana.design.pathway.pathway_model import EMPTY, Do, Wait
from amana.design.pathway.run_events import NEED_REASON, EventKind, RunEvent
from amana.design.pathway.run_lanes import RunLanes
from amana.design.pathway.run_state import EventNotApplicable, read_state, split_key
from amana.design.pathway.run_tokens import BESIDE
from amana.design.pathway.tokens import StepToken, TokenJoin


class RunAdvance(RunLanes):
    """A state while facts move it."""

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
