"""Running cases continue under a new version of their mechanism, each with its
deadlines.

They are moved in the background, some at a time, each time in a short transaction that
puts the next time into the queue: killed in the middle, it continues where it was
(ADR 72). A case that waits continues under its old version.

What has no place in the new version stays where it is, under its old version, until a
coordinator or supervisor chooses where it continues. Nothing is stranded."""

from amana.care.pathways.version_moves.background_moves import (
    AT_ONCE,
    begin_move,
    build_overview_address,
    list_unfinished,
    move_batch,
    move_to_mechanism,
    queue_next_batch,
    report_progress,
    retry_set_aside,
)
from amana.care.pathways.version_moves.unplaced_steps import (
    count_stranded,
    find_behind,
    find_set_aside,
    find_waiting,
    iterate_left,
    list_unmoved,
    place_case,
)

__all__ = [
    "AT_ONCE",
    "begin_move",
    "build_overview_address",
    "count_stranded",
    "find_behind",
    "find_set_aside",
    "find_waiting",
    "iterate_left",
    "list_unfinished",
    "list_unmoved",
    "move_batch",
    "move_to_mechanism",
    "place_case",
    "queue_next_batch",
    "report_progress",
    "retry_set_aside",
]
