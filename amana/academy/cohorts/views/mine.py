"""My course dates: what became of my questions and applications, and the place that is
kept for me."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from amana.academy.cohorts import actions
from amana.academy.cohorts.models import Application, CohortMessage
from amana.academy.cohorts.rules import read_message, see_own_application
from amana.trust.access.http import Request
from amana.ui.http import done, show
from amana.ui.once import apply_once

MINE = "cohorts/mine.html"
LATEST = 20
"""How many messages are shown, of all one's cohorts."""


@require_GET
def mine(request: Request) -> HttpResponse:
    rows = Application.objects.for_list().order_by("-moved_at", "pk")
    found = list(see_own_application.among(rows, request.user))
    messages = read_message.among(CohortMessage.objects.for_list(), request.user)
    context = {
        "more": {"shares": "yes"},
        "nothing": {"shares": "no"},
        "applications": [application for application in found if application.is_open],
        "messages": messages[:LATEST],
        "over": [application for application in found if not application.is_open],
    }
    return show(request, MINE, context)


def own(request: Request, pk: UUID) -> Application:
    return see_own_application.find(Application.objects.for_list(), request.user, pk=pk)


@require_POST
@apply_once
def accept(request: Request, pk: UUID) -> HttpResponse:
    actions.accept_place(own(request, pk), by=request.user)
    return done(request, then="cohorts:mine")


@require_POST
@apply_once
def share(request: Request, pk: UUID) -> HttpResponse:
    """Set what the button names, however old its page is; nothing is shared if it names
    nothing."""
    shares = request.POST.get("shares") == "yes"
    actions.share_progress(own(request, pk), shares, by=request.user)
    return done(request, then="cohorts:mine")


@require_POST
@apply_once
def withdraw(request: Request, pk: UUID) -> HttpResponse:
    actions.withdraw_application(own(request, pk), by=request.user)
    return done(request, then="cohorts:mine")
