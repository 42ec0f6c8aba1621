"""Public pages: leave feedback with a slip or at a device of a house.

Light pages with a neutral title, one form after the other, without a session, a script
or a cookie except the one that keeps forms from being forged. The answers travel in the
form alone; the language in the address."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from amana.errors import Refused
from amana.insight.feedback import actions, flood, heard, sent
from amana.insight.feedback.actions.answering import find_kiosk
from amana.insight.feedback.forms import PREFIX, CodeForm, QuestionsForm, WordsForm
from amana.insight.feedback.models import Advice, Change, Kiosk
from amana.insight.feedback.models.published_changes import choose_language
from amana.insight.feedback.question_visits import QuestionsVisit
from amana.insight.feedback.rules import arrange_kiosk
from amana.insight.feedback.themes import Theme
from amana.trust.access.rules import NotAccessible
from amana.ui import helplines, languages
from amana.ui.http import show

START, ASK, YOUNG = "feedback/start.html", "feedback/ask.html", "feedback/young.html"
THANKS, CHANGES = "feedback/thanks.html", "feedback/changes.html"
COUNCIL = "feedback/council.html"

ALONE = 5 * 60
"""Seconds after which a kiosk starts again: the person who was there has gone."""
AFTERWARDS = 20

type View = Callable[..., HttpResponse]


def use_language(view: View) -> View:
    """Use the language that the address or the form names; it is kept nowhere."""

    @login_not_required
    @sensitive_post_parameters()
    @wraps(view)
    def take(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        # The button of a language stands before the form, which says the present one.
        said = next(iter(request.POST.getlist("in")), "") or request.GET.get("in", "")
        known = said if said in dict(settings.LANGUAGES) else ""
        language = known or translation.get_language() or settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = view(request, *args, **kwargs)
        response.headers["Content-Language"] = language
        # The next person at the same device must not find the page by going back.
        response.headers["Cache-Control"] = "no-store"
        return response

    return take


def around(request: HttpRequest) -> dict[str, object]:
    """Collect what each of these pages needs: its languages, and whom one can call."""
    return {
        "languages": languages.list_languages(),
        "asks": request.method == "POST",
        "here": request.path if request.method == "GET" else reverse("feedback:go"),
        "lines": helplines.list_helplines(),
    }


def refresh_kiosk(seconds: int, code: str, response: HttpResponse) -> HttpResponse:
    """Lead a kiosk back to its first page, with or without a script."""
    if code:
        to = reverse("feedback:kiosk", args=[code])
        response.headers["Refresh"] = f"{seconds}; url={to}"
    return response


# --- the first page


@use_language
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    return show(request, START, around(request) | {"form": CodeForm()})


@use_language
@require_GET
def slip(request: HttpRequest, code: str) -> HttpResponse:
    """Show the page whose address is in the square of a slip."""
    return show(request, START, around(request) | {"code": code})


@use_language
@require_GET
def kiosk(request: HttpRequest, code: str) -> HttpResponse:
    if find_kiosk(code) is None:
        raise NotAccessible(arrange_kiosk, Kiosk, {})
    return show(request, START, around(request) | {"house": code})


# --- question after question


@use_language
@require_POST
def go(request: HttpRequest) -> HttpResponse:
    """Show the page that comes now; nothing is written."""
    # Before the code is read: a child's slip is not used up, and nothing of what they
    # said is kept.
    if request.POST.get("age") == "young":
        house = str(request.POST.get("house", ""))
        page = show(request, YOUNG, around(request))
        return refresh_kiosk(ALONE, house if find_kiosk(house) else "", page)
    try:
        visit = QuestionsVisit.of(request)
    except Refused as error:
        return wrong_code(request, str(error))
    return question(request, visit, visit.to(str(request.POST.get("go", ""))))


def wrong_code(request: HttpRequest, reason: str) -> HttpResponse:
    flood.require_pace(request, "code")
    form = CodeForm({"slip": request.POST.get("slip", "")})
    form.is_valid()
    form.add_error("slip", reason)
    again = {"asks": False, "here": reverse("feedback:start")}
    context = around(request) | again | {"form": form}
    return show(request, START, context, status=422)


def question(request: HttpRequest, visit: QuestionsVisit, step: int) -> HttpResponse:
    some = visit.questions(step)
    if some:
        said = {PREFIX + q: visit.answers.get(q, "") for q in some}
        form: QuestionsForm | WordsForm = QuestionsForm(visit.moment, some)
        form.initial = said
    else:
        form = WordsForm(initial={"words": visit.words})
    context = around(request) | {
        "form": form,
        "carried": visit.carried(step),
        "step": step,
        "last": visit.last,
        "sends": step == visit.last,
        "moment": visit.moment,
        "asks_words": not some,
    }
    return refresh_kiosk(ALONE, visit.house, show(request, ASK, context))


@use_language
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Send all of it, once."""
    visit = QuestionsVisit.of(request)
    if visit.kiosk:
        flood.require_pace(request, "kiosk", at=str(visit.kiosk.pk))
        with transaction.atomic():
            if sent.first_time(request):
                actions.answer_at_kiosk(visit.kiosk, visit.answers, visit.words)
    else:
        flood.require_pace(request, "answer")
        actions.answer_with_slip(visit.code, visit.answers, visit.words)
    said = {"in": translation.get_language() or ""}
    if visit.house:
        said["at"] = visit.house
    # Away from the form: reloading the last page would send it again.
    return redirect(f"{reverse('feedback:thanks')}?{urlencode(said)}")


@use_language
@require_GET
def thanks(request: HttpRequest) -> HttpResponse:
    house = str(request.GET.get("at", ""))
    known = house if house and find_kiosk(house) else ""
    page = show(request, THANKS, around(request) | {"house": known})
    return refresh_kiosk(AFTERWARDS, known, page)


# --- what came of it


@use_language
@require_GET
def changes(request: HttpRequest) -> HttpResponse:
    """Show what people said, and what was done."""
    shown = Change.objects.shown().order_by("-published_at", "-pk")[:50]
    found = [
        (
            Theme(change.theme).label,
            choose_language(change.said),
            choose_language(change.did),
        )
        for change in shown
    ]
    said = {"changes": found, "complaints": heard.count_complaints()}
    return show(request, CHANGES, around(request) | said)


@use_language
@require_GET
def council(request: HttpRequest) -> HttpResponse:
    """Show what the council recommended, and what was answered."""
    rows = Advice.objects.select_related("to").order_by("-made_on", "-pk")[:100]
    found = [
        (row, choose_language(row.says), choose_language(row.answer)) for row in rows
    ]
    return show(request, COUNCIL, around(request) | {"advice": found})
