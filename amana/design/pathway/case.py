"""Where a case stands: the fold of its facts over its pathway.

`compute_state` folds all facts of a case, `apply_fact` one more. Both thaw a state into
a `RunAdvance`, apply the facts, and freeze it again. A fact that does not apply raises
`EventNotApplicable` and changes nothing: when two people finish the same step, the
second learns of
it.
"""

from collections.abc import Sequence

from amana.design.pathway.pathway_model import Pathway
from amana.design.pathway.run_events import EventKind, RunEvent
from amana.design.pathway.run_state import (
    EventNotApplicable,
    OpenJoin,
    OpenStep,
    PendingNotice,
    RunState,
    WaitingStep,
    build_key,
    split_key,
)
from amana.design.pathway.running import RunAdvance

__all__ = [
    "EventNotApplicable",
    "OpenJoin",
    "OpenStep",
    "PendingNotice",
    "RunState",
    "WaitingStep",
    "apply_fact",
    "build_key",
    "compute_state",
    "split_key",
]


def compute_state(pathway: Pathway, facts: Sequence[RunEvent]) -> RunState:
    """Compute where a case with these facts is.

    Nothing before the last move is needed: a move carries the state that it was made
    from. Raises `EventNotApplicable` when a fact does not apply.
    """
    first = next(
        (n for n in reversed(range(len(facts))) if facts[n].kind is EventKind.MOVED), 0
    )
    running = RunAdvance(pathway, RunState(length=first))
    for fact in facts[first:]:
        running.take(fact)
    return running.frozen()


def apply_fact(state: RunState, pathway: Pathway, fact: RunEvent) -> RunState:
    """Compute where the case is after one more fact. Raises `EventNotApplicable` when
    it does not
    apply.
    """
    if fact.kind is EventKind.MOVED:
        # A move carries the whole state, in the codes of the new version; those of the
        # old one may mean something else there.
        state = RunState(length=state.length)
    running = RunAdvance(pathway, state)
    running.take(fact)
    return running.frozen()
