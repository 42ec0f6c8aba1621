"""What was asked: who is being asked until when, who is next, who said what."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.care.cases.models import Case, Need
from amana.care.cases.rules import work_on_case
from amana.care.referrals import reaching
from amana.care.requests import actions
from amana.care.requests.forms import JoinCaseForm
from amana.care.requests.models import HelpRequest
from amana.care.requests.rules import (
    follow_request,
    see_request,
)
from amana.care.requests.states import HelpRequestStatus
from amana.trust.access.http import Request
from amana.trust.access.rules import can_answer_in_amana
from amana.ui.http import done, show
from amana.ui.once import apply_once

REQUEST, JOIN = "requests/request.html", "requests/join.html"
MOST_NEEDS = 50


@require_GET
def request_page(request: Request, pk: UUID) -> HttpResponse:
    """Show the state of a request; the page reloads it while a team is asked."""
    rows = HelpRequest.objects.for_list().select_related("need")
    found = see_request.find(rows, request.user, pk=pk)
    accepted = found.accepted
    follows = follow_request.permits(request.user, found)
    context = {
        "asked": found,
        "enquiries": found.in_order(),
        "to_call": [
            enquiry
            for enquiry in found.asked_now
            if not can_answer_in_amana(enquiry.recipient)
        ],
        "contact": reaching.build_team_contact(accepted.recipient)
        if accepted
        else None,
        "accepted": accepted,
        "may_act": follows,
        "may_recall": follows
        and found.is_running
        and not (accepted and accepted.referral_id),
        "may_name": follows and found.is_running and found.case_id is None,
        "may_share": follows
        and found.need is not None
        and accepted is not None
        and accepted.referral_id is None,
        "nobody": found.state is HelpRequestStatus.UNANSWERED,
    }
    return show(request, REQUEST, context, part="state")


@require_POST
@apply_once
def recall(request: Request, pk: UUID) -> HttpResponse:
    found = follow_request.find(HelpRequest.objects.all(), request.user, pk=pk)
    actions.recall(found, by=request.user)
    messages.success(request, _("Recalled. No more teams are asked."))
    return done(request, then=reverse("requests:request", args=[found.pk]))


@require_http_methods(["GET", "POST"])
@apply_once
def join(request: Request, pk: UUID) -> HttpResponse:
    """Choose the case of the person for whom help was asked."""
    found = follow_request.find(HelpRequest.objects.all(), request.user, pk=pk)
    needs = needs_to_join(request, found)
    form = JoinCaseForm(needs, request.POST or None)
    if not form.is_bound or not form.is_valid():
        context = {"asked": found, "form": form, "needs": needs}
        return show(request, JOIN, context, status=422 if form.is_bound else 200)
    joined = actions.join(found, need=form.cleaned_data["need"], by=request.user)
    if joined.accepted:
        return done(request, then=reverse("requests:share", args=[joined.pk]))
    messages.success(request, _("The request is now linked to this case."))
    return done(request, then=reverse("requests:request", args=[joined.pk]))


def needs_to_join(request: Request, found: HelpRequest) -> QuerySet[Need]:
    """Find open needs of one's own cases in the team that asked: of this group
    first."""
    mine = work_on_case.among(Case.objects.open(), request.user)
    needs = Need.objects.open().filter(case__in=mine, case__team=found.sender_id)
    same = needs.filter(group=found.group)
    shown = same if same.exists() else needs
    return shown.select_related("case__team").order_by("-raised_at", "pk")
