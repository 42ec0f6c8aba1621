"""Into a case, or to an end."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import BaseFormSet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from amana.care.cases.finding import FoundCase, find_known_people
from amana.care.cases.forms.intake_forms import IntakeForm, NeedForm
from amana.care.cases.models.case_record import Case
from amana.care.cases.rules import open_cases_in, work_on_case
from amana.care.cases.views.meeting.intake_page import (
    a_new_set,
    a_set,
    copy_as_typed,
    has_need,
    judged_unlike,
    list_filled,
    say_opened,
    with_one_more,
)
from amana.care.screening import actions, intake, results
from amana.care.screening.forms import EndScreeningForm
from amana.care.screening.models import Screening, ScreeningOutcome
from amana.care.screening.views.result_pages import (
    END,
    OPEN,
    format_title,
    screening_held,
)
from amana.trust.access.http import Request
from amana.trust.access.models.organisations import Team
from amana.trust.vault.middleware import warn_about_omitted_records
from amana.ui.http import done, show
from amana.ui.once import apply_once


@require_http_methods(["GET", "POST"])
def open_case(request: Request, pk: UUID) -> HttpResponse:
    """Begin a case with what was answered, unless the person is known already."""
    screening = screening_held(request, pk)
    teams = [open_cases_in.find(find_teams(), request.user, pk=screening.team_id)]
    go = request.POST.get("go", "")
    if request.method == "GET":
        opened = results.open_result(screening, by=request.user)
        form = IntakeForm(teams=teams, initial=intake.build_initial_values(opened))
        return show_intake(
            request,
            screening,
            form,
            a_new_set(request, intake.list_initial_needs(opened)),
        )
    form, needs = IntakeForm(request.POST, teams=teams), a_set(request)
    if go == "add_need":
        needs = with_one_more(request)
        return show_intake(request, screening, copy_as_typed(form), needs)
    if not (form.is_valid() and needs.is_valid() and has_need(form, needs)):
        return show_intake(request, screening, form, needs, status=422)
    if go != "someone_else":
        # After the form is valid, since names have to be compared as they will be
        # stored; and before the action, which a person may still turn into adding to
        # that case.
        alike = find_known_people(form.records, by=request.user)
        warn_about_omitted_records(request)
        if alike:
            return show_intake(request, screening, form, needs, alike=alike)
    return opened_case(request, screening, form, needs)


@apply_once
def opened_case(
    request: Request,
    screening: Screening,
    form: IntakeForm,
    needs: BaseFormSet[NeedForm],
) -> HttpResponse:
    case = actions.open_case(
        screening,
        team=form.cleaned_data["team"],
        records=form.records,
        needs=[need.asked for need in list_filled(needs)],
        unlike=judged_unlike(request),
        by=request.user,
    )
    say_opened(request, case)
    return done(request, then=reverse("cases:case", args=[case.pk]))


def find_teams() -> QuerySet[Team]:
    return Team.objects.select_related("organisation")


def show_intake(
    request: Request,
    screening: Screening,
    form: IntakeForm,
    needs: BaseFormSet[NeedForm],
    *,
    alike: list[FoundCase] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "screening": screening,
        "title": format_title(screening),
        "form": form,
        "needs": needs,
        "alike": alike or [],
        "mine": [found.case for found in alike or [] if found.seen],
    }
    return show(request, OPEN, context, status=status)


@require_POST
@apply_once
def add_to_case(request: Request, pk: UUID, case: UUID) -> HttpResponse:
    screening = screening_held(request, pk)
    found = work_on_case.find(Case.objects.all(), request.user, pk=case)
    actions.add_screening_to_case(screening, case=found, by=request.user)
    messages.success(request, _("The screening is in the case now."))
    return done(request, then=reverse("cases:case", args=[case]))


@require_http_methods(["GET", "POST"])
@apply_once
def end(request: Request, pk: UUID) -> HttpResponse:
    """End without a case: record the outcome, and destroy what was answered."""
    screening = screening_held(request, pk)
    form = EndScreeningForm(request.POST or None)
    if form.is_bound and form.is_valid():
        outcome = ScreeningOutcome(form.cleaned_data["outcome"])
        actions.end_screening(screening, outcome=outcome, by=request.user)
        messages.success(request, _("Screening ended. The answers are destroyed."))
        return done(request, then=reverse("screening:home"))
    context = {"screening": screening, "title": format_title(screening), "form": form}
    return show(request, END, context, status=422 if form.is_bound else 200)
