"""The cases of the course, as those who lead a cohort read, print and open them."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from amana.academy.cohorts.models import Cohort
from amana.academy.courses.content import load_content
from amana.academy.practice.labs import (
    actions,
    case_display,
    rules,
    shipped_cases,
)
from amana.academy.practice.labs.engine.clinic_case import ClinicCase
from amana.academy.practice.labs.models import MINUTES, Clinic
from amana.trust.access.http import Request
from amana.trust.access.rules import NotAccessible
from amana.ui.http import done, show
from amana.ui.once import apply_once

CASES, CASE, SHEET = "labs/cases.html", "labs/case.html", "labs/case_sheet.html"


def find_cohort(request: Request, cohort: int) -> Cohort:
    standing = Cohort.objects.standing().for_list()
    return rules.open_case.find(standing, request.user, pk=cohort)


def find_case(found: Cohort, code: str) -> ClinicCase:
    case = shipped_cases.load_cases(found.version).get(code)
    if case is None:
        raise NotAccessible(rules.open_case, Clinic, {"case": code})
    return case


@require_GET
@never_cache
def cases(request: Request, cohort: int) -> HttpResponse:
    """List the cases of the course, for those who lead the cohort."""
    found = find_cohort(request, cohort)
    course = load_content(found.version)
    context = {
        "cohort": found,
        "cases": [
            case_display.build_case(course, case)
            for case in shipped_cases.load_cases(found.version).values()
        ],
    }
    return show(request, CASES, context)


@require_GET
@never_cache
def case(request: Request, cohort: int, code: str) -> HttpResponse:
    """Show a whole case, with what only those who present it may read."""
    found = find_cohort(request, cohort)
    read, course = find_case(found, code), load_content(found.version)
    context = {
        "cohort": found,
        "case": case_display.build_case(course, read),
        "answers": case_display.list_answers(read, ()),
        "stages": [(stage.label, minutes) for stage, minutes in MINUTES.items()],
        "findings": case_display.list_findings(course, read.findings),
        "others": case_display.list_findings(course, read.others),
        "lessons": case_display.list_lesson_links(course, read.lessons),
    }
    return show(request, CASE, context)


@require_GET
@never_cache
def sheet(request: Request, cohort: int, code: str) -> HttpResponse:
    """Show what can be handed out on paper: no answer and no finding."""
    found = find_cohort(request, cohort)
    read = find_case(found, code)
    context = {
        "cohort": found,
        "case": case_display.build_case(load_content(found.version), read),
        "stages": [(stage.label, minutes) for stage, minutes in MINUTES.items()],
    }
    return show(request, SHEET, context)


@require_POST
@apply_once
def open_case(request: Request, cohort: int, code: str) -> HttpResponse:
    found = find_cohort(request, cohort)
    clinic = actions.open_case(found, code, by=request.user)
    return done(request, then=reverse("labs:clinic", args=[clinic.pk]))


@require_POST
@apply_once
def give(request: Request, pk: UUID, code: str) -> HttpResponse:
    clinic = rules.present.find(Clinic.objects.for_list(), request.user, pk=pk)
    actions.give_answer(clinic, code, by=request.user)
    return done(request, then=reverse("labs:clinic", args=[pk]) + "#answers")
