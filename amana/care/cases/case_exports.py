"""Which exports there are of a case, and of which records each may be."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from amana.care.cases.models import Case, CaseFile
from amana.care.cases.rules import list_readable_parts, see_case, see_thing_of_case
from amana.trust.access.models import User
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
