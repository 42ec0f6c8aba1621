"""A clinic, as its circle sees it."""

from dataclasses import dataclass
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
from amana.academy.practice.labs import actions, rules
from amana.academy.practice.labs.actions.clinics import SPEAKS, build_word_name
from amana.academy.practice.labs.forms import ClinicCaseForm, ClinicMessageForm
from amana.academy.practice.labs.models import NEXT, Clinic, ClinicMessage, ClinicStage
from amana.trust.access.http import Request, posted
from amana.ui.http import done, show
from amana.ui.once import apply_once

BRING, CLINIC, DESTROY = "labs/bring.html", "labs/clinic.html", "labs/destroy.html"


@dataclass(frozen=True)
class ShownMessage:
    kind: ClinicMessage.Kind
    text: str
    mine: bool


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
    presents = clinic.presenter_id == request.user.pk
    stage = ClinicStage(clinic.stage)
    context = {
        "clinic": clinic,
        "told": told,
        # A person who lost both passphrase and recovery code has no key of what was
        # written to them before (ADR 20).
        "locked_out": bool(words) and not told,
        "words": [
            ShownMessage(
                ClinicMessage.Kind(word.kind),
                written.get(build_word_name(word), {}).get("text", ""),
                word.by_id == request.user.pk,
            )
            for word in words[1:]
        ],
        "presents": presents,
        "kind": next((k for k, own in SPEAKS[stage].items() if own is presents), None),
        "stages": [stage for stage in ClinicStage if stage != ClinicStage.CLOSED],
        "after": NEXT.get(stage) if presents else None,
        "form": form or ClinicMessageForm(),
    }
    return show(request, CLINIC, context, status=422 if form else 200)


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
