"""Register the taking of a pack as an export."""

from django.utils.translation import gettext_lazy

from amana.care.packs import views
from amana.care.packs.pack_exports import PACK, find_cases
from amana.trust.exports.export_kinds import ExportKind, register_kind


def register_kinds() -> None:
    label = gettext_lazy("Offline pack")
    register_kind(ExportKind(PACK, label, find_cases, views.make, marked=False))
