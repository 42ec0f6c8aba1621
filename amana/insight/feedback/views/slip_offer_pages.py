"""Slips about life after 3, 6 and 12 months: in which cases one is due, and what became
of it."""

from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from amana.care.cases.models import Case
from amana.insight.feedback import actions, due
from amana.insight.feedback.forms import OfferForm
from amana.insight.feedback.models import SlipOffer
from amana.insight.feedback.rules import offer_slip
from amana.trust.access.http import Request, posted
from amana.trust.access.models import KEYHOLDERS, User
from amana.trust.access.rules import NotAccessible, has_role
from amana.trust.vault import cards
from amana.ui.http import done, show
from amana.ui.once import apply_once
from amana.ui.paging import find_page

OFFERS, OFFER = "feedback/offers.html", "feedback/offer.html"


@require_GET
def offers(request: Request) -> HttpResponse:
    """List where a slip is due, the oldest case first."""
    if not has_role(request.user, KEYHOLDERS):
        raise NotAccessible(offer_slip, Case, {})
    lacking = offer_slip.among(due.find_lacking(timezone.now()), request.user)
    cases = find_page(lacking, request, key=("opened_at", "pk"))
    names = open_names(list(cases), request.user)
    rows = [(case, names.get(case.pk, ""), due.format_due_slip(case)) for case in cases]
    return show(request, OFFERS, {"rows": rows, "page": cases})


def open_names(cases: list[Case], user: User) -> dict[UUID, str]:
    if not cases:
        return {}
    wanted = Q(case__in=[case.pk for case in cases])
    opened = cards.open_cards(by=user, cases=wanted, purpose="slips to hand out")
    return {case: str(card.get("name") or "") for case, card in opened}


@require_http_methods(["GET", "POST"])
@apply_once
def offer(request: Request, pk: UUID) -> HttpResponse:
    """Record an offer, and lead back to the list: where a form led is kept for a while,
    and the address of the case would be there with the hour."""
    case = offer_slip.find(Case.objects.open(), request.user, pk=pk)
    form = OfferForm(posted(request))
    if form.is_valid():
        result = SlipOffer.Result(form.cleaned_data["result"])
        actions.record_offer(case, result, by=request.user)
        return done(request, then="feedback:offers")
    if (
        not form.is_bound
        and not due.find_lacking(timezone.now()).filter(pk=pk).exists()
    ):
        return redirect("feedback:offers")
    context = {"case": case, "slip": due.format_due_slip(case), "form": form}
    return show(request, OFFER, context, status=422 if form.is_bound else 200)
