"""The safety questions of a case, asked again: earlier answers are shown and none is
preset."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from amana.care.cases import actions, sections
from amana.care.cases.gate import STEPS, GateAnswer, SafetyGate, SafetyRecord
from amana.care.cases.models import Case
from amana.care.cases.opened_records import build_written
from amana.care.cases.rules import work_on_case
from amana.care.cases.views.case_lookup import case_seen
from amana.care.cases.views.meeting import get_verdict, sort_contacts
from amana.trust.access.http import Request
from amana.trust.access.rules import NotAccessible
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment
from amana.ui.http import done, show
from amana.ui.once import apply_once

ASK = "cases/ask_again.html"


@require_http_methods(["GET", "POST"])
@apply_once
def gate(request: Request, pk: UUID) -> HttpResponse:
    """Show what the latest answers establish and what to do; record new answers."""
    case = case_seen(request, pk)
    works = sections.may_work(case, request.user)
    if request.method == "GET":
        return show_gate(request, case, SafetyGate(), works=works)
    if not works:
        raise NotAccessible(work_on_case, Case, {"pk": pk})
    asked = SafetyGate.read(request.POST)
    if not asked.answers:
        return show_gate(request, case, asked, works=works, status=422)
    record = actions.ask_gate_again(case, answers=asked.plain(), by=request.user)
    messages.success(request, _("Your answers are recorded."))
    name = "cases:gate" if asked.red or record.gate.declined else "cases:case"
    return done(request, then=reverse(name, args=[case.pk]))


def show_gate(
    request: Request, case: Case, asked: SafetyGate, *, works: bool, status: int = 200
) -> HttpResponse:
    record = load_safety(case, request)
    context = {
        "case": case,
        "record": record,
        "gate": record.gate,
        "verdict": get_verdict(record.gate),
        "contacts": sort_contacts(record.gate) if record.gate.red else [],
        "steps": [
            (
                step,
                [
                    (
                        question,
                        asked.answers.get(question.code),
                        record.answered.get(question.code),
                    )
                    for question in step.questions
                ],
            )
            for step in STEPS
        ],
        "answers": list(GateAnswer),
        "nothing_answered": status != 200,
        "asks": works and case.is_open,
    }
    return show(request, ASK, context, status=status)


def load_safety(case: Case, request: Request) -> SafetyRecord:
    """Open the latest answers; without a key of the part the vault finds none."""
    opened = documents.open_documents(
        case.pk, [Compartment.CONTACT], by=request.user, purpose="safety questions"
    )
    return build_written(opened).safety
