"""Actions: read a file, plan it row by row, apply it at once, undo it.

Planning touches only the import's own rows; applying is one transaction, so a half
import never stays; running the same file again changes nothing."""

from amana.exchange.imports.actions.bringing import (
    ReadFile,
    count_outcomes,
    count_remarked_rows,
    find_hidden_ids,
    forget_address,
    read_geojson,
    read_hsds,
    record_file,
    reduce_to_name,
    remove_location,
    require_importer,
)
from amana.exchange.imports.actions.planning_rows import correct_row, plan_next_rows
from amana.exchange.imports.actions.taking_in import (
    apply_import,
    apply_row,
    undo_import,
)

__all__ = [
    "ReadFile",
    "apply_import",
    "apply_row",
    "correct_row",
    "count_outcomes",
    "count_remarked_rows",
    "find_hidden_ids",
    "forget_address",
    "plan_next_rows",
    "read_geojson",
    "read_hsds",
    "record_file",
    "reduce_to_name",
    "remove_location",
    "require_importer",
    "undo_import",
]
