"""Unlocking; joining and being let in; leaving; and what to do about a lost secret."""

from typing import NoReturn

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amana.errors import Refused
from amana.trust.access import actions as access
from amana.trust.access import sessions
from amana.trust.access.http import Request, posted, within_limit
from amana.trust.access.models import (
    Invitation,
    Membership,
    Organisation,
    Session,
    Suspension,
    Team,
    User,
)
from amana.trust.access.rules import (
    NotAccessible,
    admit_organisation,
    belong_to_team,
    end_membership,
    lift_suspension,
    manage_own_session,
    see_suspension,
    suspend_person,
    vouch_for,
)
from amana.trust.audit import log
from amana.trust.vault import admission, floor, keys, leaving, middleware, removal
from amana.trust.vault.floor import Shortfall
from amana.trust.vault.forms import (
    ConfirmForm,
    NewPassphraseForm,
    PassphraseForm,
    RecoverForm,
    RecoveryCodeForm,
)
from amana.trust.vault.keys import Keyring, WrongSecret, get_current_key
from amana.trust.vault.middleware import TooManyTries, require_recent_unlock
from amana.trust.vault.models import KeyRemoval, PersonKey, TeamKey
from amana.trust.vault.removal_states import DELAY, KEPT_AT_MOST, UNDONE_WITHIN
from amana.trust.vault.rules import (
    allow_fewer_keyholders,
    answer_for_person,
    confirm_membership,
    confirm_removal,
    see_removal,
    stop_removal,
)
from amana.trust.vault.signin import draw_qr_code
from amana.ui import clocks
from amana.ui.http import asks_for_part, done, show

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


# --- joining


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
        admission.join(invitation, passphrase=form.cleaned_data["passphrase"])
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


def list_digit_groups(user: User, *, seen_by: User) -> list[str]:
    key = PersonKey.objects.filter(user=user).first()
    return keys.compute_digits(key, seen_by=seen_by).split() if key else []


# --- letting in


@require_GET
def admissions(request: Request) -> HttpResponse:
    """List those who wait for me to vouch for them."""
    waiting = Membership.objects.waiting().for_list().order_by("proposed_at", "pk")
    organisations = Organisation.objects.select_related("proposed_by").order_by("name")
    return show(
        request,
        "vault/admissions.html",
        {
            "organisations": admit_organisation.among(organisations, request.user),
            "waiting": confirm_membership.among(waiting, request.user),
            "proposed": waiting.filter(proposed_by=request.user),
            "renewals": list_due_renewals(request.user),
            "removals": list_removals(request.user),
            "suspensions": see_suspension.among(
                Suspension.objects.current()
                .select_related("user", "by")
                .annotate(
                    liftable=Exists(
                        lift_suspension.among(
                            Suspension.objects.filter(pk=OuterRef("pk")), request.user
                        )
                    )
                ),
                request.user,
            ).order_by("-suspended_at", "-pk"),
        },
    )


def list_removals(user: User) -> list[KeyRemoval]:
    """List what can still change of what `user` answers for or was informed of, first
    what they can confirm.
    """
    open_ = KeyRemoval.objects.open().for_list().order_by("-proposed_at", "-pk")
    seen = list(see_removal.among(open_, user))
    mine = set(confirm_removal.among(open_, user).values_list("pk", flat=True))
    for found in seen:
        found.waits_for_me = found.pk in mine
    return sorted(seen, key=lambda found: not found.waits_for_me)


def list_due_renewals(user: User) -> list[Team]:
    """List the teams whose key `user` has to renew: someone left, or it is half
    done.
    """
    held = TeamKey.objects.filter(retired_at=None, wraps__person_key__user=user)
    teams = belong_to_team.among(Team.objects.select_related("organisation"), user)
    unsettled = set(leaving.find_unsettled(user).values_list("team", flat=True))
    return [
        team
        for team in teams.filter(pk__in=held.values("team")).order_by("pk")
        if team.pk in unsettled or leaving.is_renewal_due(team)
    ]


@form_page
@require_recent_unlock
def confirm(request: Request, pk: int) -> HttpResponse:
    places = Membership.objects.for_list()
    found = confirm_membership.find(places, request.user, pk=pk)
    groups = list_digit_groups(found.user, seen_by=request.user)
    form = ConfirmForm(posted(request), initial={"compared_key": " ".join(groups)})
    if form.is_valid():
        # With the digits that were on the page: a key that was exchanged since is
        # refused.
        admission.confirm(
            found, compared=form.cleaned_data["compared_key"], by=request.user
        )
        messages.success(request, _("Your colleague now has access."))
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
@require_recent_unlock
def end(request: Request, pk: int) -> HttpResponse:
    """End a place in a team: one's own at once, a colleague's by a proposal."""
    found = end_membership.find(Membership.objects.for_list(), request.user, pk=pk)
    own = found.user_id == request.user.pk
    short = removal.foresee_without(found)
    at_once = not removal.has_keys_to_take(found) or (own and not short)
    if request.method == "POST":
        if not at_once:
            made = removal.propose_leaving(found, by=request.user)
            return show_proposed(request, made)
        admission.end(found, by=request.user)
        if own:
            return sign_out(request)
        return done(request, then=resolve_url("access:team", found.team_id))
    return show(
        request,
        "vault/end.html",
        {"membership": found, "at_once": at_once, "own": own} | describe_limits(short),
    )


