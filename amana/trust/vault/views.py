"""Unlocking; joining and being let in; leaving; and what to do about a lost secret."""

from typing import NoReturn

from allauth.account.internal.flows.login import record_authentication
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amana.errors import Refused
from amana.trust.access import sessions
from amana.trust.access.http import Request, posted
from amana.trust.access.models import Invitation, Membership, Organisation, Team, User
from amana.trust.access.rules import (
    NotAmong,
    admit_organisation,
    belong_to_team,
    end_membership,
    vouch_for,
)
from amana.trust.audit import log
from amana.trust.vault import admission, crypto, http, leaving
from amana.trust.vault.forms import (
    CodeForm,
    ConfirmForm,
    EndForm,
    NewPassphraseForm,
    PassphraseForm,
    RecoverForm,
)
from amana.trust.vault.http import TooManyTries, recently_unlocked
from amana.trust.vault.keys import Keyring, WrongSecret, current_key
from amana.trust.vault.models import PersonKey, TeamKey
from amana.trust.vault.rules import confirm_membership
from amana.trust.vault.signin import qr_code
from amana.ui.http import asks_for_part, done, show
from amana.ui.once import once

form_page = require_http_methods(["GET", "POST"])
INVITED = "invited_with"
"""Where the session keeps the digest of the code that was right: of an invitation that
was renewed meanwhile it is right no more."""


# --- locking and unlocking


@form_page
@never_cache
@sensitive_post_parameters()
def unlock(request: Request) -> HttpResponse:
    form = PassphraseForm(posted(request))
    if form.is_valid():
        try:
            http.unlock(request, form.cleaned_data["passphrase"])
        except Refused as error:
            form.add_error("passphrase", str(error))
        else:
            return done(
                request, "vault/unlock.html", part="unlocked", then=back(request)
            )
    return show(
        request,
        "vault/unlock.html",
        {"form": form, "next": back(request)},
        part="unlocking",
        status=422 if form.is_bound else 200,
    )


@require_POST
def lock(request: Request) -> HttpResponse:
    http.lock(request)
    log.record("locked", request.user, by=request.user)
    return done(request, then="vault:unlock")


def back(request: HttpRequest) -> str:
    """Where the person was, if that is a page of ours."""
    to = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(to, allowed_hosts=None)
    return to if ours and to.startswith("/") else resolve_url("home:today")


# --- joining


@form_page
@never_cache
@login_not_required
@sensitive_post_parameters()
def join(request: HttpRequest) -> HttpResponse:
    """The code that a colleague has handed over."""
    form = CodeForm(posted(request))
    if form.is_valid():
        slow_down(request, "join")
        try:
            invitation = admission.invited(form.cleaned_data["code"])
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
    """The newcomer's own passphrase; signing in with it follows at once."""
    invitations = Invitation.objects.open().select_related("user")
    code = bytes.fromhex(request.session.get(INVITED, ""))
    invitation = invitations.filter(code=code).first()
    if invitation is None:
        return redirect("vault:join")
    newcomer = invitation.user
    form = NewPassphraseForm(posted(request), of=newcomer)
    if form.is_valid():
        admission.join(invitation, passphrase=form.cleaned_data["passphrase"])
        request.session.flush()
        come_in(request, newcomer)
        return redirect("access:enrol")
    places = Membership.objects.waiting().filter(user=newcomer).for_list()
    return show(
        request,
        "vault/choose_passphrase.html",
        {"form": form, "newcomer": newcomer, "places": places.order_by("pk")},
        status=422 if form.is_bound else 200,
    )


def come_in(request: HttpRequest, user: User) -> None:
    """Sign in with the passphrase just set; the second factor is asked for next."""
    keyring = user.keyring
    assert isinstance(keyring, Keyring)
    login(request, user)
    sessions.begin(request.session, agent=request.headers.get("User-Agent", ""))
    record_authentication(request, user, method="password", reauthenticated=True)
    http.keep_unlocked(request, keyring, of=user)


