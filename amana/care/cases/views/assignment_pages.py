"""Who works on a case, and cases kept to named people."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from amana.care.cases import actions
from amana.care.cases.forms import AssignForm, RestrictForm
from amana.care.cases.models import Assignment, Case
from amana.care.cases.rules import manage_case, see_thing_of_case
from amana.care.cases.views.case_lookup import case_seen, find_cases
from amana.errors import Refused
from amana.trust.access.http import Request
from amana.trust.access.models import KEYHOLDERS, Membership, User
from amana.trust.vault.keys import Locked
from amana.ui.http import done, show
from amana.ui.once import apply_once

PEOPLE = "cases/people.html"


@require_GET
def people(request: Request, pk: UUID) -> HttpResponse:
    return show_people(request, case_seen(request, pk))


def show_people(
    request: Request, case: Case, status: int = 200, **more: object
) -> HttpResponse:
    current = list(
        case.assignments.current().select_related("worker").order_by("part", "since")
    )
    manages = manage_case.permits(request.user, case)
    keyholders = find_colleagues(case)
    context = {
        "case": case,
        "people": current,
        "manages": manages,
        "assign_form": AssignForm(workers=keyholders),
        "restrict_form": RestrictForm(
            workers=keyholders,
            initial={"people": [work.worker_id for work in current if not work.until]},
        ),
    }
    return show(request, PEOPLE, context | more, status=status)


def find_colleagues(case: Case) -> QuerySet[User]:
    """Find those of the team who hold its key."""
    held = Membership.objects.holding(KEYHOLDERS).filter(team=case.team_id)
    return User.objects.filter(is_active=True, pk__in=held.values("user")).order_by(
        "name", "pk"
    )


def managed(request: Request, pk: UUID) -> Case:
    return manage_case.find(find_cases(), request.user, pk=pk)


@require_POST
@apply_once
def assign(request: Request, pk: UUID) -> HttpResponse:
    case = managed(request, pk)
    form = AssignForm(request.POST, workers=find_colleagues(case))
    if not form.is_valid():
        return show_people(request, case, assign_form=form, status=422)
    worker, part = form.cleaned_data["worker"], form.cleaned_data["part"]
    try:
        actions.assign(case, worker, part=part, by=request.user)
    except Locked:
        raise
    except Refused as no:
        form.add_error(None, str(no))
        return show_people(request, case, assign_form=form, status=409)
    return done(request, then=reverse("cases:people", args=[case.pk]))


@require_POST
def end(request: Request, pk: UUID, assignment: int) -> HttpResponse:
    case = case_seen(request, pk)
    assigned = Assignment.objects.select_related("case__team", "worker")
    found = see_thing_of_case.find(assigned, request.user, pk=assignment, case=case)
    actions.end_assignment(found, by=request.user)
    own = found.worker_id == request.user.pk
    then = reverse("cases:mine") if own else reverse("cases:people", args=[case.pk])
    return done(request, then=then)


@require_POST
def restrict(request: Request, pk: UUID) -> HttpResponse:
    case = managed(request, pk)
    form = RestrictForm(request.POST, workers=find_colleagues(case))
    if not form.is_valid():
        return show_people(request, case, restrict_form=form, status=422)
    try:
        actions.restrict(case, people=form.cleaned_data["people"], by=request.user)
    except Locked:
        raise
    except Refused as no:
        form.add_error(None, str(no))
        return show_people(request, case, restrict_form=form, status=409)
    named = {person.pk for person in form.cleaned_data["people"]}
    still = request.user.pk in named
    then = reverse("cases:people", args=[case.pk]) if still else reverse("cases:mine")
    return done(request, then=then)


@require_POST
def lift(request: Request, pk: UUID) -> HttpResponse:
    case = managed(request, pk)
    actions.lift_restriction(case, by=request.user)
    return done(request, then=reverse("cases:people", args=[case.pk]))