def show_proposed(request: Request, made: KeyRemoval) -> HttpResponse:
    messages.success(
        request, _("Proposed. Someone from another team must now confirm it.")
    )
    return done(request, then=resolve_url("vault:removal", made.pk))


def describe_limits(short: Shortfall | None) -> dict[str, object]:
    """Describe what would fall short, and the times that the page names, in hours and
    days.
    """
    wait = removal.compute_usual_delay()
    if short:
        wait = max(wait, DELAY)
    return {
        "short": short,
        "undone_hours": int(UNDONE_WITHIN.total_seconds() / 3600),
        "kept_days": KEPT_AT_MOST.days,
        "delay": clocks.format_duration(wait),
    }


@form_page
def renew(request: Request, pk: int) -> HttpResponse:
    """Show how far the renewal of the team's key has come; each step is short, and may
    be the last for now. With htmx the page continues by itself.
    """
    team = belong_to_team.find(
        Team.objects.select_related("organisation"), request.user, pk=pk
    )
    if request.method == "POST":
        leaving.rewrap_some(get_current_key(team), by=request.user)
    key = get_current_key(team)
    context = {
        "team": team,
        "due": leaving.is_renewal_due(team),
        "epoch": key.epoch,
        "made_at": key.made_at,
        "progress": leaving.refresh_progress(key),
        "set_aside": leaving.count_set_aside(key),
    }
    if request.method == "POST" and not asks_for_part(request):
        return redirect("vault:renew", pk)
    return show(request, "vault/renew.html", context, part="step")


@require_POST
def renew_again(request: Request, pk: int) -> HttpResponse:
    """Try the records once more that could not be sealed again."""
    team = belong_to_team.find(Team.objects.all(), request.user, pk=pk)
    leaving.try_again(get_current_key(team), by=request.user)
    return done(request, then=resolve_url("vault:renew", pk))


@require_POST
@require_recent_unlock
def renew_now(request: Request, pk: int) -> HttpResponse:
    """Give the team a new key, because the old one may be in other hands."""
    team = belong_to_team.find(
        Team.objects.select_related("organisation"), request.user, pk=pk
    )
    leaving.begin_epoch(team, by=request.user)
    return done(request, then=resolve_url("vault:renew", pk))


# --- suspending


@form_page
@require_recent_unlock
def suspend(request: Request, pk: int) -> HttpResponse:
    """Keep a colleague out for now, from the page of one of their teams."""
    theirs = suspend_person.among(User.objects.all(), request.user)
    places = Membership.objects.for_list().filter(ended_at=None)
    found = places.filter(pk=pk, user__in=theirs).first()
    if found is None:
        raise NotAccessible(suspend_person, Membership, {"pk": pk})
    back_to = resolve_url("access:team", found.team_id)
    if request.method == "POST":
        access.suspend(found.user, by=request.user)
        messages.success(
            request, _("This colleague is suspended and signed out everywhere.")
        )
        return done(request, then=back_to)
    return show(request, "vault/suspend.html", {"membership": found, "back": back_to})


@require_POST
@require_recent_unlock
def lift(request: Request, pk: int) -> HttpResponse:
    suspensions = Suspension.objects.select_related("user")
    found = lift_suspension.find(suspensions, request.user, pk=pk)
    access.end_suspension(found, by=request.user)
    found.user.refresh_from_db()
    messages.success(
        request,
        _("This colleague can sign in again.")
        if found.user.is_active
        else _("The suspension is lifted."),
    )
    return done(request, then="vault:admissions")


# --- taking keys away


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


# --- a lost secret


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


def sign_out(request: Request) -> HttpResponse:
    """Send the person to the sign-in page, since this session has just been ended as
    well.
    """
    middleware.lock(request)
    logout(request)
    return redirect("account_login")


def slow_down(request: HttpRequest, action: str, *, key: str = "") -> None:
    if not within_limit(request, action, key=key or None):
        raise_too_many()


def raise_too_many() -> NoReturn:
    raise TooManyTries(_("Too many attempts. Wait five minutes, then try again."))