@require_GET
def welcome(request: Request) -> HttpResponse:
    """What a newcomer does while their place waits to be confirmed."""
    places = Membership.objects.filter(user=request.user, ended_at=None)
    return show(
        request,
        "vault/welcome.html",
        {
            "waiting": places.waiting().for_list().order_by("pk"),
            "active": places.active().exists(),
            "fingerprint": fingerprint(request.user),
            "has_recovery_code": admission.has_recovery_code(request.user),
        },
    )


def fingerprint(user: User) -> list[str]:
    key = PersonKey.objects.filter(user=user).first()
    return crypto.fingerprint(bytes(key.public)).split() if key else []


# --- letting in


@require_GET
def admissions(request: Request) -> HttpResponse:
    """Who waits for me to vouch for them."""
    waiting = Membership.objects.waiting().for_list().order_by("proposed_at", "pk")
    organisations = Organisation.objects.select_related("proposed_by").order_by("name")
    return show(
        request,
        "vault/admissions.html",
        {
            "organisations": admit_organisation.among(organisations, request.user),
            "waiting": confirm_membership.among(waiting, request.user),
            "proposed": waiting.filter(proposed_by=request.user),
            "renewals": renewals_due(request.user),
        },
    )


def renewals_due(user: User) -> list[Team]:
    """The teams whose key `user` has to renew: someone left, or it is half done."""
    held = TeamKey.objects.filter(retired_at=None, wraps__person_key__user=user)
    teams = belong_to_team.among(Team.objects.select_related("organisation"), user)
    unsettled = set(leaving.unsettled(user).values_list("team", flat=True))
    return [
        team
        for team in teams.filter(pk__in=held.values("team")).order_by("pk")
        if team.pk in unsettled or admission.renewal_due(team)
    ]


@form_page
@recently_unlocked
def confirm(request: Request, pk: int) -> HttpResponse:
    places = Membership.objects.for_list()
    found = confirm_membership.find(places, request.user, pk=pk)
    groups = fingerprint(found.user)
    form = ConfirmForm(posted(request), initial={"compared_key": " ".join(groups)})
    if form.is_valid():
        admission.confirm(
            found, compared=form.cleaned_data["compared_key"], by=request.user
        )
        messages.success(request, _("Your colleague is in."))
        return done(request, then="vault:admissions")
    team_key = TeamKey.objects.filter(team=found.team_id)
    return show(
        request,
        "vault/confirm.html",
        {
            "form": form,
            "membership": found,
            "fingerprint": groups,
            "starts_key": found.holds_key and not team_key.exists(),
        },
        status=422 if form.is_bound else 200,
    )


# --- leaving


@form_page
@recently_unlocked
def end(request: Request, pk: int) -> HttpResponse:
    """End a place in a team: one's own, or that of someone in a team that one leads."""
    found = end_membership.find(Membership.objects.for_list(), request.user, pk=pk)
    form = EndForm(posted(request))
    warning = admission.warning_of(found)
    if form.is_valid():
        knowing = form.cleaned_data["knowing"]
        if warning and not knowing:
            form.add_error("knowing", _("Please confirm that you have read this."))
        else:
            admission.end(found, by=request.user, knowing=knowing)
            if found.user_id == request.user.pk:
                return out(request)
            return done(request, then=resolve_url("access:team", found.team_id))
    return show(
        request,
        "vault/end.html",
        {"form": form, "membership": found, "warning": warning},
        status=422 if form.is_bound else 200,
    )


@form_page
def renew(request: Request, pk: int) -> HttpResponse:
    """Turn the team's key after someone left; each step is short, and may be the last
    for now. With htmx the page goes on by itself."""
    teams = Team.objects.select_related("organisation")
    team = belong_to_team.find(teams, request.user, pk=pk)
    if request.method == "POST":
        if admission.renewal_due(team):
            leaving.begin_epoch(team, by=request.user)
        leaving.rewrap_some(current_key(team), by=request.user)
    key = current_key(team)
    context = {
        "team": team,
        "due": admission.renewal_due(team),
        "epoch": key.epoch,
        "progress": leaving.progress(key),
    }
    if request.method == "POST" and not asks_for_part(request):
        return redirect("vault:renew", pk)
    return show(request, "vault/renew.html", context, part="step")


