"""What a team is asked: decided in twenty seconds, with nothing about the person."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from amana.care.pending import actions as pending
from amana.care.requests import actions, undoing
from amana.care.requests.forms import AcceptRequestForm, DeclineRequestForm
from amana.care.requests.models import Enquiry
from amana.care.requests.rules import answer_enquiry, see_enquiry
from amana.care.requests.states import EnquiryAnswer
from amana.trust.access.http import Request
from amana.trust.vault import disclosures
from amana.trust.vault.models import Disclosure
from amana.ui.http import done, show
from amana.ui.once import apply_once

ENQUIRY, DECLINE = "requests/enquiry.html", "requests/decline.html"


@require_GET
def enquiry(request: Request, pk: UUID) -> HttpResponse:
    """Show what is needed, how soon, until when to answer, where, and whom to call."""
    found = see_enquiry.find(Enquiry.objects.for_page(), request.user, pk=pk)
    return show_enquiry(request, found, AcceptRequestForm(found))


def show_enquiry(
    request: Request, found: Enquiry, form: AcceptRequestForm
) -> HttpResponse:
    ours = see_enquiry.permits(request.user, found)
    context = {
        "enquiry": found,
        "asked": found.request,
        "where": where_of(request, found) if ours else "",
        "form": form,
        "for_outsider": not ours,
        "is_open": found.state is EnquiryAnswer.ASKED,
        "has_place": found.state is EnquiryAnswer.ACCEPTED and not found.referral_id,
    }
    return show(request, ENQUIRY, context, status=422 if form.errors else 200)


def where_of(request: Request, found: Enquiry) -> str:
    """Open where help is needed, with an event in the log."""
    # Only while the team may have to go there: one that is out no longer reads where.
    if found.place is None or found.state not in {
        EnquiryAnswer.ASKED,
        EnquiryAnswer.ACCEPTED,
    }:
        return ""
    sealed = Disclosure.objects.live().filter(pk=found.place, held_back=False).first()
    if sealed is None:
        return ""
    content = disclosures.open_disclosure(sealed, by=request.user, purpose="request")
    return str(content.get(actions.WHERE, ""))


@require_http_methods(["GET", "POST"])
@apply_once
def accept(request: Request, pk: UUID) -> HttpResponse:
    found = answer_enquiry.find(Enquiry.objects.for_page(), request.user, pk=pk)
    form = AcceptRequestForm(found, request.POST or None)
    if not form.is_bound or not form.is_valid():
        return show_enquiry(request, found, form)
    places = form.cleaned_data.get("places")
    accepted = actions.accept(found, places=places, by=request.user)
    return done(request, then=after(request, accepted))


def after(request: Request, found: Enquiry) -> str:
    """Lead who accepted on to what they may read, and who noted it for them to the
    request."""
    if not see_enquiry.permits(request.user, found):
        return reverse("requests:request", args=[found.request_id])
    if found.referral_id:
        messages.success(
            request, _("Accepted. Here is what the person agreed to share.")
        )
        return reverse("referrals:referral", args=[found.referral_id])
    messages.success(request, _("Accepted. Call the sender now."))
    return reverse("requests:enquiry", args=[found.pk])


@require_http_methods(["GET", "POST"])
@apply_once
def decline(request: Request, pk: UUID) -> HttpResponse:
    found = answer_enquiry.find(Enquiry.objects.for_page(), request.user, pk=pk)
    form = DeclineRequestForm(request.POST or None)
    due_at = undoing.compute_effect_time(found)
    if not form.is_valid() or pending.is_promise_broken(request.POST, due_at):
        context = {
            "enquiry": found,
            "asked": found.request,
            "form": form,
            "undo": True,
            "takes_effect_at": due_at,
        }
        return show(request, DECLINE, context, status=422 if form.is_bound else 200)
    if due_at:
        reason = form.cleaned_data["reason"]
        undoing.decide(found, reason=reason, due_at=due_at, by=request.user)
        return done(request, then=reverse("requests:enquiry", args=[found.pk]))
    actions.decline(found, reason=form.cleaned_data["reason"], by=request.user)
    if see_enquiry.permits(request.user, found):
        messages.success(request, _("Declined. The sender has been notified."))
        return done(request, then=reverse("referrals:inbox"))
    return done(request, then=reverse("requests:request", args=[found.request_id]))
