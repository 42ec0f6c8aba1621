"""Who answers on which day, and who covers for whom."""

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.care.referrals import actions, calendars
from amana.care.referrals import rota as rotas_of
from amana.care.referrals.forms import CoverForm, DutyForm
from amana.care.referrals.models import Cover
from amana.care.referrals.rules import (
    answer_in_team,
    arrange_team,
    cover_others,
    see_cover,
)
from amana.trust.access.http import Request
from amana.trust.access.models import ANSWERING, Membership, Team, User
from amana.ui.form_options import Posted
from amana.ui.http import done, show
from amana.ui.once import apply_once

ROTAS, ROTA = "referrals/rotas.html", "referrals/rota.html"


@require_GET
def rotas(request: Request) -> HttpResponse:
    ours = list(answer_in_team.among(Team.objects.order_by("name"), request.user)[:50])
    if len(ours) == 1:
        return redirect("referrals:rota", ours[0].pk)
    return show(request, ROTAS, {"teams": ours})


def team_of(request: Request, pk: int) -> Team:
    return answer_in_team.find(Team.objects.all(), request.user, pk=pk)


def find_team_members(team: Team) -> QuerySet[User]:
    ours = Membership.objects.holding(ANSWERING).filter(team=team)
    named = User.objects.filter(pk__in=ours.values("user"), is_active=True)
    return named.order_by("name", "pk")


@require_http_methods(["GET", "POST"])
@apply_once
def rota(request: Request, pk: int) -> HttpResponse:
    """Show the week and who is away; posted to name a cover."""
    team = team_of(request, pk)
    ours = away = find_team_members(team)
    if not cover_others.permits(request.user, team):
        away = ours.filter(pk=request.user.pk)
    form = CoverForm(
        away, ours, request.POST or None, initial={"away": request.user.pk}
    )
    if form.is_bound and form.is_valid():
        actions.arrange_cover(team, by=request.user, **form.cleaned_data)
        messages.success(
            request, _("Cover arranged: nothing waits for a colleague who is away.")
        )
        return done(request, then=reverse("referrals:rota", args=[team.pk]))
    today = calendars.get_today()
    covers = team.covers.filter(last_on__gte=today).select_related("away", "covered_by")
    context = {
        "team": team,
        "today": rotas_of.list_people_answering(team, today),
        "covers": covers.order_by("first_on", "pk"),
        "cover_form": form,
        "days": build_week_forms(team, None),
        "may_arrange": arrange_team.permits(request.user, team),
    }
    return show(request, ROTA, context, status=422 if form.is_bound else 200)


def build_week_forms(team: Team, data: Posted) -> list[DutyForm]:
    named = find_team_members(team)
    duties: dict[int, list[int]] = {}
    for day, worker in team.duties.values_list("weekday", "worker"):
        duties.setdefault(day, []).append(worker)
    return [
        DutyForm(named, day, data, initial={"workers": duties.get(day, [])})
        for day in range(7)
    ]


@require_POST
@apply_once
@transaction.atomic
def duty(request: Request, pk: int) -> HttpResponse:
    team = team_of(request, pk)
    for form in build_week_forms(team, request.POST):
        if form.is_valid() and form.has_changed():
            actions.set_duty(
                team,
                weekday=form.weekday,
                workers=list(form.cleaned_data["workers"]),
                by=request.user,
            )
    messages.success(request, _("Rota saved."))
    return done(request, then=reverse("referrals:rota", args=[team.pk]))


@require_POST
@apply_once
def end_cover(request: Request, pk: int) -> HttpResponse:
    covers = Cover.objects.select_related("team", "away", "covered_by")
    cover = see_cover.find(covers, request.user, pk=pk)
    actions.end_cover(cover, by=request.user)
    return done(request, then=reverse("referrals:rota", args=[cover.team_id]))
