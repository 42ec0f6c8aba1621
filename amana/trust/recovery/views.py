"""Setting up a team's recovery key, keeping a share, and regaining a lost key."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amana.errors import Refused
from amana.trust.access.http import Request, posted
from amana.trust.access.models import Membership, Team
from amana.trust.access.rules import NotAccessible, administer, has_role
from amana.trust.recovery import custody, regaining
from amana.trust.recovery.forms import CustodiansForm, PaperShareForm, ShareForm
from amana.trust.recovery.models import Regaining, RegainingStatus, Share
from amana.trust.recovery.rules import (
    KEEPING,
    complete_regaining,
    confirm_custodians,
    confirm_regaining,
    keep_share,
    propose_custodians,
    propose_regaining,
    release_share,
    see_recovery,
    see_regaining,
    stop_regaining,
    withdraw_custodians,
)
from amana.trust.vault import keys, leaving, roster
from amana.trust.vault.forms import ConfirmForm
from amana.trust.vault.middleware import require_recent_unlock
from amana.trust.vault.models import PersonKey, RecoveryKey, TeamKey
from amana.trust.vault.signin import draw_qr_code
from amana.trust.vault.statements import CUSTODIANS, ENOUGH
from amana.ui import clocks
from amana.ui.http import done, show

form_page = require_http_methods(["GET", "POST"])


# --- the teams


@dataclass(frozen=True)
class RecoveryStatus:
    """How it stands with one team's recovery key."""

    team: Team
    recovery: RecoveryKey | None
    overdue: int
    """How many custodians have still to say that they have their share."""
    is_lost: bool
    """Whether no one of the team holds its key any more."""


@require_GET
def overview(request: Request) -> HttpResponse:
    """Show which teams have a recovery key, to administrators."""
    teams = administer.among(Team.objects.all(), request.user)
    if not teams.exists():
        raise NotAccessible(administer, Team, {})
    return show(request, "recovery/overview.html", {"standings": list_standings(teams)})


def list_standings(teams: QuerySet[Team]) -> list[RecoveryStatus]:
    """List those that can't be opened any more first, then those without a recovery
    key.
    """
    current = TeamKey.objects.filter(retired_at=None, team__in=teams)
    with_key = current.select_related("team__organisation")
    held = set(leaving.find_wraps_of_members().values_list("team_key", flat=True))
    recoveries = {row.team_id: row for row in RecoveryKey.objects.current()}
    overdue: dict[int, int] = {}
    for team in Share.objects.due().values_list("recovery_key__team", flat=True):
        overdue[team] = overdue.get(team, 0) + 1
    found = [
        RecoveryStatus(
            key.team,
            recoveries.get(key.team_id),
            overdue.get(key.team_id, 0),
            key.pk not in held,
        )
        for key in with_key.order_by("team__organisation__name", "team__name", "pk")
    ]
    return sorted(
        found, key=lambda one: (not one.is_lost, one.recovery is not None, -one.overdue)
    )


# --- one team


@dataclass(frozen=True)
class CustodianRow:
    """A custodian, as the roster has them."""

    share: Share
    said_on: date | None
    """When they last signed that they have their share."""
    is_here: bool
    """Whether they still have the keys to which it was sealed."""

    @property
    def status(self) -> str:
        if not self.is_here:
            return _("Has left, or has other keys")
        if self.share.is_overdue:
            return _("Did not confirm the share in time")
        if self.share.printed_at is None:
            return _("Not printed yet")
        return _("Has the share")

    @property
    def tone(self) -> str:
        if not self.is_here:
            return "late"
        due = self.share.is_overdue or self.share.printed_at is None
        return "due" if due else "good"


def list_keepers(recovery: RecoveryKey) -> list[CustodianRow]:
    known = roster.get_roster()
    return [
        CustodianRow(
            share,
            known.drills.get((recovery.pk, share.holder)),
            known.here(share.holder) is not None and share.custodian.is_active,
        )
        for share in recovery.shares.for_list().order_by("organisation__name", "pk")
    ]


