"""The roster: who is who, by the word of two people each, from the first statement on.

Who holds the database can exchange a key in its row; here they would have to sign as
two people. So every seal takes the public key through `get_public_key`, and the rows
are a copy that is compared. The first statement is pinned in every keyring, sealed with
the person's own key.

Statements are checked once in each process and then as they come; a roster is known by
the hash of its last statement, which says all that came before.
"""

from amana.trust.vault.roster.checked_roster import (
    Holder,
    RosterMemory,
    annotate_head,
    get_public_key,
    get_roster,
    get_roster_as_of,
    learn_founding,
    read_founding,
    read_last_statement,
    require_founding,
    require_holders,
    require_homes,
    require_spheres,
    require_statement,
    seen,
    vouch,
)
from amana.trust.vault.roster.writing_roster import (
    describe_person_key,
    pin,
    record_statement,
    sign_founding,
    start_roster,
)

__all__ = [
    "Holder",
    "RosterMemory",
    "annotate_head",
    "describe_person_key",
    "get_public_key",
    "get_roster",
    "get_roster_as_of",
    "learn_founding",
    "pin",
    "read_founding",
    "read_last_statement",
    "record_statement",
    "require_founding",
    "require_holders",
    "require_homes",
    "require_spheres",
    "require_statement",
    "seen",
    "sign_founding",
    "start_roster",
    "vouch",
]
