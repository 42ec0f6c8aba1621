"""One's own decisions: undo one, let it take effect now, or read that it failed."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from amana.care.pending import actions, decision_rows
from amana.care.pending.models import PendingDecision
from amana.care.pending.rules import see_own_decision
from amana.errors import Changed
from amana.trust.access.http import Request
from amana.ui.http import done, show
from amana.ui.once import apply_once

LIST = "pending/list.html"


@require_GET
def decisions(request: Request) -> HttpResponse:
    return show(request, LIST, {"decisions": decision_rows.list_own(request.user)})


def get_own(request: Request, pk: UUID) -> PendingDecision:
    """Get one's own decision. Of those of others the same is said as of those in
    effect."""
    mine = see_own_decision.among(
        PendingDecision.objects.select_related("by"), request.user
    )
    found = mine.filter(pk=pk).first()
    if found is None:
        raise actions.build_no_longer_pending()
    return found


@require_POST
@apply_once
def undo(request: Request, pk: UUID) -> HttpResponse:
    found = get_own(request, pk)
    failed = found.failed_at is not None
    actions.undo_decision(found, by=request.user)
    if not failed:
        messages.success(request, _("Undone. Nothing has changed."))
    return done(request, then=decision_rows.get_address(found))


@require_POST
@apply_once
def take_effect(request: Request, pk: UUID) -> HttpResponse:
    found = get_own(request, pk)
    found.by = request.user  # whose session has the keys
    if not actions.carry_out(found):
        get_own(request, pk)  # the clock may have been here a moment before
        raise Changed(
            _(
                "Someone else acted first, or you are no longer allowed to do this. "
                "Your decision won’t take effect."
            )
        )
    messages.success(request, _("It has taken effect."))
    return done(request, then=decision_rows.get_address(found))
