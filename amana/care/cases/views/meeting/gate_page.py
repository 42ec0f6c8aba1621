"""The safety gate, and what its answers establish."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from amana.care.cases import actions
from amana.care.cases.forms.intake_forms import EmergencyForm
from amana.care.cases.gate.gate_questions import (
    STEPS,
    GateAnswer,
    GateQuestion,
    GateResult,
)
from amana.care.cases.gate.gate_record import SafetyGate
from amana.care.cases.models.files import EmergencyContact
from amana.care.cases.views.case_lookup import list_teams_to_open_in
from amana.care.cases.views.meeting.intake_page import (
    a_new_set,
    build_form,
    choose_next_url,
    get_verdict,
    list_kept_answers,
    say_opened,
    show_intake,
)
from amana.trust.access.http import Request
from amana.ui.http import done, show
from amana.ui.once import apply_once
from amana.ui.typed import parse_small_int

GATE = "cases/gate.html"


EMERGENCY = "cases/emergency.html"


READY = "cases/ready.html"


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
