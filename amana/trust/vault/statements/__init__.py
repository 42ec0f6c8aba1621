"""What can be said in the roster, and by whom: rules that no row can change.

Each statement is one person's signed word; what takes two people takes effect with the
word of the second. Nothing here knows Django: from the same statements everyone comes
to the same roster.
"""

from amana.trust.vault.statements.following import RULES, follow
from amana.trust.vault.statements.roster_rules import set_sphere
from amana.trust.vault.statements.roster_state import (
    CUSTODIANS,
    ENOUGH,
    PURPOSE,
    STATE,
    UNREADABLE,
    RemovedPerson,
    Roster,
    Says,
    Statement,
    UnsignedStatement,
    UntrueStatement,
    VouchedPerson,
    are_enough_signers,
    write,
)
from amana.trust.vault.statements.team_key_rules import (
    are_custodians_allowed,
    build_proof_text,
)

__all__ = [
    "CUSTODIANS",
    "ENOUGH",
    "PURPOSE",
    "RULES",
    "STATE",
    "UNREADABLE",
    "RemovedPerson",
    "Roster",
    "Says",
    "Statement",
    "UnsignedStatement",
    "UntrueStatement",
    "VouchedPerson",
    "are_custodians_allowed",
    "are_enough_signers",
    "build_proof_text",
    "follow",
    "set_sphere",
    "write",
]
