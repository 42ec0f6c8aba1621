"""The academy's desk: who waits for an answer, how long, and what can be done."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from amana.academy.cohorts import actions
from amana.academy.cohorts.catalogue import list_offered_courses
from amana.academy.cohorts.forms import AccountForm, BringForm, OfferForm, ReplyForm
from amana.academy.cohorts.models import Application, Cohort
from amana.academy.cohorts.rules import (
    STAFF,
    answer_attempt_request,
    handle_application,
    lead_cohort,
    open_cohort,
    see_application,
)
from amana.academy.cohorts.states import QUESTIONS, ApplicationStatus
from amana.academy.courses.content import load_content
from amana.academy.courses.models import AttemptRequest
from amana.academy.courses.pages import format_text
from amana.trust.access.http import Request, posted
from amana.trust.access.models import User
from amana.trust.access.rules import NotAccessible, has_role
from amana.ui.http import done, show
from amana.ui.once import apply_once
from amana.ui.paging import SIZE, find_page

DESK, APPLICATION = "cohorts/desk.html", "cohorts/application.html"

STEPS: dict[str, Callable[..., None]] = {
    "wait": actions.add_to_waiting_list,
    "decline": actions.decline_application,
    "withdraw": actions.withdraw_application,
    "scholarship": actions.grant_scholarship,
    "fee": actions.record_fee,
}
"""The actions that take one tap."""


@require_GET
def desk(request: Request) -> HttpResponse:
    """Show what waits, the longest first, and the cohorts that one leads."""
    coming = Cohort.objects.upcoming().for_list().with_numbers()
    cohorts = list(lead_cohort.among(coming, request.user))
    keeps = has_role(request.user, STAFF)
    if not cohorts and not keeps:
        raise NotAccessible(open_cohort, Cohort, {})
    waiting = see_application.among(Application.objects.ours().for_list(), request.user)
    # A visitor has no account: only a person can tell them that a place is kept for
    # them, and until when.
    to_tell = Application.objects.to_tell().for_list().order_by("offered_until", "pk")
    stuck = list_attempt_requests(request)
    context = {
        "waiting": find_page(waiting, request, key=("due_at", "pk")),
        "to_tell": see_application.among(to_tell, request.user),
        "stuck": [(each, format_module(each)) for each in stuck[:SIZE]],
        "more_stuck": len(stuck) > SIZE,
        "cohorts": cohorts,
        "keeps": keeps,
        "courses": list_offered_courses() if keeps else [],
    }
    return show(request, DESK, context, part="queue")


def list_attempt_requests(request: Request) -> list[AttemptRequest]:
    """List the oldest requests, and one more than are shown where there are more."""
    waiting = AttemptRequest.objects.waiting().for_list()
    return list(answer_attempt_request.among(waiting, request.user)[: SIZE + 1])


def format_module(asked: AttemptRequest) -> str:
    course = load_content(asked.enrolment.version)
    module = course.module(asked.module)
    return format_text(course, module.title) if module else asked.module


@require_POST
@apply_once
def open_attempts(request: Request, pk: int) -> HttpResponse:
    asked = AttemptRequest.objects.for_list()
    found = answer_attempt_request.find(asked, request.user, pk=pk)
    actions.open_attempts(found, by=request.user)
    return done(request, then=reverse("cohorts:desk"))


def seen(request: Request, pk: UUID) -> Application:
    return see_application.find(Application.objects.for_list(), request.user, pk=pk)


@require_GET
def application(request: Request, pk: UUID) -> HttpResponse:
    return application_page(request, seen(request, pk))


def application_page(
    request: Request, found: Application, typed: forms.Form | None = None
) -> HttpResponse:
    """Show an application with what can be done next; `typed` is a form with errors."""
    offered: dict[str, object] = dict(build_forms(request.user, found))
    if typed is not None:
        # Replaces the empty form, so that nothing that was typed is lost.
        offered[name_form(typed)] = typed
    context = {
        "application": found,
        "typed": typed,
        "steps": list_steps(request.user, found),
        "is_question": found.state in QUESTIONS,
    } | offered
    return show(request, APPLICATION, context, status=422 if typed else 200)


def name_form(form: forms.Form) -> str:
    """Name a form as the template does: `reply_form` for a ReplyForm."""
    return f"{type(form).__name__.removesuffix('Form').lower()}_form"


def build_forms(user: User, one: Application) -> dict[str, forms.Form]:
    found: list[forms.Form] = []
    if one.state is ApplicationStatus.ENQUIRED:
        found.append(ReplyForm())
    if one.state in QUESTIONS and (cohorts := find_open_cohorts(user)):
        found.append(BringForm(cohorts))
    if one.state is ApplicationStatus.APPLIED and one.cohort and is_free(one.cohort):
        found.append(OfferForm())
    if one.is_open and one.state not in QUESTIONS and one.person_id is None:
        found.append(AccountForm())
    return {name_form(form): form for form in found}


def list_steps(user: User, one: Application) -> set[str]:
    """List what the page offers; the actions decide."""
    steps = set()
    if one.may_become(ApplicationStatus.DECLINED):
        steps.add("decline")
    if one.may_become(ApplicationStatus.WITHDRAWN):
        steps.add("withdraw")
    if (
        one.may_become(ApplicationStatus.WAITLISTED)
        and one.cohort
        and not is_free(one.cohort)
    ):
        steps.add("wait")
    if one.cohort and one.is_open and one.cohort.fee:
        steps |= set() if one.fee_noted_at else {"fee"}
        steps |= set() if one.scholarship_granted_at else {"scholarship"}
    return steps


def is_free(cohort: Cohort) -> bool:
    return cohort.free_places() > 0


def find_open_cohorts(user: User) -> QuerySet[Cohort]:
    return lead_cohort.among(Cohort.objects.open().for_list(), user)


# --- actions


@require_POST
@apply_once
def answer(request: Request, pk: UUID) -> HttpResponse:
    found, form = seen(request, pk), ReplyForm(posted(request))
    if not form.is_valid():
        return application_page(request, found, form)
    actions.record_answer(found, form.cleaned_data["reply"], by=request.user)
    return done(request, then="cohorts:desk")


@require_POST
@apply_once
def bring(request: Request, pk: UUID) -> HttpResponse:
    found = seen(request, pk)
    form = BringForm(find_open_cohorts(request.user), posted(request))
    if not form.is_valid():
        return application_page(request, found, form)
    actions.apply_for_person(found, form.cleaned_data["cohort"], by=request.user)
    return done(request, then=build_url(found))


@require_POST
@apply_once
def offer(request: Request, pk: UUID) -> HttpResponse:
    found, form = handled(request, pk), OfferForm(posted(request))
    if not form.is_valid():
        return application_page(request, found, form)
    actions.offer_place(found, until=form.cleaned_data["until"], by=request.user)
    return done(request, then=build_url(found))


@require_POST
@apply_once
def link(request: Request, pk: UUID) -> HttpResponse:
    found, form = handled(request, pk), AccountForm(posted(request))
    if not form.is_valid() or form.person is None:
        return application_page(request, found, form)
    actions.link_account(found, form.person, by=request.user)
    return done(request, then=build_url(found))


@require_POST
@apply_once
def say(request: Request, pk: UUID, step: str) -> HttpResponse:
    found = seen(request, pk)
    if step not in STEPS:
        raise NotAccessible(see_application, Application, {"step": step})
    STEPS[step](found, by=request.user)
    return done(request, then=build_url(found))


def handled(request: Request, pk: UUID) -> Application:
    rows = Application.objects.for_list()
    return handle_application.find(rows, request.user, pk=pk)


def build_url(found: Application) -> str:
    return reverse("cohorts:application", args=[found.pk])
