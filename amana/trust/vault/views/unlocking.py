"""Lock and unlock; join with an invitation."""

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from amana.errors import Refused
from amana.trust.access import sessions
from amana.trust.access.http import Request, posted, signed_in
from amana.trust.access.models.organisations import Membership, User
from amana.trust.access.models.sign_in import Invitation
from amana.trust.audit import log
from amana.trust.vault import admission, middleware
from amana.trust.vault.forms import NewPassphraseForm, PassphraseForm, RecoveryCodeForm
from amana.trust.vault.keys.keyring import Keyring
from amana.trust.vault.views.vault_page_parts import (
    INVITED,
    form_page,
    list_digit_groups,
    slow_down,
)
from amana.ui.http import done, show


@form_page
@never_cache
@sensitive_post_parameters()
def unlock(request: Request) -> HttpResponse:
    form = PassphraseForm(posted(request))
    if form.is_valid():
        try:
            middleware.unlock(request, form.cleaned_data["passphrase"])
        except Refused as error:
            form.add_error("passphrase", str(error))
        else:
            return done(
                request,
                "vault/unlock.html",
                part="unlocked",
                then=find_return_page(request),
            )
    return show(
        request,
        "vault/unlock.html",
        {"form": form, "next": find_return_page(request)},
        part="unlocking",
        status=422 if form.is_bound else 200,
    )


@require_POST
def lock(request: Request) -> HttpResponse:
    middleware.lock(request)
    log.record("locked", request.user, by=request.user)
    return done(request, then="vault:unlock")


def find_return_page(request: HttpRequest) -> str:
    """Find where the person came from, if that is a page of ours."""
    to = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(to, allowed_hosts=None)
    # Not “//host”, which a browser takes for another site's address.
    return to if ours and to.startswith("/") else resolve_url("home:today")


@form_page
@never_cache
@login_not_required
@sensitive_post_parameters()
def join(request: HttpRequest) -> HttpResponse:
    """Ask for the code that a colleague has given the newcomer."""
    form = RecoveryCodeForm(posted(request))
    if form.is_valid():
        slow_down(request, "join")
        try:
            invitation = admission.find_invitation(form.cleaned_data["code"])
        except Refused as error:
            form.add_error("code", str(error))
        else:
            request.session[INVITED] = bytes(invitation.code).hex()
            return redirect("vault:choose_passphrase")
    status = 422 if form.is_bound else 200
    return show(request, "vault/join.html", {"form": form}, status=status)


@form_page
@never_cache
@login_not_required
@sensitive_post_parameters()
def choose_passphrase(request: HttpRequest) -> HttpResponse:
    """Ask for the newcomer's own passphrase; signing in with it follows at once."""
    invitations = Invitation.objects.open().select_related("user")
    code = bytes.fromhex(request.session.get(INVITED, ""))
    invitation = invitations.filter(code=code).first()
    if invitation is None:
        return redirect("vault:join")
    newcomer = invitation.user
    form = NewPassphraseForm(posted(request), of=newcomer)
    if form.is_valid():
        admission.join(
            invitation,
            passphrase=form.cleaned_data["passphrase"],
            signed_in=signed_in(request),
        )
        # A session that someone else prepared in this browser must not become the
        # newcomer's.
        request.session.flush()
        sign_in_newcomer(request, newcomer)
        return redirect("access:enrol")
    places = Membership.objects.waiting().filter(user=newcomer).for_list()
    return show(
        request,
        "vault/choose_passphrase.html",
        {"form": form, "newcomer": newcomer, "places": places.order_by("pk")},
        status=422 if form.is_bound else 200,
    )


def sign_in_newcomer(request: HttpRequest, user: User) -> None:
    """Sign in with the passphrase just set; the second factor is asked for next."""
    keyring = user.keyring
    assert isinstance(keyring, Keyring)
    login(request, user)
    sessions.begin_session(request.session, agent=request.headers.get("User-Agent", ""))
    record_authentication(request, user, method="password", reauthenticated=True)
    middleware.keep_unlocked(request, keyring, of=user)


@require_GET
def welcome(request: Request) -> HttpResponse:
    """Show what a newcomer does while their place waits to be confirmed."""
    places = Membership.objects.filter(user=request.user, ended_at=None)
    return show(
        request,
        "vault/welcome.html",
        {
            "waiting": places.waiting().for_list().order_by("pk"),
            "active": places.active().exists(),
            "fingerprint": list_digit_groups(request.user, seen_by=request.user),
            "has_recovery_code": admission.has_recovery_code(request.user),
        },
    )
