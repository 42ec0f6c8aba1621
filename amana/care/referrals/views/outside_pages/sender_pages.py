"""For the sender: a sheet of paper, codes, return slips."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amana.care.referrals import actions, reaching
from amana.care.referrals import outside_recipients as ways
from amana.care.referrals.forms.sender_forms import SheetForm
from amana.care.referrals.models import DeclineReason, Referral
from amana.care.referrals.rules import answer_for_outsider, carry_referral
from amana.trust.access.http import Request
from amana.trust.vault.middleware import require_recent_unlock
from amana.trust.vault.models.shared_copies import ReturnSlip
from amana.trust.vault.signin import draw_qr_code
from amana.ui.http import done, show

OUTSIDE, SHEET = "referrals/outside.html", "referrals/sheet.html"


ENDED = "referrals/ended.html"


ASK = "ask"


NOT_OUTSIDE = frozenset({"receive", "redirect"})
"""Opening the page counts as having seen it; and no outsider sees the directory."""


def sent_by_us(request: Request, pk: UUID) -> Referral:
    return carry_referral.find(Referral.objects.for_page(), request.user, pk=pk)


@require_GET
def outside(request: Request, pk: UUID) -> HttpResponse:
    """Show how a recipient without an account gets the referral, and what has become of
    it."""
    return show(request, OUTSIDE, about(request, sent_by_us(request, pk)))


def about(request: Request, referral: Referral) -> dict[str, object]:
    return {
        "referral": referral,
        "outsider": answer_for_outsider.permits(request.user, referral),
        "standing": ways.summarise_access(referral),
    }


@require_http_methods(["GET", "POST"])
@never_cache
@require_recent_unlock
def sheet(request: Request, pk: UUID) -> HttpResponse:
    """Print exactly what the person agreed to, to be taken along. Posted, in the
    language of those who will read it, and with a return slip."""
    found = sent_by_us(request, pk)
    form = SheetForm(request.POST or None, initial={"language": settings.LANGUAGE_CODE})
    slip = None
    language = settings.LANGUAGE_CODE
    if form.is_valid():
        language = form.cleaned_data["language"]
        if found.is_open:
            way = ReturnSlip.Way.PAPER
            slip = actions.offer_slip(found, way=way, by=request.user)
    with override(language):
        paper = ways.open_sheet(found, by=request.user)
        facts = [(str(label), words) for label, words in paper.facts]
    context = {
        "referral": found,
        "facts": facts,
        "letters": paper.letters,
        "form": form,
        "language": language,
        "contact": reaching.build_sender_contact(found),
        "reasons": list(DeclineReason),
        "stay_at": request.path,
        **(on_slip(request, slip.code) if slip else {}),
    }
    return show(request, SHEET, context)


def on_slip(request: HttpRequest, code: str) -> dict[str, object]:
    """Build what a return slip shows: an address that is the same for everyone, and the
    code."""
    address = request.build_absolute_uri(reverse("referrals:slip"))
    # Browsers send nothing behind the # to a server, so the code reaches no server's
    # log (ADR 43).
    square = draw_qr_code(f"{address}#{code}")
    return {"slip_code": code, "slip_address": address, "square": square}


@require_http_methods(["GET", "POST"])
@never_cache
@require_recent_unlock
def code(request: Request, pk: UUID) -> HttpResponse:
    """Show the address and its code, once; they are stored nowhere, and asking again
    makes new ones."""
    found = sent_by_us(request, pk)
    if request.method == "GET":
        return redirect("referrals:outside", found.pk)
    offered = actions.offer_page(found, by=request.user)
    address = reverse("referrals:sealed", args=[offered.offer.pk])
    context = {
        "referral": found,
        "address": request.build_absolute_uri(address),
        "code": offered.code,
        "until": offered.offer.expires_at,
        "contact": reaching.build_team_contact(found.recipient),
        "stay_at": reverse("referrals:outside", args=[found.pk]),
    }
    return show(request, OUTSIDE, context)


@require_http_methods(["GET", "POST"])
@never_cache
@require_recent_unlock
def make_slip(request: Request, pk: UUID) -> HttpResponse:
    """Make a return slip to be given by voice or printed; it is shown once."""
    found = sent_by_us(request, pk)
    if request.method == "GET":
        return redirect("referrals:outside", found.pk)
    made = actions.offer_slip(found, way=ReturnSlip.Way.TOLD, by=request.user)
    context = {
        "referral": found,
        "stay_at": reverse("referrals:outside", args=[found.pk]),
        **on_slip(request, made.code),
    }
    return show(request, OUTSIDE, context)


@require_POST
def revoke_slips(request: Request, pk: UUID) -> HttpResponse:
    found = sent_by_us(request, pk)
    actions.revoke_slips(found, by=request.user)
    messages.success(request, _("The return slips no longer open anything."))
    return done(request, then=reverse("referrals:outside", args=[found.pk]))
