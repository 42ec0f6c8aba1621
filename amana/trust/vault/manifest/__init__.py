"""The signed manifest of a case: what there is of it, who holds it, what she agreed to.

Anyone who can write in the database can put back an older revision, delete a record or
widen a consent, and no seal breaks. So every act that changes a case appends a *link*:
the case's whole state, signed by who acts and chained to the link before, in the same
transaction. What only narrows it (a consent ends, keys are taken, a record is deleted)
is a link too, signed by the log's key where no person's keys are at hand. What is read
is checked against the last link, and a new state is made from it and never from the
rows: else the next honest act would bless what was altered. The log records which link
is the last (`heads`).
"""

from amana.trust.vault.manifest.appending import change_case, erase, narrow
from amana.trust.vault.manifest.chain_reading import (
    Facts,
    compute_chain_id,
    find_difference,
    forget,
    get_state,
    get_states,
    load_states,
    lock_chains,
    remember_states,
    require_facts,
)
from amana.trust.vault.manifest.countersigning import (
    countersign,
    record_last_states,
)
from amana.trust.vault.manifest.link_signers import find_link_signers, is_rightly_signed
from amana.trust.vault.manifest.links import (
    LOG,
    PURPOSE,
    Kind,
    ManifestState,
    compute_link_hash,
    format_holder,
)

__all__ = [
    "LOG",
    "PURPOSE",
    "Facts",
    "Kind",
    "ManifestState",
    "change_case",
    "compute_chain_id",
    "compute_link_hash",
    "countersign",
    "erase",
    "find_difference",
    "find_link_signers",
    "forget",
    "format_holder",
    "get_state",
    "get_states",
    "is_rightly_signed",
    "load_states",
    "lock_chains",
    "narrow",
    "record_last_states",
    "remember_states",
    "require_facts",
]
