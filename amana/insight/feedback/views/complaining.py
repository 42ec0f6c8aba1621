"""Public pages: complain without fear, and check the outcome by a code."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from amana.errors import Refused
from amana.insight.feedback import actions, flood, sent
from amana.insight.feedback.actions.feedback_doors import find_desk
from amana.insight.feedback.forms import AgainForm, ComplaintForm, StateForm
from amana.insight.feedback.models import ComplaintKind, DeskDuty
from amana.insight.feedback.views.public_pages import around, use_language
from amana.trust.access.http import posted
from amana.trust.access.models import Organisation
from amana.ui.http import show

COMPLAIN, STATE = "feedback/complain.html", "feedback/state.html"
KEPT, AGAIN = "feedback/kept.html", "feedback/again.html"


@use_language
@require_http_methods(["GET", "POST"])
def complain(request: HttpRequest) -> HttpResponse:
    """Take a complaint. A language button sends the form too, and only changes the
    language."""
    data = posted(request) if "send" in request.POST else None
    form = ComplaintForm(Organisation.objects.admitted().order_by("name"), data)
    if data is None and request.method == "POST":
        form.initial = {name: request.POST.get(name) for name in form.fields}
    if not form.is_valid():
        return ask(request, form, status=422 if form.is_bound else 200)
    try:
        flood.require_pace(request, "complaint")
        code = take(request, form.cleaned_data)
    except Refused as error:
        return ask(request, form, refused=str(error), status=409)
    return show(request, KEPT, around(request) | {"code": code, "asks": False})


def ask(
    request: HttpRequest, form: ComplaintForm, *, status: int, refused: str = ""
) -> HttpResponse:
    """Show the form. It names who reads what is about no organisation in particular: it
    may be them."""
    context = {"form": form, "refused": refused, "asks": True, "here": request.path}
    reads = {"desk": find_desk(DeskDuty.COMPLAINTS, None)}
    return show(request, COMPLAIN, around(request) | context | reads, status=status)


@transaction.atomic
def take(request: HttpRequest, said: Mapping[str, Any]) -> str:
    """Take it, and return the code of the complaint; empty when this form came
    before."""
    if not sent.first_time(request):
        return ""
    return actions.take_complaint(
        ComplaintKind(said["kind"]), said["words"], about=said["about"]
    )


@use_language
@require_http_methods(["GET", "POST"])
def state(request: HttpRequest) -> HttpResponse:
    """Show what the code shows: the state, and the answers; not what was written."""
    code = str(request.POST.get("slip", ""))
    return state_of(request, code) if code else state_asked(request)


def state_asked(request: HttpRequest, form: StateForm | None = None) -> HttpResponse:
    here = reverse("feedback:state")
    context = {"form": form or StateForm(), "asks": True, "here": here}
    status = 422 if form else 200
    return show(request, STATE, around(request) | context, status=status)


def state_of(request: HttpRequest, code: str) -> HttpResponse:
    try:
        found = actions.look_up_complaint(code)
    except Refused as error:
        return wrong_code(request, code, error)
    form = StateForm({"slip": code})
    context = {"form": form, "found": found, "code": code, "asks": True}
    here = {"here": reverse("feedback:state")}
    return show(request, STATE, around(request) | here | context)


def wrong_code(request: HttpRequest, code: str, error: Refused) -> HttpResponse:
    flood.require_pace(request, "code")
    form = StateForm({"slip": code})
    form.is_valid()
    form.add_error("slip", str(error))
    return state_asked(request, form)


@use_language
@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Show first who would review it, and what that means; with `send`, they are asked,
    and the page shows the state."""
    code = str(request.POST.get("slip", ""))
    try:
        found = actions.look_up_complaint(code)
    except Refused as error:
        return wrong_code(request, code, error)
    sends = "send" in request.POST
    form = AgainForm(posted(request) if sends else None)
    form.initial = {"words": request.POST.get("words", "")}
    refused = ""
    if form.is_valid():
        refused = refusal(request, code, form.cleaned_data["words"])
        if not refused:
            return state_of(request, code)
    context = {"form": form, "code": code, "found": found, "refused": refused}
    context |= {"asks": True, "here": request.path}
    status = 409 if refused else 422 if form.is_bound else 200
    return show(request, AGAIN, around(request) | context, status=status)


def refusal(request: HttpRequest, code: str, words: str) -> str:
    """Ask for it, and return why it was not taken; empty when it was."""
    try:
        flood.require_pace(request, "complaint")
        ask_once(request, code, words)
    except Refused as error:
        return str(error)
    return ""


@transaction.atomic
def ask_once(request: HttpRequest, code: str, words: str) -> None:
    if sent.first_time(request):
        actions.request_review(code, words)
