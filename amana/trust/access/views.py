"""Organisations, teams and people; and one's own account."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.db.models import Exists, OuterRef, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amana.trust.access import account_lists, actions
from amana.trust.access.forms import (
    ColleagueForm,
    OrganisationForm,
    ProfileForm,
    TeamForm,
)
from amana.trust.access.http import Request, passed_both, posted, remember_language
from amana.trust.access.models import (
    ADMINISTRATORS,
    KEYHOLDERS,
    Membership,
    Organisation,
    Role,
    Suspension,
    Team,
    User,
)
from amana.trust.access.rules import (
    NotAccessible,
    administer,
    admit_organisation,
    has_role,
    invite_again,
    propose_colleague,
    see_organisation,
    see_team,
    supervise_team,
    take_back_proposal,
    vouch_for,
)
from amana.ui.http import done, show
from amana.ui.once import apply_once
from amana.ui.paging import find_page

form_page = require_http_methods(["GET", "POST"])


# --- organisations


@require_GET
def organisations(request: Request) -> HttpResponse:
    seen = see_organisation.among(Organisation.objects.all(), request.user)
    teams = see_team.among(Team.objects.order_by("name"), request.user)
    wanted = account_lists.ORGANISATIONS.read(request.GET, None, here=request.path)
    found = find_page(
        seen.filter(wanted.where()).prefetch_related(Prefetch("teams", teams)),
        request,
        key=wanted.key,
    )
    return show(
        request,
        "access/organisations.html",
        {
            "wanted": wanted,
            "organisations": found,
            "administers": bool(request.user.roles & ADMINISTRATORS),
        },
    )


@require_GET
def people(request: Request) -> HttpResponse:
    """List everyone in the mechanism, with their places in teams."""
    # Raised here, so that the log records the attempt: the filter would only leave an
    # empty list.
    if not has_role(request.user, ADMINISTRATORS):
        raise NotAccessible(administer, User, {})
    places = Membership.objects.filter(ended_at=None).for_list().order_by("pk")
    everyone = administer.among(User.objects.all(), request.user)
    wanted = account_lists.PEOPLE.read(request.GET, None, here=request.path)
    found = find_page(
        everyone.filter(
            account_lists.filter_people_at_work(), wanted.where()
        ).prefetch_related(Prefetch("memberships", places, to_attr="standing")),
        request,
        key=wanted.key,
    )
    return show(request, "access/people.html", {"wanted": wanted, "people": found})


@require_GET
def teams(request: Request) -> HttpResponse:
    """List every team, with the number that others call."""
    if not has_role(request.user, ADMINISTRATORS):
        raise NotAccessible(administer, Team, {})
    every = administer.among(Team.objects.select_related("organisation"), request.user)
    wanted = account_lists.TEAMS.read(request.GET, None, here=request.path)
    found = find_page(every.filter(wanted.where()), request, key=wanted.key)
    return show(request, "access/teams.html", {"wanted": wanted, "teams": found})


@form_page
@apply_once
def add_organisation(request: Request) -> HttpResponse:
    if not has_role(request.user, ADMINISTRATORS):
        raise NotAccessible(administer, Organisation, {})
    form = OrganisationForm(posted(request))
    if not form.is_valid():
        return ask(request, "access/organisation_form.html", form)
    made = actions.propose_organisation(**form.cleaned_data, by=request.user)
    return done(request, then=reverse("access:organisation", args=[made.pk]))


@require_GET
def organisation(request: Request, pk: int) -> HttpResponse:
    user = request.user
    found = see_organisation.find(
        Organisation.objects.select_related(
            "proposed_by", "confirmed_by", "sphere_proposed_by"
        ),
        user,
        pk=pk,
    )
    return show(
        request,
        "access/organisation.html",
        {
            "organisation": found,
            "teams": see_team.among(found.teams.order_by("name"), user),
            "administers": administer.permits(user, found),
            "may_admit": admit_organisation.permits(user, found),
        },
    )


@form_page
def edit_organisation(request: Request, pk: int) -> HttpResponse:
    found = administer.find(Organisation.objects.all(), request.user, pk=pk)
    form = OrganisationForm(posted(request), instance=found)
    if not form.is_valid():
        return ask(request, "access/organisation_form.html", form, organisation=found)
    # Read again: the form has written into `found` what the action compares with.
    fresh = administer.find(Organisation.objects.all(), request.user, pk=pk)
    actions.change_organisation(fresh, by=request.user, **form.cleaned_data)
    return done(request, then=reverse("access:organisation", args=[pk]))


@require_POST
def admit_(request: Request, pk: int) -> HttpResponse:
    found = see_organisation.find(Organisation.objects.all(), request.user, pk=pk)
    missing = actions.admit(found, by=request.user)
    messages.success(request, missing or _("Signed. This takes effect now."))
    return done(request, then=reverse("access:organisation", args=[pk]))


# --- teams


@form_page
@apply_once
def add_team(request: Request, pk: int) -> HttpResponse:
    found = administer.find(Organisation.objects.all(), request.user, pk=pk)
    form = TeamForm(posted(request), instance=Team(organisation=found))
    if not form.is_valid():
        return ask(request, "access/team_form.html", form, organisation=found)
    made = actions.add_team(found, **form.cleaned_data, by=request.user)
    return done(request, then=reverse("access:team", args=[made.pk]))


@require_GET
def team(request: Request, pk: int) -> HttpResponse:
    user = request.user
    found = see_team.find(Team.objects.select_related("organisation"), user, pk=pk)
    places = found.memberships.filter(ended_at=None).for_list()
    member = User.objects.filter(pk=OuterRef("user"))
    members = places.active().annotate(
        vouched=Exists(vouch_for.among(member, user)),
        suspended=Exists(Suspension.objects.current().filter(user=OuterRef("user"))),
    )
    waiting = places.waiting().annotate(
        renewable=Exists(invite_again.among(member, user))
    )
    proposed = list(waiting.order_by("proposed_at", "pk"))
    administers = administer.permits(user, found)
    return show(
        request,
        "access/team.html",
        {
            "team": found,
            "members": members.order_by("user__name", "pk"),
            "waiting": proposed,
            "bound": actions.list_bound_by_keys(proposed),
            "administers": administers,
            "may_propose": administers or supervise_team.permits(user, found),
            "holds_key": any((found.pk, role) in user.places for role in KEYHOLDERS),
        },
    )


@form_page
def edit_team(request: Request, pk: int) -> HttpResponse:
    teams = Team.objects.select_related("organisation")
    found = administer.find(teams, request.user, pk=pk)
    form = TeamForm(posted(request), instance=found)
    if not form.is_valid():
        return ask(
            request,
            "access/team_form.html",
            form,
            team=found,
            organisation=found.organisation,
        )
    actions.change_team(found, **form.cleaned_data, by=request.user)
    return done(request, then=reverse("access:team", args=[pk]))


# --- colleagues


@form_page
@apply_once
def propose(request: Request, pk: int) -> HttpResponse:
    teams = Team.objects.select_related("organisation")
    found = propose_colleague.find(teams, request.user, pk=pk)
    form = ColleagueForm(
        posted(request),
        every_role=has_role(request.user, ADMINISTRATORS),
        initial={"language": request.user.language, "role": Role.CASE_WORKER},
    )
    if not form.is_valid():
        return ask(request, "access/propose.html", form, team=found)
    role = Role(form.cleaned_data.pop("role"))
    membership, code = actions.propose(
        found, **form.cleaned_data, role=role, by=request.user
    )
    return show_code(request, membership.user, code)


@require_POST
@apply_once
def renew_invitation(request: Request, pk: int) -> HttpResponse:
    """Make a new code, for a colleague who waits in a team that one leads."""
    places = Membership.objects.waiting().select_related("user", "team")
    theirs = invite_again.among(User.objects.all(), request.user)
    found = places.filter(pk=pk, user__in=theirs).first()
    if found is None:
        raise NotAccessible(invite_again, Membership, {"pk": pk})
    return show_code(
        request, found.user, actions.renew_invitation(found.user, by=request.user)
    )


def show_code(request: Request, user: User, code: str) -> HttpResponse:
    """Show a code once; it is stored nowhere."""
    return show(request, "access/invited.html", {"newcomer": user, "code": code})


@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    places = Membership.objects.waiting().select_related("user", "team")
    found = take_back_proposal.find(places, request.user, pk=pk)
    actions.withdraw_proposal(found, by=request.user)
    if see_team.permits(request.user, found.team):
        return done(request, then=reverse("access:team", args=[found.team_id]))
    messages.success(request, _("The proposal has been withdrawn."))
    return done(request, then="access:account")


# --- oneself


@require_GET
def enrol(request: Request) -> HttpResponse:
    """Show how to set up a second factor, where everyone without one ends up."""
    if passed_both(request):
        return redirect("access:account")
    return show(request, "access/enrol.html")


@form_page
def own_account(request: Request) -> HttpResponse:
    user = request.user
    places = Membership.objects.filter(user=user, ended_at=None)
    if not places.active().exists() and places.exists() and request.method == "GET":
        return redirect("vault:welcome")
    form = ProfileForm(posted(request), instance=User.objects.get(pk=user.pk))
    if form.is_valid():
        actions.change_profile(user, **form.cleaned_data, by=user)
        messages.success(request, _("Saved."))
        return remember_language(
            form.cleaned_data["language"], done(request, then="access:account")
        )
    return show(
        request,
        "access/account.html",
        {
            "form": form,
            "places": places.active().for_list().order_by("pk"),
            "waiting": places.waiting().for_list().order_by("proposed_at", "pk"),
            "factors": Authenticator.objects.filter(user=user).order_by("pk"),
            "devices": user.devices.order_by("-seen_at"),
            "sessions": user.sessions.order_by("-seen_at"),
            "this_session": request.session.session_key,
        },
        status=422 if form.is_bound else 200,
    )


def ask(
    request: HttpRequest, template: str, form: object, **context: object
) -> HttpResponse:
    """Show the form, for the first time or with what is wrong in it."""
    status = 422 if request.method == "POST" else 200
    return show(request, template, {"form": form, **context}, status=status)
