"""What other bodies signed of our certificates: one person brings it, another one
confirms it."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.academy.credentials import endorsing
from amana.academy.credentials.forms import EndForm, EndorsementForm
from amana.academy.credentials.models import Achievement, Endorsement
from amana.academy.credentials.rules import (
    ATTESTERS,
    coordinate_certificates,
    end_endorsement,
    see_endorsement,
    sign_endorsement,
    withdraw_endorsement,
)
from amana.trust.access.http import Request, posted
from amana.trust.access.models import Role
from amana.trust.access.rules import NotAccessible, has_role
from amana.ui.http import show
from amana.ui.once import apply_once
from amana.ui.paging import find_page

LIST, ONE, NEW = (
    "credentials/endorsements.html",
    "credentials/endorsement.html",
    "credentials/endorsement_form.html",
)


@require_GET
def endorsements(request: Request) -> HttpResponse:
    """List what other bodies signed, and what waits for a second person."""
    # A list without rows would tell a stranger that there is such a list.
    if not has_role(request.user, sorted(ATTESTERS)):
        raise NotAccessible(see_endorsement, Endorsement, {})
    found = see_endorsement.among(Endorsement.objects.for_list(), request.user)
    context = {
        "endorsements": find_page(found, request, key=("-proposed_at", "pk")),
        "may_propose": has_role(request.user, [Role.COORDINATOR]),
    }
    return show(request, LIST, context)


@require_http_methods(["GET", "POST"])
@apply_once
def new_endorsement(request: Request) -> HttpResponse:
    if not has_role(request.user, [Role.COORDINATOR]):
        raise NotAccessible(coordinate_certificates, Achievement, {})
    form = EndorsementForm(posted(request), request.FILES or None)
    if form.is_valid():
        # Read as a whole, since both are bounded by the form; nothing of them is kept
        # unless the signature fits.
        given, keys = form.read_files()
        proposed = endorsing.propose_endorsement(
            form.cleaned_data["achievement"],
            given,
            keys,
            compared=form.cleaned_data["compared"],
            by=request.user,
        )
        return redirect("credentials:endorsement", proposed.pk)
    return show(request, NEW, {"form": form}, status=422 if form.is_bound else 200)


@require_GET
def endorsement(request: Request, pk: int) -> HttpResponse:
    found = find_endorsement(request, pk)
    context = {
        "endorsement": found,
        "shown": endorsing.show_endorsement(found),
        "form": EndForm(),
        "may_sign": sign_endorsement.permits(request.user, found),
        "may_withdraw": withdraw_endorsement.permits(request.user, found),
        "may_end": end_endorsement.permits(request.user, found),
    }
    return show(request, ONE, context)


def find_endorsement(request: Request, pk: int) -> Endorsement:
    return see_endorsement.find(Endorsement.objects.for_list(), request.user, pk=pk)


ENDORSEMENT_DECISIONS: dict[str, Callable[..., object]] = {
    "sign": endorsing.sign,
    "decline": endorsing.decline,
    "withdraw": endorsing.withdraw,
}


@require_POST
@apply_once
def decide_endorsement(request: Request, pk: int, decision: str) -> HttpResponse:
    found = find_endorsement(request, pk)
    ENDORSEMENT_DECISIONS[decision](found, by=request.user)
    return redirect("credentials:endorsement", found.pk)


@require_POST
@apply_once
def end(request: Request, pk: int) -> HttpResponse:
    """End an endorsement that its body no longer gives."""
    found = find_endorsement(request, pk)
    form = EndForm(posted(request))
    if form.is_valid():
        reason = Endorsement.EndReason(form.cleaned_data["reason"])
        endorsing.end(found, reason=reason, by=request.user)
        return redirect("credentials:endorsement", found.pk)
    context = {
        "endorsement": found,
        "shown": endorsing.show_endorsement(found),
        "form": form,
        "may_end": end_endorsement.permits(request.user, found),
    }
    return show(request, ONE, context, status=422)
