"""Take keys away: propose, confirm, stop."""

from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.views.decorators.http import require_GET, require_POST

from amana.trust.access.http import Request
from amana.trust.vault import removal
from amana.trust.vault.middleware import require_recent_unlock
from amana.trust.vault.models.key_removals import KeyRemoval
from amana.trust.vault.rules import (
    allow_fewer_keyholders,
    answer_for_person,
    confirm_removal,
    see_removal,
    stop_removal,
)
from amana.trust.vault.views.vault_page_parts import describe_limits
from amana.ui.http import done, show


@require_GET
def see_removal_(request: Request, pk: int) -> HttpResponse:
    """Show one proposal: who, why, who agreed, what it leaves, and what can be done
    now.
    """
    user = request.user
    found = see_removal.find(KeyRemoval.objects.for_list(), user, pk=pk)
    return show(
        request,
        "vault/removal.html",
        {
            "removal": found,
            "told": found.told.order_by("name", "pk"),
            "may_confirm": confirm_removal.permits(user, found),
            "may_stop": stop_removal.permits(user, found)
            and (found.is_pending or found.can_be_undone),
            "may_allow": allow_fewer_keyholders.permits(user, found),
            "may_try": found in KeyRemoval.objects.due()
            and answer_for_person.permits(user, found),
        }
        | describe_limits(
            removal.foresee_shortfall(found) if found.is_pending else None
        ),
    )


@require_POST
@require_recent_unlock
def confirm_removal_(request: Request, pk: int) -> HttpResponse:
    found = confirm_removal.find(KeyRemoval.objects.for_list(), request.user, pk=pk)
    removal.confirm(found, by=request.user)
    return done(request, then=resolve_url("vault:removal", pk))


@require_POST
@require_recent_unlock
def allow_removal(request: Request, pk: int) -> HttpResponse:
    found = allow_fewer_keyholders.find(
        KeyRemoval.objects.for_list(), request.user, pk=pk
    )
    removal.allow(found, by=request.user)
    return done(request, then=resolve_url("vault:removal", pk))


@require_POST
@require_recent_unlock
def stop_removal_(request: Request, pk: int) -> HttpResponse:
    found = stop_removal.find(KeyRemoval.objects.for_list(), request.user, pk=pk)
    removal.stop(found, by=request.user)
    return done(request, then=resolve_url("vault:removal", pk))


@require_POST
@require_recent_unlock
def try_removal(request: Request, pk: int) -> HttpResponse:
    """Carry out what is due, or show why it can't be done."""
    found = answer_for_person.find(KeyRemoval.objects.for_list(), request.user, pk=pk)
    removal.take_effect(found)
    return done(request, then=resolve_url("vault:removal", pk))
