"""Actions on services: publish, edit, verify, report places, end."""

from amana.design.directory.actions.free_places import (
    book_places,
    give_back_places,
    record_answer,
    report_places,
)
from amana.design.directory.actions.imported_services import (
    import_service,
    move_service,
    remove_imported_service,
)
from amana.design.directory.actions.publishing import (
    ServiceFields,
    change_service,
    end_service,
    pause_service,
    publish_service,
    resume_service,
    verify_service,
)

__all__ = [
    "ServiceFields",
    "book_places",
    "change_service",
    "end_service",
    "give_back_places",
    "import_service",
    "move_service",
    "pause_service",
    "publish_service",
    "record_answer",
    "remove_imported_service",
    "report_places",
    "resume_service",
    "verify_service",
]
