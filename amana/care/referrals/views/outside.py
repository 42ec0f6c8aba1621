"""For a recipient without the system: a sheet of paper, or a page that opens once."""

from uuid import UUID

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.care.referrals import actions
from amana.care.referrals import outside as ways
from amana.care.referrals.forms import CodeForm, PageAnswerForm
from amana.care.referrals.models import Referral
from amana.care.referrals.rules import answer_for_outsider, carry_referral
from amana.care.referrals.states import Status
from amana.errors import Refused
from amana.trust.access.http import Request
from amana.trust.vault.http import recently_unlocked
from amana.ui.http import show

OUTSIDE, SHEET = "referrals/outside.html", "referrals/sheet.html"
SEALED, THANKS = "referrals/sealed.html", "referrals/thanks.html"


def sent_by_us(request: Request, pk: UUID) -> Referral:
    return carry_referral.find(Referral.objects.for_page(), request.user, pk=pk)


@require_GET
def outside(request: Request, pk: UUID) -> HttpResponse:
    """How somebody without an account gets it: on paper, or by a code."""
    found = sent_by_us(request, pk)
    context = {
        "referral": found,
        "outsider": answer_for_outsider.permits(request.user, found),
    }
    return show(request, OUTSIDE, context)


@require_GET
@never_cache
@recently_unlocked
def sheet(request: Request, pk: UUID) -> HttpResponse:
    """Exactly what the person agreed to, to be printed and taken along."""
    found = sent_by_us(request, pk)
    paper = ways.on_paper(found, by=request.user)
    return show(request, SHEET, {"referral": found, "sheet": paper})


@require_http_methods(["GET", "POST"])
@never_cache
@recently_unlocked
def code(request: Request, pk: UUID) -> HttpResponse:
    """The page and its code, shown once and stored nowhere; again makes a new one."""
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
    }
    return show(request, OUTSIDE, context)


# --- the other side: public, with a neutral title


@login_not_required
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def sealed(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open with the code, once. Whatever is wrong, the page says no more than that."""
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            slow_down(request)
            found = ways.open_page(pk, form.cleaned_data["code"])
        except Refused as error:
            form.add_error("code", str(error))
        else:
            answer_form = PageAnswerForm(initial={"token": found.token})
            return show(request, SEALED, {"sheet": found, "form": answer_form})
    status = 422 if form.is_bound else 200
    return show(request, SEALED, {"code_form": form}, status=status)


@login_not_required
@never_cache
@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    form = PageAnswerForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            slow_down(request)
            found, bearer = ways.answered(said["token"])
            actions.answer_by_page(
                found, to=Status(said["answer"]), reason=said["reason"], by=bearer
            )
        except Refused as error:
            form.add_error(None, str(error))
        else:
            return show(request, THANKS, {"referral": found})
    return show(request, SEALED, {"form": form}, status=422)


def slow_down(request: HttpRequest) -> None:
    if not ratelimit.consume(request, action="sealed"):
        raise Refused(_("Too many tries. Please wait a minute before the next one."))
