"""Actions: read a file, plan it step by step, apply it at once, undo it.

Planning touches only the import's own rows; applying is one transaction, so a half
import never stays; running the same file again changes nothing."""

from amana.exchange.imports.actions.background import (
    continue_stopped_imports,
    resume_import,
)
from amana.exchange.imports.actions.bringing import (
    PreparedImport,
    ReadFile,
    begin_import,
    count_outcomes,
    count_remarked_rows,
    count_unplaced_rows,
    find_hidden_ids,
    forget_addresses,
    prepare_import,
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
    open_sketch,
    open_source,
    open_upload,
    prepare_upload,
    read_as_suggested,
    read_by_mapping,
    record_upload,
    save_mapping,
    suggest_mapping,
)
from amana.exchange.imports.actions.placing_rows import (
    TurnDecision,
    decide_turns,
    list_turned_rows,
)
from amana.exchange.imports.actions.planning_rows import correct_row, plan_next_rows
from amana.exchange.imports.actions.recognising_names import (
    OPEN,
    count_names_by_kind,
    decide_names,
    load_areas,
    load_organisations,
)
from amana.exchange.imports.actions.steps import continue_import
from amana.exchange.imports.actions.taking_in import (
    apply_import,
    ask_to_apply,
    write_application,
)
from amana.exchange.imports.actions.undoing import undo_import

__all__ = [
    "KEPT",
    "MOST_WAITING",
    "OPEN",
    "PreparedImport",
    "ReadFile",
    "TurnDecision",
    "apply_import",
    "ask_to_apply",
    "begin_import",
    "continue_import",
    "continue_stopped_imports",
    "correct_row",
    "count_names_by_kind",
    "count_outcomes",
    "count_remarked_rows",
    "count_unplaced_rows",
    "decide_names",
    "decide_terms",
    "decide_turns",
    "discard_upload",
    "find_hidden_ids",
    "find_last_mapping",
    "forget_addresses",
    "forget_old_files",
    "is_own_export",
    "keep_upload",
    "list_turned_rows",
    "load_areas",
    "load_organisations",
    "open_sketch",
    "open_source",
    "open_upload",
    "plan_next_rows",
    "prepare_import",
    "prepare_upload",
    "read_as_suggested",
    "read_by_mapping",
    "read_hsds",
    "record_file",
    "record_upload",
    "reduce_to_name",
    "remove_location",
    "require_importer",
    "resume_import",
    "save_mapping",
    "suggest_mapping",
    "undo_import",
    "write_application",
]
