"""Actions: read a file, plan it row by row, apply it at once, undo it.

Planning touches only the import's own rows; applying is one transaction, so a half
import never stays; running the same file again changes nothing."""

from amana.exchange.imports.actions.bringing import (
    ReadFile,
    count_outcomes,
    count_remarked_rows,
    find_hidden_ids,
    forget_address,
    read_hsds,
    record_file,
    reduce_to_name,
    remove_location,
    require_importer,
)
from amana.exchange.imports.actions.mapped_files import (
    KEPT,
    MOST_WAITING,
    decide_terms,
    discard_upload,
    find_last_mapping,
    forget_old_files,
    is_own_export,
    keep_upload,
    open_source,
    open_upload,
    prepare_upload,
    read_as_suggested,
    read_by_mapping,
    record_upload,
    save_mapping,
    suggest_mapping,
)
from amana.exchange.imports.actions.planning_rows import correct_row, plan_next_rows
from amana.exchange.imports.actions.taking_in import (
    apply_import,
    apply_row,
    undo_import,
)

__all__ = [
    "KEPT",
    "MOST_WAITING",
    "ReadFile",
    "apply_import",
    "apply_row",
    "correct_row",
    "count_outcomes",
    "count_remarked_rows",
    "decide_terms",
    "discard_upload",
    "find_hidden_ids",
    "find_last_mapping",
    "forget_address",
    "forget_old_files",
    "is_own_export",
    "keep_upload",
    "open_source",
    "open_upload",
    "plan_next_rows",
    "prepare_upload",
    "read_as_suggested",
    "read_by_mapping",
    "read_hsds",
    "record_file",
    "record_upload",
    "reduce_to_name",
    "remove_location",
    "require_importer",
    "save_mapping",
    "suggest_mapping",
    "undo_import",
]
