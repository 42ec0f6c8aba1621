"""For a recipient without the system: a sheet of paper, a page that opens once, and a
return slip with which they answer."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.care.consent import actions as consents
from amana.care.consent.models import Destruction
from amana.care.referrals import actions, reaching
from amana.care.referrals import outside_recipients as ways
from amana.care.referrals.bearers import Outsider, build_closed_refusal
from amana.care.referrals.forms import (
    AccessCodeForm,
    QuestionForm,
    SheetForm,
    add_name_field,
)
from amana.care.referrals.models import DeclineReason, Referral
from amana.care.referrals.rules import answer_for_outsider, carry_referral
from amana.care.referrals.steps import BY_CODE, ReferralStep, list_possible_steps
from amana.errors import Refused
from amana.trust.access.http import Request, slow_down
from amana.trust.vault import handover, slips, visits
from amana.trust.vault.handover import CodeBearer
from amana.trust.vault.middleware import require_recent_unlock
from amana.trust.vault.models import ReturnSlip
from amana.trust.vault.signin import draw_qr_code
from amana.ui.http import done, show

OUTSIDE, SHEET = "referrals/outside.html", "referrals/sheet.html"
SEALED, SLIP = "referrals/sealed.html", "referrals/slip.html"
ENDED = "referrals/ended.html"
ASK = "ask"
NOT_OUTSIDE = frozenset({"receive", "redirect"})
"""Opening the page is to have seen it; and nobody outside sees the directory."""


def sent_by_us(request: Request, pk: UUID) -> Referral:
    return carry_referral.find(Referral.objects.for_page(), request.user, pk=pk)


@require_GET
def outside(request: Request, pk: UUID) -> HttpResponse:
    """Show how a recipient without an account gets the referral, and what has become of
    it."""
    return show(request, OUTSIDE, about(request, sent_by_us(request, pk)))


def about(request: Request, referral: Referral) -> dict[str, Any]:
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


def on_slip(request: HttpRequest, code: str) -> dict[str, Any]:
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


# --- the other side: public, with a neutral title


@dataclass(frozen=True)
class OutsiderPage:
    """What someone without an account can do now, and on which page."""

    template: str
    referral: Referral
    by: Callable[[str], Outsider]
    """Who they are, with the name that they give."""
    context: dict[str, Any]


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def sealed(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open with the code, once; then it stays in this browser for a quarter of an hour.
    Any fault gets the same answer."""
    if "code" in request.POST:
        return opening(request, SEALED, partial(ways.open_page, pk))
    if "close" in request.POST:
        return closing(request)
    opened = handover.find_opened_page(pk, request.COOKIES.get(get_cookie_name(), ""))
    found = ways.build_page_sheet(opened) if opened else None
    if opened is None or found is None:
        if request.method == "POST":
            raise build_closed_refusal()
        return shut(request, pk)
    context: dict[str, Any] = {"sheet": found, "opened": opened}
    if opened.slip:
        context |= on_slip(request, opened.slip)
    if "slip" in request.GET and opened.slip:
        return show(request, SLIP, context | {"referral": found.referral})
    by = partial(ways.build_page_outsider, opened)
    return at_desk(request, OutsiderPage(SEALED, found.referral, by, context))


