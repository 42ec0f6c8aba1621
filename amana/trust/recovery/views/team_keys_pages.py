"""The recovery keys of teams: overview, one team."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amana.errors import Refused
from amana.trust.access.http import Request, posted
from amana.trust.access.models.organisations import Membership, Team
from amana.trust.access.rules import NotAccessible, administer
from amana.trust.recovery import custody, regaining
from amana.trust.recovery.forms import CustodiansForm
from amana.trust.recovery.models import Regaining, Share
from amana.trust.recovery.rules import (
    confirm_custodians,
    propose_custodians,
    propose_regaining,
    see_recovery,
    withdraw_custodians,
)
from amana.trust.vault import epochs, roster
from amana.trust.vault.middleware import require_recent_unlock
from amana.trust.vault.models.recovery_keys import RecoveryKey
from amana.trust.vault.models.team_keys import TeamKey
from amana.trust.vault.statements.roster_state import CUSTODIANS, ENOUGH
from amana.ui.http import done, show

form_page = require_http_methods(["GET", "POST"])


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
    held = set(epochs.find_wraps_of_members().values_list("team_key", flat=True))
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
