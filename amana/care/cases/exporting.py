"""What of a case can be exported: sheets, all of it, and its files."""

from uuid import UUID

from django.db.models import Q
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from amana.care.cases.case_exports import (
    FILE,
    ORIGINAL,
    SHEETS,
    WHOLE,
    find_cases,
    find_files,
)
from amana.care.cases.events import case_erasing
from amana.care.cases.views import bulk_assignment, case, uploads
from amana.trust.exports.export_kinds import ExportKind, register_kind
from amana.trust.exports.models import ExportedItem


@receiver(case_erasing, dispatch_uid="exports: a case is erased")
def forget(things: list[UUID], **kwargs: object) -> None:
    """Delete which records were exported. That there was an export, by whom and why,
    stays."""
    ExportedItem.objects.filter(Q(record__in=things) | Q(thing__in=things)).delete()


def register_kinds() -> None:
    register_kind(
        ExportKind(
            SHEETS, _("Conversation sheets"), find_cases, bulk_assignment.show_sheets
        )
    )
    register_kind(ExportKind(WHOLE, _("The whole case"), find_cases, case.show_whole))
    register_kind(
        ExportKind(
            FILE,
            _("A file of the case"),
            find_files,
            uploads.hand_out_copy,
            marked=False,
        )
    )
    register_kind(
        ExportKind(
            ORIGINAL,
            _("An original file"),
            find_files,
            uploads.hand_out_original,
            marked=False,
        )
    )
