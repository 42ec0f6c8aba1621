"""For who has the code: the sealed page and the slip."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from amana.care.consent import actions as consents
from amana.care.consent.models import Destruction
from amana.care.referrals import actions, reaching
from amana.care.referrals import outside_recipients as ways
from amana.care.referrals.bearers import Outsider, build_closed_refusal
from amana.care.referrals.forms.sender_forms import (
    AccessCodeForm,
    QuestionForm,
    add_name_field,
)
from amana.care.referrals.models import Referral
from amana.care.referrals.steps import BY_CODE, ReferralStep, list_possible_steps
from amana.care.referrals.views.outside_pages.sender_pages import (
    ASK,
    ENDED,
    NOT_OUTSIDE,
    on_slip,
)
from amana.errors import Refused
from amana.trust.access.http import slow_down
from amana.trust.vault import handover, slips, visits
from amana.trust.vault.handover import CodeBearer
from amana.trust.vault.models.shared_copies import ReturnSlip
from amana.ui.http import show

SEALED, SLIP = "referrals/sealed.html", "referrals/slip.html"


@dataclass(frozen=True)
class OutsiderPage:
    """What someone without an account can do now, and on which page."""

    template: str
    referral: Referral
    by: Callable[[str], Outsider]
    """Who they are, with the name that they give."""
    context: dict[str, object]


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
    context: dict[str, object] = {"sheet": found, "opened": opened}
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
