"""Where a case stands: the fold of its facts over its pathway.

`compute_state` folds all facts of a case, `apply_fact` one more. Both thaw a state into
a `Running`, apply the facts, and freeze it again. A fact that does not apply raises
`NotNow` and changes nothing: when two people finish the same step, the second learns of
it.
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
    """Compute where a case with these facts is.

    Nothing before the last move is needed: a move carries the state that it was made
    from. Raises `NotNow` when a fact does not apply.
    """
    first = next(
        (n for n in reversed(range(len(facts))) if facts[n].kind is Kind.MOVED), 0
    )
    running = Running(pathway, State(length=first))
    for fact in facts[first:]:
        running.take(fact)
    return running.frozen()


def apply(state: State, pathway: Pathway, fact: Fact) -> State:
    """Compute where the case is after one more fact. Raises `NotNow` when it does not
    apply.
    """
    if fact.kind is Kind.MOVED:
        # A move carries the whole state, in the codes of the new version; those of the
        # old one may mean something else there.
        state = State(length=state.length)
    running = Running(pathway, state)
    running.take(fact)
    return running.frozen()
