"""What happened in all cases, to take along: each time with new pseudonyms."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from amana.care.pathways import logged
from amana.care.pathways.rules import READERS, watch_course
from amana.exchange.ocel.writing import ocel, table
from amana.trust.access.http import Request
from amana.trust.access.models import User
from amana.trust.access.rules import Denied, holds
from amana.trust.exports import views as exports
from amana.trust.exports.kinds import Kind, register
from amana.trust.exports.models import Export
from amana.ui.http import kept_as

FORMATS = {
    "json": (ocel, "application/json"),
    "csv": (table, "text/csv; charset=utf-8"),
}


@require_GET
def log(request: Request, format: str) -> HttpResponse:
    if not holds(request.user, READERS):
        raise Denied(watch_course, request.user)
    return exports.ask(request, f"log {format}")


def find_cases(user: User, chosen: Iterable[UUID]) -> Mapping[UUID, UUID]:
    """Find all cases that a user may watch: a part of an event log alone is of no
    use."""
    return {pk: pk for pk in logged.cases(user)}


def register_kinds() -> None:
    label = _("Event log of all cases, without names")
    for format in FORMATS:
        # Without names, so that the daily limit of people does not apply: it always
        # includes all cases (ADR 63).
        register(Kind(f"log {format}", label, find_cases, write, named=False))


def write(request: Request, export: Export) -> HttpResponseBase:
    format = export.kind.removeprefix("log ")
    write_log, kind = FORMATS[format]
    pieces = write_log(logged.read_events(request.user), export.mark)
    response = StreamingHttpResponse(pieces, content_type=kind)
    return kept_as(f"event-log-{export.code}.{format}", response)
