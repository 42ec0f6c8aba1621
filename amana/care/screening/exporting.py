"""The result of a screening on paper, also of one that is not in a case yet."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from amana.care.screening.models import Screening
from amana.care.screening.rules import read_screening
from amana.trust.access.models import User
from amana.trust.exports.export_kinds import ExportKind, register_kind

SCREENING = "screening"


def find_screenings(user: User, chosen: Iterable[UUID]) -> Mapping[UUID, UUID]:
    rows = Screening.objects.filter(pk__in=list(chosen), ended_at=None)
    seen = read_screening.among(rows, user).values_list("pk", "case")
    # Each export counts people. Before a case, the screening is the only id of one.
    return {pk: case or pk for pk, case in seen}


def register_kinds() -> None:
    from amana.care.screening import views

    register_kind(
        ExportKind(
            SCREENING, _("The result of a screening"), find_screenings, views.on_paper
        )
    )
