"""What can be done with a mechanism: bring, draft, discuss, sign, put in force.

A version is written as a draft, discussed as it stands, signed by the organisations
that it names, and never changes after that.
"""

from amana.design.mechanism.actions.adopting import (
    add_comment,
    adopt,
    adopt_shipped,
    answer_comment,
    find_move_progress,
    list_unplaced,
    open_consultation,
    put_in_force,
    return_to_draft,
    sign,
)
from amana.design.mechanism.actions.drafting import (
    Change,
    ChangedMeanwhile,
    MoveProgress,
    UnplacedRecord,
    begin_draft,
    discard,
    edit_draft,
    is_same_data,
    load_draft,
    put_file_in_draft,
    rename_step,
)
from amana.design.mechanism.actions.player_choice import (
    bind_organisation,
    end_part,
    give_part,
)
from amana.design.mechanism.actions.retiring import (
    NOTICE,
    announce_retirement,
    call_off_retirement,
    end_if_unused,
    list_successors,
)

__all__ = [
    "NOTICE",
    "Change",
    "ChangedMeanwhile",
    "MoveProgress",
    "UnplacedRecord",
    "add_comment",
    "adopt",
    "adopt_shipped",
    "announce_retirement",
    "answer_comment",
    "begin_draft",
    "bind_organisation",
    "call_off_retirement",
    "discard",
    "edit_draft",
    "end_if_unused",
    "end_part",
    "find_move_progress",
    "give_part",
    "is_same_data",
    "list_successors",
    "list_unplaced",
    "load_draft",
    "open_consultation",
    "put_file_in_draft",
    "put_in_force",
    "rename_step",
    "return_to_draft",
    "sign",
]
