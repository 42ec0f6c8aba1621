"""Taking someone's keys away takes two people and a delay, and can be undone after.

One proposes it, another of another team confirms it, the person and two others are
told. When the delay has passed the keys are set aside (`tombstones`), and only when it
can't be undone any more are they destroyed.
"""

from amana.trust.vault.removal.confirming import (
    allow,
    compute_delay,
    compute_usual_delay,
    confirm,
    end_place,
    foresee_shortfall,
    foresee_without,
    lock_teams,
    take_effect,
)
from amana.trust.vault.removal.proposing import (
    DELAYS,
    find_effective_removals,
    find_team_left,
    has_keys_to_take,
    propose_leaving,
    propose_start_again,
)
from amana.trust.vault.removal.settling import settle
from amana.trust.vault.removal.stopping import (
    find_sheet_set_aside,
    stop,
    undo,
    undo_by_sheet,
)

__all__ = [
    "DELAYS",
    "allow",
    "compute_delay",
    "compute_usual_delay",
    "confirm",
    "end_place",
    "find_effective_removals",
    "find_sheet_set_aside",
    "find_team_left",
    "foresee_shortfall",
    "foresee_without",
    "has_keys_to_take",
    "lock_teams",
    "propose_leaving",
    "propose_start_again",
    "settle",
    "stop",
    "take_effect",
    "undo",
    "undo_by_sheet",
]
