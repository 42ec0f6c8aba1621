"""Basic details and needs, at the first meeting."""

import re
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from amana.care.cases import actions, sections
from amana.care.cases.finding import FoundCase, find_known_people
from amana.care.cases.forms.intake_forms import (
    MOST_NEEDS,
    IntakeForm,
    NeedForm,
    NeedFormSet,
)
from amana.care.cases.gate.gate_questions import (
    GateAnswer,
    GateQuestion,
    GateResult,
)
from amana.care.cases.gate.gate_record import SafetyGate
from amana.care.cases.models.case_record import Case
from amana.care.cases.usual import list_frequent_needs, list_tiles
from amana.care.cases.views.case_lookup import list_teams_to_open_in
from amana.design.directory.taxonomy.service_types import ServiceType
from amana.errors import Refused
from amana.reviewed_files import Text
from amana.trust.access.http import Request
from amana.trust.access.models import Team
from amana.trust.vault.keys.keyring import Locked
from amana.trust.vault.middleware import warn_about_omitted_records
from amana.ui.http import done, show
from amana.ui.once import apply_once
from amana.ui.typed import parse_small_int

INTAKE = "cases/intake.html"


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


def list_kept_answers(
    gate: SafetyGate, without: tuple[GateQuestion, ...]
) -> list[tuple[str, str]]:
    """List the answers that this page doesn't ask for, to be sent along."""
    asked_here = {question.code for question in without}
    return [(c, a) for c, a in gate.plain().items() if c not in asked_here]


def choose_next_url(case: Case, request: Request) -> str:
    """Choose the page on which help is found; the case itself where no room offers
    that."""
    for need in case.needs.order_by("urgency", "pk"):
        for step in sections.list_need_steps(need, request.user):
            return step.url
    return reverse("cases:case", args=[case.pk])


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


def build_form(gate: SafetyGate, teams: list[Team]) -> IntakeForm:
    """Build the form with what the gate has already answered: it is not asked twice."""
    known: dict[str, object] = {}
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


def offered(request: Request) -> dict[str, object]:
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


def map_typed_values(form: IntakeForm) -> dict[str, object]:
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
