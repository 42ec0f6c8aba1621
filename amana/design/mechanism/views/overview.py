"""A version as a whole: what it is, what is wrong with it, what comes next."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from amana.design.mechanism import labels, version_contents
from amana.design.mechanism.views.mending import list_fixes
from amana.design.mechanism.views.reader_pages import about, found
from amana.trust.access.http import Request
from amana.ui.http import show

VERSION = "mechanism/version.html"


@require_GET
def version(request: Request, pk: int) -> HttpResponse:
    this = found(request, pk)
    seen = version_contents.read_outline(this)
    _pack, faults = version_contents.read_version(this)
    return show(
        request,
        VERSION,
        about(request, this, seen, "version")
        | {
            "notice": labels.choose_words(seen.notice),
            "faults": list_fixes(this, faults),
            "seen": seen,
            "by_hand": len(seen.by_hand()),
        },
    )