def shut(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a page that isn't open here: the field for its code; or, once it was used,
    what to do now."""
    slip = ReturnSlip.objects.good().filter(page=pk).first()
    found = ways.find_referral(slip.disclosure) if slip else None
    if found is None:
        return show(request, SEALED, {"code_form": AccessCodeForm()})
    # Who has no code may only have found the address: not even the reference.
    context = {
        "referral": found,
        "destruction": find_destruction(found),
        "used": True,
        "number": "",
        "stands": "",
    }
    return show(request, ENDED, context)


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def slip(request: HttpRequest) -> HttpResponse:
    """Answer with a return slip: nothing of the person is on this page, ever."""
    if "code" in request.POST:
        return opening(request, SLIP, ways.show_slip)
    if "close" in request.POST:
        return closing(request)
    shown = slips.find_open_slip(request.COOKIES.get(get_cookie_name(), ""))
    found = ways.find_referral(shown.slip.disclosure) if shown else None
    if shown is None or found is None:
        if request.method == "POST":
            raise build_closed_refusal()
        return show(request, SLIP, {"code_form": AccessCodeForm()})
    destruction = find_destruction(found)
    if destruction and request.POST.get("destroyed"):
        return destroyed(request, destruction, shown.bearer)
    if destruction or not found.is_open:
        context = {
            "referral": found,
            "destruction": destruction,
            "may_confirm": True,
            "number": found.case.reference,
            "stands": found.stands,
        }
        return show(request, ENDED, context)
    desk = OutsiderPage(
        SLIP, found, partial(ways.build_slip_outsider, shown), {"shown": shown}
    )
    return at_desk(request, desk)


def find_destruction(referral: Referral) -> Destruction | None:
    """Find what they are asked to destroy, where the consent has ended."""
    return referral.to_destroy()


def destroyed(
    request: HttpRequest, destruction: Destruction, bearer: CodeBearer
) -> HttpResponse:
    answer = request.POST["destroyed"]
    if answer not in Destruction.Answer:
        raise BadRequest("There is no such answer.")
    consents.confirm_destruction_outside(
        destruction, answer=Destruction.Answer(answer), by=bearer
    )
    return redirect(request.path)


def opening(
    request: HttpRequest, template: str, unlock: Callable[[str], str]
) -> HttpResponse:
    """Try a code; then lead to the page by GET, so that it can be loaded again."""
    form = AccessCodeForm(request.POST)
    if form.is_valid():
        try:
            # Codes are given by voice and therefore short: guesses are slowed down
            # before one is tried.
            slow_down(request, "sealed")
            secret = unlock(form.cleaned_data["code"])
        except Refused as error:
            form.add_error("code", str(error))
        else:
            return remember(request, redirect(request.path), secret)
    context = {"code_form": form, "stay_at": request.path}
    return show(request, template, context, status=422)


def at_desk(request: HttpRequest, desk: OutsiderPage) -> HttpResponse:
    """Show the possible steps, each on a form of its own; what was opened stays next to
    it."""
    referral = desk.referral
    steps = [
        s
        for s in list_possible_steps(referral, {"recipient"})
        if s.code not in NOT_OUTSIDE
    ]
    wanted = (request.POST if request.method == "POST" else request.GET).get("act", "")
    step = next((s for s in steps if s.code == wanted), None)
    form = form_of(request, referral, step, wanted)
    context = desk.context | {
        "referral": referral,
        "steps": steps,
        "step": step,
        "asking": wanted == ASK and form is not None,
        "form": form,
        "act": wanted,
        "seen": referral.version,
        "contact": reaching.build_sender_contact(referral),
        "stay_at": request.path,
    }
    if request.method == "GET":
        return show(request, desk.template, context)
    if form is None:
        to = BY_CODE[wanted].to if wanted in BY_CODE else None
        context["late"] = str(referral.changed(to))
        return show(request, desk.template, context, status=409)
    if form.is_valid():
        try:
            slow_down(request, "outside")
            require_unchanged(request, referral)
            apply_answer(form, step, referral, desk)
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, format_saved_message(referral, step))
            return redirect(request.path)
    return show(request, desk.template, context, status=422)


def form_of(
    request: HttpRequest, referral: Referral, step: ReferralStep | None, wanted: str
) -> forms.Form | None:
    data = request.POST if request.method == "POST" else None
    form: forms.Form
    if step is not None:
        form = step.form(referral, data)
    elif wanted == ASK:
        form = QuestionForm(data)
    else:
        return None
    add_name_field(form)
    return form


def require_unchanged(request: HttpRequest, referral: Referral) -> None:
    """Refuse a decision that was made on an earlier state of the referral."""
    if request.POST.get("seen", "") != str(referral.version):
        raise referral.changed()


def apply_answer(
    form: forms.Form, step: ReferralStep | None, referral: Referral, desk: OutsiderPage
) -> None:
    said = dict(form.cleaned_data)
    by = desk.by(said.pop("who"))
    if step is None:
        actions.write_message(referral, text=said["text"], by=by)
    else:
        step.act(referral, by=by, **said)


def format_saved_message(referral: Referral, step: ReferralStep | None) -> str:
    if step is None:
        return _("Sent. Only the sender’s team can read it.")
    return _("Saved. The sender now sees: %(status)s.") % {
        "status": referral.state.label
    }


# --- the cookie: it holds the key of what is open here, and nothing else


def get_cookie_name() -> str:
    # Browsers accept a name with this prefix only from a secure connection, so no other
    # connection can plant the cookie.
    return "__Secure-open" if settings.SESSION_COOKIE_SECURE else "open"


def remember(request: HttpRequest, response: HttpResponse, secret: str) -> HttpResponse:
    # No script reads it, a link from another site does not send it, and the path binds
    # it to this page: other pages that are open here have keys of their own (ADR 43).
    response.set_cookie(
        get_cookie_name(),
        secret,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Strict",
        path=request.path,
    )
    return response


def closing(request: HttpRequest) -> HttpResponse:
    """End what is open here: on a device that others use, a quarter of an hour is
    long."""
    visits.end(request.COOKIES.get(get_cookie_name(), ""))
    return forget(request, redirect(request.path))


def forget(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    response.delete_cookie(get_cookie_name(), path=request.path, samesite="Strict")
    return response
