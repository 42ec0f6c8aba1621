"""Working on a case: needs, follow-ups, urgency, safety."""

from uuid import UUID

from django import forms as django_forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from amana.care.cases import actions, need_kinds, sections
from amana.care.cases.forms import (
    AnswerNeedForm,
    FollowUpForm,
    NeedForm,
    OutcomeForm,
    SafetyForm,
    UrgencyForm,
)
from amana.care.cases.models import Case, Need
from amana.care.cases.opened_records import build_written
from amana.care.cases.usual import list_frequent_needs
from amana.care.cases.views.case_lookup import case_worked_on, follow_up_seen, need_seen
from amana.care.pending import actions as pending
from amana.errors import Refused
from amana.trust.access.http import Request
from amana.trust.access.models import User
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.keys import Locked
from amana.ui.http import done, show
from amana.ui.once import apply_once

FORM = "cases/form.html"
NEED = "cases/need.html"
FOLLOW_UP = "cases/follow_up.html"
SAFETY = "cases/safety.html"
LEVEL = "cases/level.html"


def build_case_url(case: Case) -> str:
    return reverse("cases:case", args=[case.pk])


def ask(
    request: Request,
    case: Case,
    form: django_forms.Form,
    *,
    title: str,
    yes: str,
    lead: str = "",
    status: int = 200,
    template: str = FORM,
    **more: object,
) -> HttpResponse:
    """Ask one small form about a case, on its own page."""
    context = {"case": case, "form": form, "title": title, "yes": yes, "lead": lead}
    return show(request, template, context | more, status=status)


@require_http_methods(["GET", "POST"])
@apply_once
def add_need(request: Request, pk: UUID) -> HttpResponse:
    case = case_worked_on(request, pk)
    words = {"title": _("What else is needed?"), "yes": _("Add this need")}
    form = NeedForm(request.POST or None, often=list_frequent_needs([case.team]))
    if not form.is_valid():
        return ask(request, case, form, status=422 if form.is_bound else 200, **words)
    asked = form.asked
    try:
        actions.raise_need(
            case,
            type=asked.type,
            urgency=asked.urgency,
            words=asked.words,
            by=request.user,
        )
    except Locked:
        raise
    except Refused as no:
        form.add_error(None, str(no))
        return ask(request, case, form, status=409, **words)
    return done(request, then=build_case_url(case))


def answer(need: Need, form: django_forms.Form, *, by: User) -> None:
    """Record what opens a need again at once; hold back what settles it, so that it can
    be undone."""
    due_at = pending.compute_due_at()
    if due_at is None or form.cleaned_data["status"] == Need.Status.OPEN:
        actions.answer_need(need, by=by, **form.cleaned_data)
    else:
        actions.decide_need(need, due_at=due_at, by=by, **form.cleaned_data)


@require_http_methods(["GET", "POST"])
def need(request: Request, pk: UUID) -> HttpResponse:
    """Ask for the status of a need that was met, or not, without a referral."""
    found = need_seen(request, pk)
    need_kinds.show([found], by=request.user, purpose="case")
    form = AnswerNeedForm(request.POST or None, initial={"status": found.status})
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                answer(found, form, by=request.user)
            except Refused as no:
                form.add_error(None, str(no))
                status = 409
            else:
                return done(request, then=build_case_url(found.case))
    return ask(
        request,
        found.case,
        form,
        title=str(found.needed),
        yes=_("Save"),
        status=status,
        template=NEED,
        need=found,
        undo=True,
        opens_at_once=True,
        takes_effect_at=pending.compute_due_at(),
    )


@require_http_methods(["GET", "POST"])
@apply_once
def add_follow_up(request: Request, pk: UUID) -> HttpResponse:
    case = case_worked_on(request, pk)
    words = {"title": _("What comes next?"), "yes": _("Plan it")}
    form = FollowUpForm(request.POST or None)
    if not form.is_valid():
        return ask(request, case, form, status=422 if form.is_bound else 200, **words)
    try:
        actions.plan_follow_up(case, by=request.user, **form.cleaned_data)
    except Locked:
        raise
    except Refused as no:
        form.add_error(None, str(no))
        return ask(request, case, form, status=409, **words)
    return done(request, then=build_case_url(case))


@require_http_methods(["GET", "POST"])
def follow_up(request: Request, pk: UUID) -> HttpResponse:
    """Show what was to be done, and record the outcome."""
    found = follow_up_seen(request, pk)
    case = found.case
    written = build_written(
        documents.open_documents(
            case.pk,
            [Compartment.NEEDS],
            by=request.user,
            purpose="follow-up",
            names=[found.document, found.outcome_document],
        )
    )
    form = OutcomeForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.finish_follow_up(
                found, words=form.cleaned_data["words"], by=request.user
            )
        except Locked:
            raise
        except Refused as no:
            form.add_error(None, str(no))
            status = 409
        else:
            return done(request, then=build_case_url(case))
    return ask(
        request,
        case,
        form,
        title=str(found.get_kind_display()),
        yes=_("Mark as done"),
        status=status,
        template=FOLLOW_UP,
        follow_up=found,
        words=written.of(found.document).get("words", ""),
        outcome=written.of(found.outcome_document).get("words", ""),
        afterwards=sections.list_later_steps(case, request.user),
    )


@require_http_methods(["GET", "POST"])
def urgency(request: Request, pk: UUID) -> HttpResponse:
    case = case_worked_on(request, pk)
    form = UrgencyForm(request.POST or None, initial={"urgency": case.urgency})
    if not form.is_valid():
        return ask(
            request,
            case,
            form,
            title=_("How urgent is it?"),
            yes=_("Change"),
            lead=_(
                "You decide, with the person. Rules can raise the urgency, never "
                "lower it."
            ),
            status=422 if form.is_bound else 200,
        )
    actions.set_urgency(case, form.cleaned_data["urgency"], by=request.user)
    return done(request, then=build_case_url(case))


@require_http_methods(["GET", "POST"])
@apply_once
def safety(request: Request, pk: UUID) -> HttpResponse:
    """Ask how safe the person is. The level follows by rule, with its reasons."""
    case = case_worked_on(request, pk)
    form = SafetyForm(request.POST or None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return show(request, SAFETY, {"case": case, "form": form}, status=status)
    try:
        assessment = actions.assess_safety(
            case,
            answers=form.answers,
            words=form.cleaned_data["words"],
            plan=form.cleaned_data["plan"],
            by=request.user,
        )
    except Locked:
        raise
    except Refused as no:
        form.add_error(None, str(no))
        return show(request, SAFETY, {"case": case, "form": form}, status=409)
    # Shown at once, and not as a message: messages are kept in the clear.
    return show(request, LEVEL, {"case": case, "assessment": assessment})
