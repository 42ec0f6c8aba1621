"""Regain a team's key."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from amana.trust.access.http import Request, posted
from amana.trust.access.models.organisations import Membership
from amana.trust.recovery import regaining
from amana.trust.recovery.forms import ShareForm
from amana.trust.recovery.models import Regaining, RegainingStatus
from amana.trust.recovery.rules import (
    complete_regaining,
    confirm_regaining,
    propose_regaining,
    release_share,
    see_regaining,
    stop_regaining,
)
from amana.trust.recovery.views.team_keys_pages import form_page, is_done
from amana.trust.vault import keys
from amana.trust.vault.forms import ConfirmForm
from amana.trust.vault.middleware import require_recent_unlock
from amana.trust.vault.models.team_keys import PersonKey
from amana.trust.vault.statements.roster_state import ENOUGH
from amana.ui import clocks
from amana.ui.http import done, show


@require_POST
@require_recent_unlock
def propose(request: Request, pk: int) -> HttpResponse:
    found = propose_regaining.find(Membership.objects.for_list(), request.user, pk=pk)
    made = regaining.propose(found, by=request.user)
    messages.success(
        request, _("Proposed. Someone from another team must now confirm it.")
    )
    return done(request, then=resolve_url("recovery:regaining", made.pk))


@require_GET
def see(request: Request, pk: int) -> HttpResponse:
    """Show one proposal: who gets the key, who agreed, which shares have come."""
    user = request.user
    found = see_regaining.find(Regaining.objects.for_list(), user, pk=pk)
    released = found.released.select_related("share__custodian", "share__organisation")
    # Their own digits, to be compared with the second person; of no use afterwards.
    is_compared = (
        found.state is RegainingStatus.PROPOSED and found.membership.user_id == user.pk
    )
    key = PersonKey.objects.filter(user=user).first() if is_compared else None
    return show(
        request,
        "recovery/regaining.html",
        {
            "regaining": found,
            "team": found.membership.team,
            "told": found.told.order_by("name", "pk"),
            "released": released.order_by("released_at", "pk"),
            "shares": found.recovery_key.shares.for_list().order_by(
                "organisation__name", "pk"
            ),
            "is_open": Regaining.objects.open().filter(pk=found.pk).exists(),
            "is_stale": found.is_pending and regaining.is_stale(found),
            "may_confirm": confirm_regaining.permits(user, found),
            "may_release": release_share.permits(user, found),
            "may_complete": complete_regaining.permits(user, found),
            "may_stop": stop_regaining.permits(user, found),
            "fingerprint": keys.compute_digits(key, seen_by=user).split()
            if key
            else [],
            "needed": ENOUGH,
            "delay": clocks.format_duration(regaining.get_delay()),
        },
    )


@form_page
@require_recent_unlock
def confirm(request: Request, pk: int) -> HttpResponse:
    """Compare the groups with the colleague, and confirm as the second person."""
    found = confirm_regaining.find(Regaining.objects.for_list(), request.user, pk=pk)
    key = PersonKey.objects.filter(user=found.membership.user_id).first()
    groups = keys.compute_digits(key, seen_by=request.user).split() if key else []
    form = ConfirmForm(posted(request), initial={"compared_key": " ".join(groups)})
    if form.is_valid():
        regaining.confirm(
            found, compared=form.cleaned_data["compared_key"], by=request.user
        )
        messages.success(request, _("Confirmed. The custodians have been notified."))
        return done(request, then=resolve_url("recovery:regaining", found.pk))
    return show(
        request,
        "recovery/confirm.html",
        {
            "regaining": found,
            "form": form,
            "fingerprint": groups,
            "delay": clocks.format_duration(regaining.get_delay()),
        },
        status=422 if form.is_bound else 200,
    )


@form_page
@never_cache
@require_recent_unlock
@sensitive_post_parameters()
def release(request: Request, pk: int) -> HttpResponse:
    """Release one's share to who gets the team's key."""
    found = release_share.find(Regaining.objects.for_list(), request.user, pk=pk)
    form = ShareForm(posted(request))
    if form.is_valid() and is_done(
        lambda: regaining.release(
            found, typed=form.cleaned_data["code"], by=request.user
        ),
        form,
        "code",
    ):
        messages.success(request, _("Released. Only the colleague named can open it."))
        return done(request, then=resolve_url("recovery:regaining", found.pk))
    return show(
        request,
        "recovery/release.html",
        {"regaining": found, "form": form, "team": found.membership.team},
        status=422 if form.is_bound else 200,
    )


@require_POST
@require_recent_unlock
def complete(request: Request, pk: int) -> HttpResponse:
    found = complete_regaining.find(Regaining.objects.for_list(), request.user, pk=pk)
    new = regaining.complete(found, by=request.user)
    messages.success(
        request,
        _("Your team has its key again. Now seal its records under the new key."),
    )
    return done(request, then=resolve_url("vault:renew", new.team_id))


@require_POST
@require_recent_unlock
def stop(request: Request, pk: int) -> HttpResponse:
    found = stop_regaining.find(Regaining.objects.for_list(), request.user, pk=pk)
    regaining.stop(found, by=request.user)
    return done(request, then=resolve_url("recovery:regaining", found.pk))