@require_GET
def team(request: Request, pk: int) -> HttpResponse:
    """Show who keeps the team's recovery key, and what can be done now."""
    user = request.user
    found = see_recovery.find(Team.objects.select_related("organisation"), user, pk=pk)
    recovery = RecoveryKey.objects.current().filter(team=found).first()
    proposed = RecoveryKey.objects.proposed().filter(team=found).first()
    is_lost = regaining.is_lost(found)
    waiting = Membership.objects.waiting().for_list().filter(team=found)
    return show(
        request,
        "recovery/team.html",
        {
            "team": found,
            "recovery": recovery,
            "keepers": list_keepers(recovery) if recovery else [],
            "proposed": proposed,
            "proposed_keepers": proposed.shares.for_list().order_by("pk")
            if proposed
            else [],
            "may_choose": propose_custodians.permits(user, found),
            "may_confirm": proposed is not None
            and confirm_custodians.permits(user, proposed),
            "may_withdraw": proposed is not None
            and withdraw_custodians.permits(user, proposed),
            "is_lost": is_lost,
            "regaining": Regaining.objects.pending()
            .for_list()
            .filter(recovery_key=recovery)
            .first()
            if recovery
            else None,
            "waiting": propose_regaining.among(waiting, user).order_by("pk")
            if is_lost
            else [],
            "needed": ENOUGH,
            "all": CUSTODIANS,
        },
    )


@form_page
@require_recent_unlock
def choose(request: Request, pk: int) -> HttpResponse:
    """Propose five custodians."""
    found = propose_custodians.find(
        Team.objects.select_related("organisation"), request.user, pk=pk
    )
    offered = custody.list_custodian_choices(found, by=request.user)
    form = CustodiansForm(posted(request), of=offered)
    if form.is_valid() and is_done(
        lambda: custody.propose(found, form.chosen, by=request.user), form
    ):
        messages.success(
            request, _("Proposed. A colleague who holds the key must now confirm.")
        )
        return done(request, then=resolve_url("recovery:team", found.pk))
    organisations = {place.team.organisation_id for place in offered}
    return show(
        request,
        "recovery/choose.html",
        {"team": found, "form": form, "are_enough": len(organisations) >= CUSTODIANS},
        status=422 if form.is_bound else 200,
    )


def is_done(act: Callable[[], object], form: Form, field: str | None = None) -> bool:
    """Try to act, and show at the field of the form why it was refused."""
    try:
        act()
    except Refused as error:
        form.add_error(field, str(error))
        return False
    return True


@require_POST
@require_recent_unlock
def confirm_key(request: Request, pk: int) -> HttpResponse:
    keys_ = RecoveryKey.objects.select_related("team")
    found = confirm_custodians.find(keys_, request.user, pk=pk)
    custody.confirm(found, by=request.user)
    messages.success(
        request,
        _(
            "The recovery key has been created. Ask the custodians to print their "
            "shares."
        ),
    )
    return done(request, then=resolve_url("recovery:team", found.team_id))


@require_POST
@require_recent_unlock
def withdraw_key(request: Request, pk: int) -> HttpResponse:
    found = withdraw_custodians.find(RecoveryKey.objects.all(), request.user, pk=pk)
    custody.withdraw(found, by=request.user)
    return done(request, then=resolve_url("recovery:team", found.team_id))


# --- one's own shares


@require_GET
def own_shares(request: Request) -> HttpResponse:
    """Show the shares that I keep for other teams, and who waits for one."""
    user = request.user
    mine = keep_share.among(Share.objects.for_list(), user)
    open_ = release_share.among(Regaining.objects.pending().for_list(), user)
    return show(
        request,
        "recovery/shares.html",
        {
            "shares": mine.order_by("recovery_key__team__name", "pk"),
            "regainings": open_.order_by("effective_at", "pk"),
            "may_be_asked": has_role(user, KEEPING),
        },
    )


@form_page
# The code on this page is a share of a key: it must not stay in the browser's cache.
@never_cache
@require_recent_unlock
def print_share(request: Request, pk: int) -> HttpResponse:
    """Show one's share once, to be printed."""
    found = keep_share.find(Share.objects.for_list(), request.user, pk=pk)
    context: dict[str, object] = {"share": found}
    if request.method == "POST":
        code = custody.print_share(found, by=request.user)
        context |= {
            "code": code,
            "qr": draw_qr_code(code),
            "printed_at": timezone.now(),
        }
    return show(request, "recovery/print_share.html", context)


@form_page
@never_cache
@require_recent_unlock
# A typed share must not appear in an error report.
@sensitive_post_parameters()
def drill(request: Request, pk: int) -> HttpResponse:
    """Confirm, once a year, that one still has one's share."""
    found = keep_share.find(Share.objects.for_list(), request.user, pk=pk)
    form = PaperShareForm(posted(request))
    if form.is_valid() and is_done(
        lambda: custody.drill(found, typed=form.cleaned_data["code"], by=request.user),
        form,
        "code",
    ):
        messages.success(
            request,
            _("Thank you. This is your share, and you have signed to confirm it."),
        )
        return done(request, then="recovery:shares")
    return show(
        request,
        "recovery/drill.html",
        {"share": found, "form": form},
        status=422 if form.is_bound else 200,
    )


# --- regaining a key


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
