"""A first meeting: the safety gate, the way to help at once, and the little that is
needed to begin. Answers travel in the form itself: nothing of them is kept before."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from amana.care.cases import actions, sections
from amana.care.cases.finding import FoundCase, find_known_people
from amana.care.cases.forms import (
    MOST_NEEDS,
    EmergencyForm,
    IntakeForm,
    NeedForm,
    NeedFormSet,
)
from amana.care.cases.gate import (
    STEPS,
    GateAnswer,
    GateQuestion,
    GateResult,
    SafetyGate,
    Text,
)
from amana.care.cases.models import Case, EmergencyContact
from amana.care.cases.usual import list_frequent_needs, list_tiles
from amana.care.cases.views.case_lookup import list_teams_to_open_in
from amana.design.directory.taxonomy import ServiceType
from amana.errors import Refused
from amana.trust.access.http import Request
from amana.trust.vault.keys import Locked
from amana.trust.vault.middleware import warn_about_omitted_records
from amana.ui.http import done, show
from amana.ui.once import apply_once
from amana.ui.typed import parse_small_int

GATE = "cases/gate.html"
EMERGENCY = "cases/emergency.html"
READY = "cases/ready.html"
INTAKE = "cases/intake.html"


@require_http_methods(["GET", "POST"])
def meet(request: Request) -> HttpResponse:
    """Ask the safety gate, a few questions at a time; a red answer leads to help."""
    gate = SafetyGate.read(request.POST)
    step = step_of(request)
    if request.method == "GET":
        return show_step(request, gate, 1)
    seen = set(request.POST.get("seen", "").split())
    match request.POST.get("go", "next"):
        case "back":
            return show_step(request, gate, step - 1)
        case "stay":
            return show_step(request, gate, step)
        case "emergency":
            return show_emergency(request, gate, step)
    # Only a danger that has not been shown yet: otherwise the emergency page would come
    # up again after each step, with no way past it.
    if any(question.code not in seen for question in gate.red):
        return show_emergency(request, gate, step + 1)
    if step < len(STEPS):
        return show_step(request, gate, step + 1)
    teams = list_teams_to_open_in(request.user)
    if teams and gate.result is GateResult.SAFE and not gate.care:
        # Nothing to do first: the verdict is shown above the form itself.
        form, needs = build_form(gate, teams), a_new_set(request)
        return show_intake(request, gate, form, needs, verdict=get_verdict(gate))
    return show_ready(request, gate)


def step_of(request: Request) -> int:
    said = parse_small_int(request.POST.get("step", "")) or 1
    return min(said, len(STEPS))


@dataclass(frozen=True)
class GateResultText:
    """What the page shows of a result; nothing else of it is shown above."""

    title: Text
    lead: Text


VERDICTS = {
    (GateResult.SAFE, False): GateResultText(
        gettext_lazy("You can talk"),
        gettext_lazy(
            "Needs first, the story later. Open questions, their own words, breaks "
            "whenever they like."
        ),
    ),
    (GateResult.NOT_ESTABLISHED, False): GateResultText(
        gettext_lazy("Safety is not established"),
        gettext_lazy(
            "Don’t ask what happened yet. You can still find help: help is never "
            "refused."
        ),
    ),
    (GateResult.NOT_ESTABLISHED, True): GateResultText(
        gettext_lazy("Stop here"),
        gettext_lazy(
            "The person doesn’t agree to continue. That is their right, and they "
            "lose nothing."
        ),
    ),
    (GateResult.DANGER, False): GateResultText(
        gettext_lazy("Danger: get help first"),
        gettext_lazy(
            "Act on the danger before anything else. When it has passed, change the "
            "answer."
        ),
    ),
    (GateResult.DANGER, True): GateResultText(
        gettext_lazy("Stop here, and get help for the danger"),
        gettext_lazy(
            "The person doesn’t agree to continue. Ask nothing more; help doesn’t "
            "depend on answers."
        ),
    ),
}
"""By the result, and whether the person declined to continue: with that answer the
result is never "safe to talk"."""


def get_verdict(gate: SafetyGate) -> GateResultText:
    return VERDICTS[gate.result, gate.declined]


def show_ready(request: Request, gate: SafetyGate) -> HttpResponse:
    """Show what the answers establish, what is missing, and what to do."""
    context = {
        "gate": gate,
        "verdict": get_verdict(gate),
        "missing_step": find_first_step(gate.unanswered or gate.against),
        "kept": list_kept_answers(gate, without=()),
    }
    return show(request, READY, context)


def find_first_step(questions: list[GateQuestion]) -> int:
    """Find the number of the page on which the first of these questions is asked."""
    return next(
        (
            number
            for number, step in enumerate(STEPS, start=1)
            if any(question in step.questions for question in questions)
        ),
        1,
    )


def show_step(request: Request, gate: SafetyGate, number: int) -> HttpResponse:
    number = min(max(number, 1), len(STEPS))
    step = STEPS[number - 1]
    shown = [
        (question, gate.answers.get(question.code), None) for question in step.questions
    ]
    context = {
        "step": step,
        "number": number,
        "of": len(STEPS),
        "questions": shown,
        "answers": list(GateAnswer),
        "kept": list_kept_answers(gate, without=step.questions),
        "seen": " ".join(question.code for question in gate.red),
    }
    return show(request, GATE, context)


def list_kept_answers(
    gate: SafetyGate, without: tuple[GateQuestion, ...]
) -> list[tuple[str, str]]:
    """List the answers that this page doesn't ask for, to be sent along."""
    asked_here = {question.code for question in without}
    return [(c, a) for c, a in gate.plain().items() if c not in asked_here]


