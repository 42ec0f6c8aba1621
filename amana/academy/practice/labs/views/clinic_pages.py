"""A clinic, as its circle sees it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.academy import circle
from amana.academy.cohorts.models import Cohort
from amana.academy.courses.content import load_content
from amana.academy.courses.pages import CourseProse
from amana.academy.practice.labs import (
    actions,
    case_display,
    rules,
    shipped_cases,
)
from amana.academy.practice.labs.actions.clinics import (
    GIVES,
    build_word_name,
    list_kinds,
)
from amana.academy.practice.labs.engine.clinic_case import ClinicCase
from amana.academy.practice.labs.forms import ClinicCaseForm, ClinicMessageForm
from amana.academy.practice.labs.models import (
    MINUTES,
    NEXT,
    Clinic,
    ClinicMessage,
    ClinicStage,
    GivenAnswer,
)
from amana.trust.access.http import Request, posted
from amana.trust.access.models import User
from amana.ui.http import done, show
from amana.ui.once import apply_once

BRING, CLINIC, DESTROY = "labs/bring.html", "labs/clinic.html", "labs/destroy.html"


@dataclass(frozen=True)
class ShownMessage:
    title: str
    text: str
    """What a member of the circle wrote."""
    words: CourseProse | None
    """What the course's case answers."""
    mine: bool
    at: datetime


@require_http_methods(["GET", "POST"])
@apply_once
def bring(request: Request, cohort: int) -> HttpResponse:
    found = rules.take_part.find(Cohort.objects.standing(), request.user, pk=cohort)
    form = ClinicCaseForm(posted(request))
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("text", "asks")}
        clinic = actions.bring_case(found, **said, by=request.user)
        return done(request, then=reverse("labs:clinic", args=[clinic.pk]))
    context = {"cohort": found, "form": form}
    return show(request, BRING, context, status=422 if form.is_bound else 200)


def seen(request: Request, pk: UUID) -> Clinic:
    return rules.hear.find(Clinic.objects.for_list(), request.user, pk=pk)


@require_GET
@never_cache
def clinic(request: Request, pk: UUID) -> HttpResponse:
    return clinic_page(request, seen(request, pk))


def clinic_page(
    request: Request, clinic: Clinic, form: ClinicMessageForm | None = None
) -> HttpResponse:
    written = circle.open_messages(clinic.pk, by=request.user, purpose="clinic")
    words = list(clinic.words.order_by("pk"))
    told = written.get(build_word_name(words[0]), {}) if words else {}
    presents = rules.present.permits(request.user, clinic)
    stage = ClinicStage(clinic.stage)
    case = shipped_cases.load_case(clinic)
    given = list(clinic.given.order_by("pk")) if case else []
    kinds = list_kinds(clinic, stage, presents=presents)
    messages = [
        *build_messages(words[1:], written, request.user),
        *(build_given(case, answer) for answer in given if case),
    ]
    context = {
        "clinic": clinic,
        "told": told,
        # A person who lost both passphrase and recovery code has no key of what was
        # written to them before (ADR 20).
        # Who leads later can still present a case of the course, which was not sealed.
        "locked_out": bool(words) and not told and not (case and presents),
        "words": sorted(messages, key=lambda message: message.at),
        "presents": presents,
        "kind": next(iter(kinds), None),
        "stages": list_stages(clinic),
        "after": NEXT.get(stage) if presents else None,
        "form": form or ClinicMessageForm(),
        **(build_case_part(clinic, case, given, presents=presents) if case else {}),
    }
    return show(request, CLINIC, context, status=422 if form else 200)


def build_messages(
    words: list[ClinicMessage], written: circle.Written, user: User
) -> list[ShownMessage]:
    return [
        ShownMessage(
            str(ClinicMessage.Kind(word.kind).label),
            written.get(build_word_name(word), {}).get("text", ""),
            None,
            word.by_id == user.pk,
            word.at,
        )
        for word in words
        if build_word_name(word) in written
    ]


def build_given(case: ClinicCase, given: GivenAnswer) -> ShownMessage:
    answer = case.answers[given.code]
    prose = case_display.build_prose(answer.text)
    return ShownMessage(answer.when, "", prose, False, given.at)


def list_stages(clinic: Clinic) -> list[tuple[ClinicStage, int]]:
    """List the stages with their minutes. A case of one's own is presented in writing,
    so its clinic begins with questions."""
    begun = ClinicStage.TELLING if clinic.case else ClinicStage.QUESTIONS
    stages = list(MINUTES.items())
    return stages[list(MINUTES).index(begun) :]


def build_case_part(
    clinic: Clinic, case: ClinicCase, given: list[GivenAnswer], *, presents: bool
) -> dict[str, object]:
    """Build what the page shows of the course's case: to all, what they may read now;
    to those who present it, the answers too."""
    course = load_content(clinic.cohort.version)
    stage = ClinicStage(clinic.stage)
    part: dict[str, object] = {
        "case": case_display.build_case(course, case),
        "advises": stage not in {ClinicStage.TELLING, ClinicStage.QUESTIONS},
    }
    if presents:
        codes = {answer.code for answer in given}
        part |= {
            "answers": case_display.list_answers(case, codes),
            "gives": stage in GIVES,
        }
    # Findings end a discussion: no one has them before it is over.
    if stage == ClinicStage.CLOSED:
        part |= {
            "findings": case_display.list_findings(course, case.findings),
            "others": case_display.list_findings(course, case.others),
            "lessons": case_display.list_lesson_links(course, case.lessons),
        }
    return part


@require_POST
@apply_once
def speak(request: Request, pk: UUID) -> HttpResponse:
    found = seen(request, pk)
    form = ClinicMessageForm(posted(request))
    if not form.is_valid():
        return clinic_page(request, found, form)
    asked = request.POST.get("kind", "")
    # A case is written once, at the beginning: as a kind, it is refused in every stage.
    kind = (
        ClinicMessage.Kind(asked)
        if asked in ClinicMessage.Kind.values
        else ClinicMessage.Kind.CASE
    )
    actions.write_message(found, kind, form.cleaned_data["text"], by=request.user)
    return done(request, then=reverse("labs:clinic", args=[pk]))


@require_POST
@apply_once
def advance(request: Request, pk: UUID) -> HttpResponse:
    found = rules.present.find(Clinic.objects.all(), request.user, pk=pk)
    to = request.POST.get("to", "")
    # No stage leads back to the questions, so this is refused like any wrong stage.
    stage = ClinicStage(to) if to in ClinicStage.values else ClinicStage.QUESTIONS
    actions.advance(found, to=stage, by=request.user)
    return done(request, then=reverse("labs:clinic", args=[pk]))


@require_http_methods(["GET", "POST"])
@apply_once
def destroy(request: Request, pk: UUID) -> HttpResponse:
    """Ask once more, as it can't be undone; then destroy it."""
    found = rules.present.find(Clinic.objects.all(), request.user, pk=pk)
    if request.method == "POST":
        actions.destroy(found, by=request.user)
        return done(request, then="labs:home")
    return show(request, DESTROY, {"clinic": found})
