"""Actions on services: publish, edit, verify, report places, end."""

from amana.design.directory.actions.delisting import (
    answer_delisting,
    list_service_again,
    take_out_service,
)
from amana.design.directory.actions.free_places import (
    book_places,
    give_back_places,
    record_answer,
    report_places,
)
from amana.design.directory.actions.imported_services import (
    NewService,
    PreparedServices,
    ServiceUpdate,
    Values,
    find_conflict,
    find_differences,
    find_services_of,
    find_used,
    import_services,
    list_written_fields,
    read_imported_values,
    remove_imported_services,
)
from amana.design.directory.actions.loaded_areas import (
    load_areas,
    require_area_keeper,
)
from amana.design.directory.actions.merging import (
    keep_apart,
    merge_services,
    release_fields,
    undo_merge,
)
from amana.design.directory.actions.moving_services import move_service
from amana.design.directory.actions.publishing import (
    ServiceFields,
    change_service,
    end_service,
    pause_service,
    publish_service,
    resume_service,
)
from amana.design.directory.actions.verifying import (
    accept_proposal,
    ask_due_services,
    ask_service,
    confirm_by_link,
    decline_proposal,
    propose_changes,
    record_return,
    switch_reminders,
    verify_by_phone,
    verify_service,
)

__all__ = [
    "NewService",
    "PreparedServices",
    "ServiceFields",
    "ServiceUpdate",
    "Values",
    "accept_proposal",
    "answer_delisting",
    "ask_due_services",
    "ask_service",
    "book_places",
    "change_service",
    "confirm_by_link",
    "decline_proposal",
    "end_service",
    "find_conflict",
    "find_differences",
    "find_services_of",
    "find_used",
    "give_back_places",
    "import_services",
    "keep_apart",
    "list_service_again",
    "list_written_fields",
    "load_areas",
    "merge_services",
    "move_service",
    "pause_service",
    "propose_changes",
    "publish_service",
    "read_imported_values",
    "record_answer",
    "record_return",
    "release_fields",
    "remove_imported_services",
    "report_places",
    "require_area_keeper",
    "resume_service",
    "switch_reminders",
    "take_out_service",
    "undo_merge",
    "verify_by_phone",
    "verify_service",
]
