"""For anybody: complain without fear, and look up what came of it by a code."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from amana.errors import Refused
from amana.insight.feedback import actions, flood, sent
from amana.insight.feedback.actions.asking import desk_for
from amana.insight.feedback.forms import ComplaintForm, StateForm
from amana.insight.feedback.models import Duty, Kind
from amana.insight.feedback.views.public import around, spoken
from amana.trust.access.http import posted
from amana.trust.access.models import Organisation
from amana.ui.http import show

COMPLAIN, STATE = "feedback/complain.html", "feedback/state.html"
KEPT = "feedback/kept.html"


@spoken
@require_http_methods(["GET", "POST"])
def complain(request: HttpRequest) -> HttpResponse:
    """A language button sends the form too, and only changes the language."""
    data = posted(request) if "send" in request.POST else None
    form = ComplaintForm(Organisation.objects.admitted().order_by("name"), data)
    if data is None and request.method == "POST":
        form.initial = {name: request.POST.get(name) for name in form.fields}
    if not form.is_valid():
        return ask(request, form, status=422 if form.is_bound else 200)
    flood.require(request, "complaint")
    try:
        code = take(request, form.cleaned_data)
    except Refused as error:
        return ask(request, form, refused=str(error), status=409)
    return show(request, KEPT, around(request) | {"code": code, "asks": False})


def ask(
    request: HttpRequest, form: ComplaintForm, *, status: int, refused: str = ""
) -> HttpResponse:
    """The page says who reads what is about nobody in particular: it may be them."""
    context = {"form": form, "refused": refused, "asks": True, "here": request.path}
    reads = {"desk": desk_for(Duty.COMPLAINTS, None)}
    return show(request, COMPLAIN, around(request) | context | reads, status=status)


@transaction.atomic
def take(request: HttpRequest, said: Mapping[str, Any]) -> str:
    """The code of the complaint; empty when this form came before."""
    if not sent.first_time(request):
        return ""
    return actions.complain(Kind(said["kind"]), said["words"], about=said["about"])


@spoken
@require_http_methods(["GET", "POST"])
def state(request: HttpRequest) -> HttpResponse:
    """What the code shows: how it stands, and the answers; not what was written."""
    form = StateForm(posted(request))
    context = around(request) | {"form": form, "asks": True, "here": request.path}
    if not form.is_valid():
        return show(request, STATE, context)
    try:
        found = actions.look_up(form.cleaned_data["slip"])
    except Refused as error:
        flood.require(request, "code")
        form.add_error("slip", str(error))
        return show(request, STATE, context, status=422)
    return show(request, STATE, context | {"found": found})
