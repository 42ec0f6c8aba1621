"""Where a case stands: the fold of its facts over its pathway.

`state` folds all facts of a case, `apply` one more. Both run the same way: they thaw a
state into a `Running`, let the facts move it, and freeze it again. A fact that does not
apply raises `NotNow` and changes nothing: when two people finish the same step, the
second is told.
"""

from collections.abc import Sequence

from amana.design.mechanism.engine.facts import Fact, Kind
from amana.design.mechanism.engine.pathway import Pathway
from amana.design.mechanism.engine.running import Running
from amana.design.mechanism.engine.standing import (
    Join,
    NotNow,
    Open,
    State,
    Told,
    Waiting,
    key_of,
    parted,
)

__all__ = [
    "Join",
    "NotNow",
    "Open",
    "State",
    "Told",
    "Waiting",
    "apply",
    "key_of",
    "parted",
    "state",
]


def state(pathway: Pathway, facts: Sequence[Fact]) -> State:
    """Where a case with these facts stands. Nothing before the last move is needed:
    a move carries the state that it was made from."""
    first = next(
        (n for n in reversed(range(len(facts))) if facts[n].kind is Kind.MOVED), 0
    )
    running = Running(pathway, State(length=first))
    for fact in facts[first:]:
        running.take(fact)
    return running.frozen()


def apply(state: State, pathway: Pathway, fact: Fact) -> State:
    """Where it stands after one more fact."""
    if fact.kind is Kind.MOVED:
        state = State(length=state.length)
    running = Running(pathway, state)
    running.take(fact)
    return running.frozen()
