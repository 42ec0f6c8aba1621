"""Cases whose mechanism has retired, moved to its successor by those who hold them."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from amana.care.pathways import retired
from amana.trust.access.http import Request
from amana.ui.http import done, show
from amana.ui.labels import format_list
from amana.ui.once import apply_once
from amana.ui.paging import find_page

RETIRED = "pathways/retired.html"


@require_http_methods(["GET", "POST"])
@apply_once
def retired_cases(request: Request) -> HttpResponse:
    """List them, the most urgent first; a press moves the first of them."""
    if request.method == "POST":
        moved, stayed = retired.continue_some(request.user)
        if moved:
            told = ngettext(
                "%(count)s case continues in the other mechanism.",
                "%(count)s cases continue in the other mechanism.",
                moved,
            )
            messages.success(request, told % {"count": moved})
        if stayed:
            told = _("Your team takes no part in the other mechanism: %(cases)s.")
            references = format_list(case.reference for case in stayed)
            messages.error(request, told % {"cases": references})
        return done(request, then=reverse("pathways:retired"))
    left = retired.find_left_cases(request.user)
    along = left.select_related("team", "mechanism__successor")
    context = {
        "cases": find_page(along, request, key=("due_at", "pk")),
        "at_once": retired.AT_ONCE,
    }
    return show(request, RETIRED, context)