# --- a lost secret


@form_page
@recently_unlocked
@once
def readmit(request: Request, pk: int) -> HttpResponse:
    """Start again for a colleague who lost their passphrase or second factor."""
    theirs = vouch_for.among(User.objects.exclude(pk=request.user.pk), request.user)
    places = Membership.objects.for_list().filter(ended_at=None)
    found = places.filter(pk=pk, user__in=theirs).first()
    if found is None:
        raise NotAmong(vouch_for, Membership, {"pk": pk})
    form = EndForm(posted(request))
    warning = admission.warning_of_readmission(found.user)
    if form.is_valid() and (form.cleaned_data["knowing"] or not warning):
        code = admission.readmit(found.user, by=request.user, knowing=True)
        context = {"newcomer": found.user, "code": code}
        return show(request, "access/invited.html", context)
    return show(
        request,
        "vault/readmit.html",
        {"form": form, "membership": found, "warning": warning},
        status=422 if form.is_bound else 200,
    )


@form_page
@never_cache
@recently_unlocked
def recovery_code(request: Request) -> HttpResponse:
    """Make the code and show it once, to be printed; a new one replaces the old."""
    context: dict[str, object] = {"has_code": admission.has_recovery_code(request.user)}
    if request.method == "POST":
        code = admission.make_recovery_code(by=request.user)
        context |= {
            "code": code,
            "qr": qr_code(code),
            "made_at": timezone.now(),
            "address": settings.ADDRESS + resolve_url("vault:recover"),
        }
    return show(request, "vault/recovery_code.html", context)


@form_page
@never_cache
@login_not_required
@sensitive_post_parameters()
def recover(request: HttpRequest) -> HttpResponse:
    """A new passphrase by the code on paper; the second factor stays what it was."""
    form = RecoverForm(posted(request))
    if form.is_valid() and recovered(request, form):
        messages.success(
            request,
            _("Your new passphrase is set. Sign in with it, and print a new sheet."),
        )
        return redirect("account_login")
    status = 422 if form.is_bound else 200
    return show(request, "vault/recover.html", {"form": form}, status=status)


def recovered(request: HttpRequest, form: RecoverForm) -> bool:
    said = form.cleaned_data
    slow_down(request, "recover", key=said["email"].lower())
    try:
        user, ring = admission.opened_by_recovery(said["email"], said["code"])
    except WrongSecret as error:
        form.add_error("code", str(error))
        return False
    form.check(said["passphrase"], user)
    if form.errors:
        return False
    admission.recover(user, ring, passphrase=said["passphrase"])
    return True


@form_page
@never_cache
@recently_unlocked
@sensitive_post_parameters()
def change_passphrase(request: Request) -> HttpResponse:
    user = request.user
    form = NewPassphraseForm(posted(request), of=user)
    if form.is_valid():
        admission.change_passphrase(passphrase=form.cleaned_data["passphrase"], by=user)
        answer = out(request)
        messages.success(request, _("Your new passphrase is set. Sign in with it."))
        return answer
    status = 422 if form.is_bound else 200
    return show(request, "vault/change_passphrase.html", {"form": form}, status=status)


def out(request: Request) -> HttpResponse:
    """To the sign-in page, since this session has just been ended as well."""
    http.lock(request)
    logout(request)
    return redirect("account_login")


def slow_down(request: HttpRequest, action: str, *, key: str = "") -> None:
    if not ratelimit.consume(request, action=action, key=key or None):
        too_many()


def too_many() -> NoReturn:
    raise TooManyTries(
        _("Too many tries. Please wait five minutes before the next one.")
    )
