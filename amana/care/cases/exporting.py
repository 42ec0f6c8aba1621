"""What of a case can be exported: sheets, all of it, and its files."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from amana.care.cases.events import case_erasing
from amana.care.cases.models import Case, CaseFile
from amana.care.cases.rules import list_readable_parts, see_case, see_thing_of_case
from amana.trust.access.models import User
from amana.trust.exports.export_kinds import ExportKind, register_kind
from amana.trust.exports.models import ExportedItem
from amana.trust.vault.compartments import Compartment

SHEETS, WHOLE, FILE, ORIGINAL = "sheets", "whole case", "file", "original"


def find_cases(user: User, chosen: Iterable[UUID]) -> Mapping[UUID, UUID]:
    # Asked a second time when the export leaves, because rights may have changed since
    # it was allowed (ADR 63).
    seen = see_case.among(Case.objects.all(), user).filter(pk__in=list(chosen))
    ordered = seen.order_by("due_at", "pk").values_list("pk", flat=True)
    return {pk: pk for pk in ordered}


def find_files(user: User, chosen: Iterable[UUID]) -> Mapping[UUID, UUID]:
    """Find the files of a part that one's role opens."""
    rows = CaseFile.objects.filter(pk__in=list(chosen)).select_related("case")
    return {
        file.pk: file.case_id
        for file in see_thing_of_case.among(rows, user)
        if Compartment(file.compartment) in list_readable_parts(user, file.case)
    }


@receiver(case_erasing, dispatch_uid="exports: a case is erased")
def forget(things: list[UUID], **kwargs: Any) -> None:
    """Delete which records were exported. That there was an export, by whom and why,
    stays."""
    ExportedItem.objects.filter(Q(record__in=things) | Q(thing__in=things)).delete()


def register_kinds() -> None:
    from amana.care.cases.views import bulk_assignment, case, uploads

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
