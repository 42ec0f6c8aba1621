"""Slips to be cut and laid into a box, devices in a house, teams that read, and answers
that a worker records for a person who can't write them."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from amana.errors import Refused
from amana.insight.feedback import actions
from amana.insight.feedback.actions.answering import get_slip, is_read
from amana.insight.feedback.forms import (
    CodeForm,
    DeskForm,
    KioskForm,
    QuestionsForm,
    SlipsForm,
    WordsForm,
    read_answers,
)
from amana.insight.feedback.models import Desk, DeskDuty, Kiosk
from amana.insight.feedback.questions import SlipMoment, get_questions
from amana.insight.feedback.rules import (
    appoint_desk,
    arrange_kiosk,
    distribute_slips,
    write_for_person,
)
from amana.trust.access.http import Request, posted
from amana.trust.access.models import KEYHOLDERS, Organisation
from amana.trust.access.rules import NotAccessible
from amana.trust.vault.signin import draw_qr_code
from amana.ui.http import done, show
from amana.ui.once import apply_once

SLIPS, SHEET, KIOSKS = (
    "feedback/slips.html",
    "feedback/sheet.html",
    "feedback/kiosks.html",
)
DESKS, SPOKEN = "feedback/desks.html", "feedback/spoken.html"


def ours(request: Request) -> QuerySet[Organisation]:
    rows = Organisation.objects.order_by("name")
    return distribute_slips.among(rows, request.user)


# --- slips


@never_cache
@require_http_methods(["GET", "POST"])
def slips(request: Request) -> HttpResponse:
    """Print slips. The codes are on the page that is printed, this once, and nowhere
    else."""
    organisations = ours(request)
    if not organisations.exists():
        raise NotAccessible(distribute_slips, Organisation, {})
    form = SlipsForm(organisations, posted(request))
    if not form.is_valid():
        return show(
            request, SLIPS, {"form": form}, status=422 if form.is_bound else 200
        )
    said = form.cleaned_data
    moment = SlipMoment(said["moment"])
    codes = actions.print_slips(
        said["organisation"], moment, sheets=said["sheets"], by=request.user
    )
    context = {
        "slips": [
            (code, draw_qr_code(address(request, "slip", code))) for code in codes
        ],
        "where": request.build_absolute_uri(reverse("feedback:start")),
        "organisation": said["organisation"],
        "moment": moment,
    }
    return show(request, SHEET, context)


def address(request: Request, name: str, code: str) -> str:
    return request.build_absolute_uri(reverse(f"feedback:{name}", args=[code]))


# --- devices


@never_cache
@require_http_methods(["GET", "POST"])
def kiosks(request: Request) -> HttpResponse:
    organisations = ours(request)
    if not organisations.exists():
        raise NotAccessible(arrange_kiosk, Kiosk, {})
    form = KioskForm(organisations, posted(request))
    made = ""
    if form.is_valid():
        found = form.cleaned_data["organisation"]
        _kiosk, code = actions.open_kiosk(found, by=request.user)
        made = address(request, "kiosk", code)
    rows = Kiosk.objects.standing().select_related("about").order_by("pk")
    context = {
        "form": form,
        "made": made,
        "square": draw_qr_code(made) if made else "",
        "kiosks": arrange_kiosk.among(rows, request.user),
    }
    wrong = form.is_bound and not made
    return show(request, KIOSKS, context, status=422 if wrong else 200)


@require_POST
def end_kiosk(request: Request, pk: UUID) -> HttpResponse:
    kiosk = arrange_kiosk.find(Kiosk.objects.standing(), request.user, pk=pk)
    actions.end_kiosk(kiosk, by=request.user)
    return done(request, then="feedback:kiosks")


# --- who reads


@require_http_methods(["GET", "POST"])
@apply_once
def desks(request: Request) -> HttpResponse:
    if not appoint_desk.permits(request.user, request.user):
        raise NotAccessible(appoint_desk, Desk, {})
    form = DeskForm(posted(request))
    if form.is_valid():
        said = form.cleaned_data
        actions.appoint_team(said["team"], DeskDuty(said["duty"]), by=request.user)
        return done(request, then="feedback:desks")
    rows = Desk.objects.filter(ended_at=None).select_related("team__organisation")
    context = {"form": form, "desks": rows.order_by("duty", "pk")}
    return show(request, DESKS, context, status=422 if form.is_bound else 200)


@require_POST
def dismiss(request: Request, pk: int) -> HttpResponse:
    rows = Desk.objects.filter(ended_at=None)
    desk = appoint_desk.find(rows, request.user, pk=pk)
    actions.dismiss_desk(desk, by=request.user)
    return done(request, then="feedback:desks")


# --- by voice


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def spoken(request: Request) -> HttpResponse:
    """Ask first for the code, so that no one of the organisation it asks about can
    continue."""
    if not request.user.roles & KEYHOLDERS:
        raise NotAccessible(write_for_person, Desk, {})
    form = CodeForm(posted(request))
    context: dict[str, object] = {"code_form": form}
    if not form.is_valid():
        return show(request, SPOKEN, context)
    code = form.cleaned_data["slip"]
    try:
        slip = get_slip(code)
    except Refused as error:
        form.add_error("slip", str(error))
        return show(request, SPOKEN, context, status=422)
    write_for_person.require(request.user, slip)
    asked = get_questions(slip.moment)
    if "send" in request.POST:
        said = read_answers(request.POST, asked)
        words = request.POST.get("words", "")
        actions.answer_by_voice(code, said, words, by=request.user)
        return show(request, SPOKEN, {"done": True})
    context = {
        "code": code,
        "form": QuestionsForm(slip.moment, asked),
        "words": WordsForm() if is_read(slip.about) else None,
        "about": slip.about,
    }
    return show(request, SPOKEN, context)
