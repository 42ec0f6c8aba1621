"""A case is offered to another team, and taken over or not."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amana.care.cases import actions, need_kinds
from amana.care.cases.forms import TransferDeclineForm, TransferForm
from amana.care.cases.models import Case, Transfer
from amana.care.cases.rules import answer_transfer, manage_case
from amana.care.cases.views.case_lookup import find_cases
from amana.care.cases.views.working import ask
from amana.errors import Refused
from amana.trust.access.http import Request
from amana.trust.access.models import Sphere, Team
from amana.trust.vault.keys import Locked
from amana.trust.vault.models import TeamKey
from amana.ui.http import done, show
from amana.ui.once import apply_once
from amana.ui.paging import find_page

OFFERED = "cases/offered.html"
TRANSFER = "cases/transfer.html"


def find_teams_to_offer(case: Case) -> QuerySet[Team]:
    """Find the teams that may take this case over: one's own organisation's, and those
    of the same sphere."""
    ours = case.team.organisation
    same = Q(organisation__sphere=ours.sphere, organisation__admitted_at__isnull=False)
    if ours.sphere == Sphere.BORDER:
        # Not even to another border authority: nothing about a person is sent there
        # (ADR 9).
        same = Q(organisation=ours)
    # The case's keys are wrapped for the team's key: a team without one could open
    # nothing.
    keyed = TeamKey.objects.filter(retired_at=None).values("team")
    return (
        Team.objects.filter(Q(organisation=ours) | same, pk__in=keyed)
        .exclude(pk=case.team_id)
        .select_related("organisation")
        .order_by("organisation__name", "name")
    )


@require_http_methods(["GET", "POST"])
@apply_once
def offer(request: Request, pk: UUID) -> HttpResponse:
    case = manage_case.find(find_cases(), request.user, pk=pk)
    words = {
        "title": _("Hand the case over"),
        "yes": _("Offer the case"),
        "lead": _(
            "Until it accepts, the other team sees the urgency and the needs, but "
            "not who the person is. Then the keys move to that team, and yours end."
        ),
    }
    form = TransferForm(request.POST or None, teams=find_teams_to_offer(case))
    if not form.is_valid():
        return ask(request, case, form, status=422 if form.is_bound else 200, **words)
    try:
        actions.offer_transfer(case, by=request.user, **form.cleaned_data)
    except Locked:
        raise
    except Refused as no:
        form.add_error(None, str(no))
        return ask(request, case, form, status=409, **words)
    return done(request, then=reverse("cases:case", args=[case.pk]))


def find_waiting() -> QuerySet[Transfer]:
    return Transfer.objects.waiting().select_related(
        "case", "origin__organisation", "to", "offered_by"
    )


@require_GET
def offered(request: Request) -> HttpResponse:
    """Show the cases that other teams offer to ours."""
    found = find_page(
        answer_transfer.among(find_waiting(), request.user),
        request,
        key=("due_at", "pk"),
    )
    return show(request, OFFERED, {"page": found}, part="list")


@require_http_methods(["GET", "POST"])
def transfer(request: Request, pk: UUID) -> HttpResponse:
    """Show one offer, and take one of the two answers to it."""
    found = answer_transfer.find(find_waiting(), request.user, pk=pk)
    if request.method == "GET":
        return show_transfer(request, found, TransferDeclineForm())
    if request.POST.get("go") == "accept":
        actions.answer_transfer(found, accept=True, by=request.user)
        return done(request, then=reverse("cases:case", args=[found.case_id]))
    form = TransferDeclineForm(request.POST)
    if not form.is_valid():
        return show_transfer(request, found, form, status=422)
    reason = form.cleaned_data["reason"]
    actions.answer_transfer(found, accept=False, reason=reason, by=request.user)
    return done(request, then=reverse("cases:offered"))


def show_transfer(
    request: Request, found: Transfer, form: TransferDeclineForm, status: int = 200
) -> HttpResponse:
    needs = list(found.case.needs.unsettled().order_by("urgency", "pk"))
    # What is needed is all that is opened to them before they accept.
    need_kinds.show(needs, by=request.user, purpose="case page")
    context: dict[str, object] = {"transfer": found, "form": form, "needs": needs}
    return show(request, TRANSFER, context, status=status)


@require_POST
def take_back(request: Request, pk: UUID) -> HttpResponse:
    case = manage_case.find(find_cases(), request.user, transfers=pk)
    found = case.transfers.select_related("case__team").get(pk=pk)
    actions.take_back_offer(found, by=request.user)
    return done(request, then=reverse("cases:case", args=[case.pk]))
