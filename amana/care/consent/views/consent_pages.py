"""Ask a person: the questions, the text, the answer."""

from collections.abc import Callable
from pathlib import PurePosixPath
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amana.care.cases.models.case_needs import Need
from amana.care.cases.models.case_record import Case
from amana.care.cases.rules import see_thing_of_case, work_on_case
from amana.care.consent import actions, consent_questions, recordings, register
from amana.care.consent.consent_questions import ConsentFormContext
from amana.care.consent.forms import ConsentForm, RecipientForm
from amana.care.consent.models import Consent
from amana.care.consent.rules import ask_about_team, hear_recording
from amana.care.consent.views.ledger_pages import consent_of
from amana.design.directory.codes import is_language
from amana.design.mechanism.models.versions import VersionFile
from amana.trust.access.http import Request
from amana.trust.access.models.organisations import Team, User
from amana.ui.http import show
from amana.ui.media import send_sound
from amana.ui.once import apply_once
from amana.ui.typed import parse_small_int

RECIPIENT, ASK, TEXT = "consent/recipient.html", "consent/ask.html", "consent/text.html"


@require_GET
def ask(request: Request, case: UUID) -> HttpResponse:
    found = case_of(request, case)
    teams = register.find_teams_with_keys(found, request.user)
    chosen = "team" in request.GET and "look" not in request.GET
    form = RecipientForm(teams, request.GET, looking=not chosen)
    if form.is_valid() and chosen:
        team, purpose = form.cleaned_data["team"].pk, form.cleaned_data["purpose"]
        return redirect("consent:question", found.pk, team, purpose)
    return show(request, RECIPIENT, {"case": found, "form": form}, part="teams")


@require_http_methods(["GET", "POST"])
@apply_once
def question(request: Request, case: UUID, team: int, kind: str) -> HttpResponse:
    asked = asked_about(request, case, team, kind)
    if request.POST.get("answer") == "refused":
        return refused(request, asked)
    form = ConsentForm(asked, request.POST or None)
    if form.is_bound and form.is_valid():
        return given(request, asked, form)
    context = {"consent_form": form, "asked": asked, "case": asked.case}
    return show(request, ASK, context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@apply_once
def again(request: Request, pk: UUID) -> HttpResponse:
    """Ask the same question once more, before its time is over."""
    found = consent_of(request, pk)
    work_on_case.find(Case.objects.all(), request.user, pk=found.case_id)
    if not found.is_live:
        return redirect(build_question_address(found))
    asked = consent_questions.reopen_question(found, by=request.user)
    form = ConsentForm(asked, request.POST or None, again=found)
    if form.is_bound and form.is_valid():
        actions.prolong(found, by=request.user, **form.said())
        messages.success(request, _("Saved: the person agrees until then."))
        return redirect("consent:consent", found.pk)
    context = {
        "consent_form": form,
        "asked": asked,
        "case": asked.case,
        "again": found,
    }
    return show(request, ASK, context, status=422 if form.is_bound else 200)


def build_question_address(consent: Consent) -> str:
    """Build the address where the person is asked again after an end of the same."""
    about = [consent.case_id, consent.recipient_id, consent.purpose]
    url = reverse("consent:question", args=about)
    return f"{url}?need={consent.need_id}" if consent.need_id else url


def given(
    request: Request, asked: ConsentFormContext, form: ConsentForm
) -> HttpResponse:
    consent = actions.give(
        asked.case,
        recipient=asked.recipient,
        purpose=Consent.Purpose(asked.purpose),
        need=asked.need,
        by=request.user,
        **form.said(),
    )
    messages.success(request, _("Saved: the person agrees."))
    return redirect("consent:consent", consent.pk)


def refused(request: Request, asked: ConsentFormContext) -> HttpResponse:
    heard = request.POST.get("language", "")
    actions.refuse(
        asked.case,
        recipient=asked.recipient,
        purpose=Consent.Purpose(asked.purpose),
        need=asked.need,
        language=heard if is_language(heard) else asked.language,
        by=request.user,
    )
    messages.success(
        request,
        _("Saved: the person does not agree. Nothing else changes."),
    )
    return redirect("consent:ledger", asked.case.pk)


@require_POST
def text(request: Request, case: UUID, team: int, kind: str) -> HttpResponse:
    """Render the words about what is ticked now: into the form, or as a page to
    print."""
    asked = asked_about(request, case, team, kind, among=register.find_admitted_teams)
    form = ConsentForm(asked, request.POST)
    form.is_valid()
    context = {
        "consent_form": form,
        "asked": asked,
        "text": form.wording(),
        "child": asked.child,
    }
    if request.htmx:
        return show(request, ASK, context, part="words")
    return show(request, TEXT, context)


@require_GET
def recording(request: Request, pk: int) -> HttpResponse:
    """Send one phrase of a mechanism in force, to everyone who is signed in."""
    found = hear_recording.find(VersionFile.objects.all(), request.user, pk=pk)
    kind = recordings.TYPES[PurePosixPath(found.path).suffix]
    response = send_sound(request, bytes(found.content), kind)
    response["Cache-Control"] = "private, max-age=3600"
    return response


def case_of(request: Request, pk: UUID) -> Case:
    cases = Case.objects.select_related("team__organisation")
    return work_on_case.find(cases, request.user, pk=pk)


def asked_about(
    request: Request,
    case: UUID,
    team: int,
    kind: str,
    among: Callable[[Case, User], QuerySet[Team]] = register.find_teams_with_keys,
) -> ConsentFormContext:
    found = case_of(request, case)
    offered = among(found, request.user)
    wanted = [team, *(parse_small_int(pk) for pk in request.GET.getlist("then"))]
    recipients = [ask_about_team.find(offered, request.user, pk=pk) for pk in wanted]
    return consent_questions.open_question(
        found,
        recipients=recipients,
        purpose=kind,
        need=need_of(request, found, kind),
        by=request.user,
    )


def need_of(request: Request, case: Case, kind: str) -> Need | None:
    """Find the need that a referral is about; the address names it."""
    if kind != Consent.Purpose.REFERRAL:
        return None
    try:
        pk = UUID(request.GET.get("need", ""))
    except ValueError as error:
        raise BadRequest("A referral is about one need.") from error
    return see_thing_of_case.find(case.needs.all(), request.user, pk=pk)
