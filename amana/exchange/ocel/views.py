"""What happened in all cases, to take along: each time with new pseudonyms."""

from django.http import HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_GET

from amana.care.pathways import logged
from amana.care.pathways.rules import READERS, watch_course
from amana.exchange.ocel.writing import ocel, table
from amana.trust.access.http import Request
from amana.trust.access.rules import Denied, holds
from amana.ui.http import kept_as

FORMATS = {
    "json": (ocel, "application/json"),
    "csv": (table, "text/csv; charset=utf-8"),
}


@require_GET
def log(request: Request, format: str) -> HttpResponseBase:
    if not holds(request.user, READERS):
        raise Denied(watch_course, request.user)
    write, kind = FORMATS[format]
    pieces = write(logged.export(by=request.user))
    response = StreamingHttpResponse(pieces, content_type=kind)
    return kept_as(f"event-log.{format}", response)