def show_emergency(
    request: Request,
    gate: SafetyGate,
    step: int,
    form: EmergencyForm | None = None,
    status: int = 200,
) -> HttpResponse:
    teams = list_teams_to_open_in(request.user)
    context = {
        "gate": gate,
        "kept": list_kept_answers(gate, without=()),
        "seen": " ".join(question.code for question in gate.red),
        "step": min(step, len(STEPS)),
        "finished": step > len(STEPS),
        "contacts": sort_contacts(gate),
        "teams": teams,
        "form": form
        or EmergencyForm(teams=teams, initial={"needs": [str(n) for n in gate.needs]}),
    }
    return show(request, EMERGENCY, context, status=status)


def sort_contacts(gate: SafetyGate) -> list[EmergencyContact]:
    """Sort the lines to call: first those for what was found, then the others."""
    urgent = gate.emergencies
    return sorted(
        EmergencyContact.objects.for_page(),
        key=lambda contact: (
            contact.when not in urgent,
            contact.when != EmergencyContact.When.ANY,
        ),
    )


@require_POST
@apply_once
def emergency(request: Request) -> HttpResponse:
    """Open a case for an emergency with the very least typed; then find help."""
    gate = SafetyGate.read(request.POST)
    form = EmergencyForm(request.POST, teams=list_teams_to_open_in(request.user))
    step = len(STEPS) + 1 if "finished" in request.POST else step_of(request)
    if not form.is_valid():
        return show_emergency(request, gate, step, form, status=422)
    case = actions.open_case(
        team=form.cleaned_data["team"],
        gate=gate.plain(),
        records=form.records,
        needs=form.asked,
        by=request.user,
    )
    say_opened(request, case)
    return done(request, then=choose_next_url(case, request))


def choose_next_url(case: Case, request: Request) -> str:
    """Choose the page on which help is found; the case itself where no room offers
    that."""
    for need in case.needs.order_by("urgency", "pk"):
        for step in sections.list_need_steps(need, request.user):
            return step.url
    return reverse("cases:case", args=[case.pk])


# --- intake


@require_http_methods(["GET", "POST"])
def intake(request: Request) -> HttpResponse:
    """Begin a case: the person's answers, what is needed, and whether we know them
    already."""
    teams = list_teams_to_open_in(request.user)
    if not teams:
        raise Refused(_("Only colleagues who hold a team’s key can open a case."))
    gate = SafetyGate.read(request.POST)
    go = request.POST.get("go", "")
    if request.method == "GET" or go == "begin":
        return show_intake(request, gate, build_form(gate, teams), a_new_set(request))
    form, needs = IntakeForm(request.POST, teams=teams), a_set(request)
    if go in ("add_need", "stay") or go.startswith("need "):
        rows = with_one_more(request, wanted=go.removeprefix("need "))
        return show_intake(request, gate, copy_as_typed(form), rows)
    if not (form.is_valid() and needs.is_valid() and has_need(form, needs)):
        return show_intake(request, gate, form, needs, status=422)
    if go != "someone_else":
        # Before the form takes effect, so that this search stays in the log even if
        # opening the case fails.
        alike = find_known_people(form.records, by=request.user)
        warn_about_omitted_records(request)
        if alike:
            return show_intake(request, gate, form, needs, alike=alike)
    return begin(request, gate, form, needs)


