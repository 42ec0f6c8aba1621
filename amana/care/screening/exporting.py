"""The result of a screening on paper, also of one that is not in a case yet."""

from django.utils.translation import gettext_lazy as _

from amana.care.screening.screening_exports import SCREENING, find_screenings
from amana.care.screening.views import result_pages
from amana.trust.exports.export_kinds import ExportKind, register_kind


def register_kinds() -> None:
    register_kind(
        ExportKind(
            SCREENING,
            _("The result of a screening"),
            find_screenings,
            result_pages.on_paper,
        )
    )
