"""Put committed events into the tree, in order, and sign what the tree then holds.

Writers never wait for the tree within their transaction: an event is sealed after its
commit, at the end of its request, by the first to `seal`. Which events wait is a
row written by a trigger, and never a cursor over ids, because a transaction that
commits late has lower ids than those that were sealed before it.

Nothing is signed unless the tree is the one that was signed last (`anchor`).
"""

from amana.trust.audit.sealing.after_requests import (
    collect_recorded,
    seal_after_commit,
    seal_recorded,
)
from amana.trust.audit.sealing.sealer import (
    compare_with_anchor,
    is_prefix,
    record_device_doubt,
    require_whole,
    seal,
    seal_all,
    seal_first,
)
from amana.trust.audit.sealing.signed_checkpoints import (
    LAST_WORDS,
    CannotSeal,
    count_taken_over,
    find_proved_position,
    format_log_name,
    get_origin,
    get_own_log_number,
    read_signed_head,
    require_ours,
)
from amana.trust.audit.sealing.stored_tree import (
    StoredTree,
    compute_root,
    get_tree_size,
    load_right_edge,
)

__all__ = [
    "LAST_WORDS",
    "CannotSeal",
    "StoredTree",
    "collect_recorded",
    "compare_with_anchor",
    "compute_root",
    "count_taken_over",
    "find_proved_position",
    "format_log_name",
    "get_origin",
    "get_own_log_number",
    "get_tree_size",
    "is_prefix",
    "load_right_edge",
    "read_signed_head",
    "record_device_doubt",
    "require_ours",
    "require_whole",
    "seal",
    "seal_after_commit",
    "seal_all",
    "seal_first",
    "seal_recorded",
]
