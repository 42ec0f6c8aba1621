"""A lost secret, a new passphrase, one's sessions."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from amana.trust.access import actions as access
from amana.trust.access.http import Request, posted
from amana.trust.access.models.organisations import Membership, User
from amana.trust.access.models.sign_in import Session
from amana.trust.access.rules import NotAccessible, manage_own_session, vouch_for
from amana.trust.vault import admission, floor, removal
from amana.trust.vault.forms import NewPassphraseForm, RecoverForm
from amana.trust.vault.keys.keyring import WrongSecret
from amana.trust.vault.middleware import require_recent_unlock
from amana.trust.vault.signin import draw_qr_code
from amana.trust.vault.views.vault_page_parts import (
    describe_limits,
    form_page,
    show_proposed,
    sign_out,
    slow_down,
)
from amana.ui.http import done, show


@form_page
@require_recent_unlock
def start_again(request: Request, pk: int) -> HttpResponse:
    """Propose that a colleague starts again, who lost passphrase or second factor."""
    theirs = vouch_for.among(User.objects.exclude(pk=request.user.pk), request.user)
    places = Membership.objects.for_list().filter(ended_at=None)
    found = places.filter(pk=pk, user__in=theirs).first()
    if found is None:
        raise NotAccessible(vouch_for, Membership, {"pk": pk})
    if request.method == "POST":
        made = removal.propose_start_again(found.user, by=request.user)
        return show_proposed(request, made)
    active = Membership.objects.active().filter(user=found.user_id)
    return show(
        request,
        "vault/start_again.html",
        {"membership": found}
        | describe_limits(floor.foresee(found.user, active, everything=True)),
    )


@form_page
@never_cache
@require_recent_unlock
def recovery_code(request: Request) -> HttpResponse:
    """Make the code and show it once, to be printed; a new one replaces the old."""
    context: dict[str, object] = {"has_code": admission.has_recovery_code(request.user)}
    if request.method == "POST":
        code = admission.make_recovery_code(by=request.user)
        context |= {
            "code": code,
            "qr": draw_qr_code(code),
            "made_at": timezone.now(),
            "address": settings.ADDRESS + resolve_url("vault:recover"),
        }
    return show(request, "vault/recovery_code.html", context)


@form_page
@never_cache
@login_not_required
@sensitive_post_parameters()
def recover(request: HttpRequest) -> HttpResponse:
    """Set a new passphrase by the code on paper; the second factor stays what it
    was.
    """
    form = RecoverForm(posted(request))
    if form.is_valid() and recover_passphrase(request, form):
        messages.success(
            request,
            _("Your new passphrase is set. Sign in with it, and print a new sheet."),
        )
        return redirect("account_login")
    status = 422 if form.is_bound else 200
    return show(request, "vault/recover.html", {"form": form}, status=status)


def recover_passphrase(request: HttpRequest, form: RecoverForm) -> bool:
    said = form.cleaned_data
    # Slowed down for each address: a guess of one person's code costs no one else a
    # try.
    slow_down(request, "recover", key=said["email"].lower())
    try:
        user, ring = admission.open_by_recovery(said["email"], said["code"])
    except WrongSecret as error:
        form.add_error("code", str(error))
        return False
    # The rules of a passphrase need to know whose it is, which only the code shows.
    form.check(said["passphrase"], user)
    if form.errors:
        return False
    admission.recover(user, ring, passphrase=said["passphrase"])
    return True


@form_page
@never_cache
@require_recent_unlock
@sensitive_post_parameters()
def change_passphrase(request: Request) -> HttpResponse:
    user = request.user
    form = NewPassphraseForm(posted(request), of=user)
    if form.is_valid():
        admission.change_passphrase(passphrase=form.cleaned_data["passphrase"], by=user)
        answer = sign_out(request)
        messages.success(request, _("Your new passphrase is set. Sign in with it."))
        return answer
    status = 422 if form.is_bound else 200
    return show(request, "vault/change_passphrase.html", {"form": form}, status=status)


@require_POST
@require_recent_unlock
def end_session(request: Request) -> HttpResponse:
    """Ask for the passphrase first: otherwise a thief at the desk could end the owner's
    own sessions.
    """
    handle = request.POST.get("session", "")
    found = next((s for s in request.user.sessions.all() if s.handle == handle), None)
    if found is None:
        raise NotAccessible(manage_own_session, Session, {})
    access.end_session(found, by=request.user)
    return done(request, then="access:account")


@require_POST
@require_recent_unlock
def end_other_sessions(request: Request) -> HttpResponse:
    access.end_other_sessions(by=request.user, but=request.session.session_key)
    messages.success(request, _("You are signed out everywhere else."))
    return done(request, then="access:account")
