"""What happened in all cases, to take along: each time with new pseudonyms."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from amana.care.pathways import logged
from amana.care.pathways.rules import READERS, watch_course
from amana.exchange.ocel.writing import write_csv, write_ocel
from amana.trust.access.http import Request
from amana.trust.access.models import User
from amana.trust.access.rules import Denied, has_role
from amana.trust.exports import views as exports
from amana.trust.exports.export_kinds import ExportKind, register_kind
from amana.trust.exports.models import Export
from amana.ui.http import name_download

FORMATS = {
    "json": (write_ocel, "application/json"),
    "csv": (write_csv, "text/csv; charset=utf-8"),
}


@require_GET
def log(request: Request, format: str) -> HttpResponse:
    if not has_role(request.user, READERS):
        raise Denied(watch_course, request.user)
    return exports.show_reason_page(request, f"log {format}")


def find_cases(user: User, chosen: Iterable[UUID]) -> Mapping[UUID, UUID]:
    """Find all cases that a user may watch: a part of an event log alone is of no
    use."""
    return {pk: pk for pk in logged.list_cases(user)}


def register_kinds() -> None:
    label = _("Event log of all cases, without names")
    for format in FORMATS:
        # Without names, so that the daily limit of people does not apply: it always
        # includes all cases (ADR 63).
        register_kind(
            ExportKind(f"log {format}", label, find_cases, send_log, named=False)
        )


def send_log(request: Request, export: Export) -> HttpResponseBase:
    format = export.kind.removeprefix("log ")
    write_log, kind = FORMATS[format]
    pieces = write_log(logged.read_events(request.user), export.mark)
    response = StreamingHttpResponse(pieces, content_type=kind)
    return name_download(f"event-log-{export.code}.{format}", response)
