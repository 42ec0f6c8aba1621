"""Let colleagues in, end their places, renew keys, suspend."""

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from amana.trust.access import actions as access
from amana.trust.access.http import Request, posted
from amana.trust.access.models.organisations import Membership, Organisation, Team, User
from amana.trust.access.models.sign_in import Suspension
from amana.trust.access.rules import (
    NotAccessible,
    admit_organisation,
    belong_to_team,
    end_membership,
    lift_suspension,
    see_suspension,
    suspend_person,
)
from amana.trust.vault import admission, epochs, leaving, removal
from amana.trust.vault.forms import ConfirmForm
from amana.trust.vault.keys.team_key_wraps import get_current_key
from amana.trust.vault.middleware import require_recent_unlock
from amana.trust.vault.models.key_removals import KeyRemoval
from amana.trust.vault.models.team_keys import TeamKey
from amana.trust.vault.rules import confirm_membership, confirm_removal, see_removal
from amana.trust.vault.views.vault_page_parts import (
    describe_limits,
    form_page,
    list_digit_groups,
    show_proposed,
    sign_out,
)
from amana.ui.http import asks_for_part, done, show


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
        if team.pk in unsettled or epochs.is_renewal_due(team)
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
        "due": epochs.is_renewal_due(team),
        "epoch": key.epoch,
        "made_at": key.made_at,
        "progress": epochs.refresh_progress(key),
        "set_aside": epochs.count_set_aside(key),
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
    epochs.begin_epoch(team, by=request.user)
    return done(request, then=resolve_url("vault:renew", pk))


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