@apply_once
def begin(
    request: Request, gate: SafetyGate, form: IntakeForm, needs: BaseFormSet[NeedForm]
) -> HttpResponse:
    try:
        case = actions.open_case(
            team=form.cleaned_data["team"],
            gate=gate.plain(),
            records=form.records,
            needs=[need.asked for need in list_filled(needs)],
            unlike=judged_unlike(request),
            by=request.user,
        )
    except Locked:
        raise
    except Refused as no:
        form.add_error(None, str(no))
        return show_intake(request, gate, form, needs, status=409)
    say_opened(request, case)
    if request.POST.get("go") == "find_help":
        return done(request, then=choose_next_url(case, request))
    return done(request, then=reverse("cases:case", args=[case.pk]))


def say_opened(request: Request, case: Case) -> None:
    opened = _("Case opened: %(reference)s") % {"reference": case.reference}
    messages.success(request, opened)


def judged_unlike(request: Request) -> list[UUID]:
    """List the cases that were shown as alike, and that a person judged to be of
    others."""
    return [UUID(said) for said in request.POST.getlist("unlike") if is_uuid(said)]


def is_uuid(said: str) -> bool:
    return (
        bool(re.fullmatch(r"[0-9a-f-]{36}", said)) and len(said.replace("-", "")) == 32
    )


def show_intake(
    request: Request,
    gate: SafetyGate,
    form: IntakeForm,
    needs: BaseFormSet[NeedForm],
    *,
    alike: list[FoundCase] | None = None,
    verdict: GateResultText | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "verdict": verdict,
        "needs": needs,
        "tiles": list_tiles(form.teams),
        "gate": gate,
        "kept": list_kept_answers(gate, without=()),
        "alike": alike or [],
        "may_be_child": gate["SAFE08"] in (GateAnswer.YES, GateAnswer.UNSURE),
    }
    return show(request, INTAKE, context, status=status)


def build_form(gate: SafetyGate, teams: list[Any]) -> IntakeForm:
    """Build the form with what the gate has already answered: it is not asked twice."""
    known: dict[str, Any] = {}
    if gate["SAFE08"] is not GateAnswer.NOT_ASKED:
        known["identity_child"] = str(gate["SAFE08"])
        if gate["SAFE08"] in (GateAnswer.YES, GateAnswer.UNSURE):
            known["narrative_flags"] = ["child"]
    if gate["SAFE08A"] is GateAnswer.YES:
        known["identity_guardian_state"] = "needed"
    return IntakeForm(teams=teams, initial=known)


def a_new_set(
    request: Request, initial: list[dict[str, str]] | None = None
) -> BaseFormSet[NeedForm]:
    return NeedFormSet(prefix="need", initial=initial, form_kwargs=offered(request))


def a_set(request: Request) -> BaseFormSet[NeedForm]:
    return NeedFormSet(request.POST, prefix="need", form_kwargs=offered(request))


def offered(request: Request) -> dict[str, Any]:
    """Return what the form offers first: the needs that this person's teams record
    most."""
    return {"often": list_frequent_needs(list_teams_to_open_in(request.user))}


def with_one_more(request: Request, *, wanted: str = "") -> BaseFormSet[NeedForm]:
    """Return the same rows, as typed, one of the kind that is `wanted`, and an empty
    one."""
    said = parse_small_int(request.POST.get("need-TOTAL_FORMS", ""))
    # The number comes from the request: without a limit it could ask for a million
    # rows.
    count = 1 if said is None else min(said, MOST_NEEDS)
    typed = [
        {
            name: request.POST.get(f"need-{row}-{name}", "")
            for name in ("type", "urgency", "words")
        }
        for row in range(count)
    ]
    rows = [row for row in typed if row["type"] or row["words"]]
    if wanted in ServiceType and wanted not in [row["type"] for row in rows]:
        rows = [*rows, {"type": wanted, "urgency": "", "words": ""}][:MOST_NEEDS]
    return a_new_set(request, rows)


def copy_as_typed(form: IntakeForm) -> IntakeForm:
    """Copy the form as typed."""
    # Unbound, so that nothing is checked: to add a row is not yet to submit.
    return IntakeForm(teams=form.teams, initial=map_typed_values(form))


def map_typed_values(form: IntakeForm) -> dict[str, Any]:
    """Map each field to its typed value. The widget reads it, because some fields have
    several."""
    return {
        field.name: field.field.widget.value_from_datadict(
            form.data, form.files, field.html_name
        )
        for field in form
    }


def list_filled(needs: BaseFormSet[NeedForm]) -> list[NeedForm]:
    return [
        need for need in needs if need.has_changed() and need.cleaned_data.get("type")
    ]


def has_need(form: IntakeForm, needs: BaseFormSet[NeedForm]) -> bool:
    if list_filled(needs):
        return True
    form.add_error(None, _("Choose at least one thing that is needed."))
    return False
