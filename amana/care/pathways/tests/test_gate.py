"""The step of the safety gate: done by what was asked, and due until it is established.

`HYPOTHESIS_PROFILE=thorough` opens 2,000 cases with answer sheets drawn at random."""

from functools import cache
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings

from amana import given as make
from amana.care.cases import actions as cases
from amana.care.cases.gate import GateResult, SafetyGate
from amana.care.cases.tests.pages import browser, post
from amana.care.cases.tests.test_gate import SAFE, expected, result_in_log, sheets
from amana.care.cases.views.meeting import VERDICTS, get_verdict
from amana.care.pathways import actions
from amana.care.pathways.models import DeviationReason, PathwayRun
from amana.design.forms.engine.filling import fill_form
from amana.design.mechanism import actions as mechanisms
from amana.design.mechanism.models import Version
from amana.design.mechanism.pack.tests.test_shipped import read
from amana.errors import Refused
from amana.trust.access.models import Team, User
from tests.profiles import each_time
from tests.worlds import kept

EXAMPLE = Path("mechanisms/example")


@kept
def example(coordinator: User, house: Team) -> Version:
    version = mechanisms.adopt_shipped(EXAMPLE, by=coordinator)
    mechanisms.give_part(version.mechanism, "responder", house, by=coordinator)
    return version


def gate_step(case):
    """What became of the step: the code that it left, or "due"."""
    course = PathwayRun.objects.get(case=case)
    if course.dues.filter(key="meet").exists():
        return "due"
    return course.facts.get(kind="done", step="meet").data["safety"]


@pytest.mark.django_db
@settings(
    max_examples=each_time(15),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(sheet=sheets)
def test_result_page_log_and_pathway_agree(example, house, worker, sheet):
    case = cases.open_case(team=house, gate=sheet, records={}, needs=[], by=worker)
    result = SafetyGate.read(sheet).result
    assert result == expected(sheet) == result_in_log(case, "opened case")
    may_talk = get_verdict(SafetyGate.read(sheet)) == VERDICTS[GateResult.SAFE, False]
    assert may_talk == (result == "safe")
    stays_due = result == "not_established"
    assert gate_step(case) == ("due" if stays_due else result.value)


def test_a_case_opened_without_a_question_has_the_step_due(example, worker):
    assert gate_step(make.make_case(worked_on_by=worker)) == "due"


def test_asking_later_does_the_step(example, worker):
    case = make.make_case(worked_on_by=worker, gate=SAFE | {"SAFE10": "yes"})
    cases.ask_gate_again(case, answers={"SAFE01": "yes"}, by=worker)
    assert gate_step(case) == "due"
    cases.ask_gate_again(case, answers={"SAFE10": "no"}, by=worker)
    assert gate_step(case) == "safe"


def test_danger_found_later_does_the_step_as_danger(example, worker):
    case = make.make_case(worked_on_by=worker)
    cases.ask_gate_again(case, answers={"SAFE03": "yes"}, by=worker)
    assert gate_step(case) == "danger"


def test_nobody_declares_safety_without_the_questions(example, worker):
    case = make.make_case(worked_on_by=worker)
    course = PathwayRun.objects.get(case=case)
    url = reverse("pathways:step", args=[course.pk, "meet"])
    page = browser(worker).get(url)
    assert reverse("cases:gate", args=[case.pk]) in page.content.decode()
    assert 'value="safe"' not in page.content.decode()
    answer = post(browser(worker), url, {"safety": "safe", "expected": "1"})
    assert answer.status_code == 409
    assert gate_step(case) == "due"


def test_what_is_not_established_never_does_the_step(example, worker):
    course = PathwayRun.objects.get(case=make.make_case(worked_on_by=worker))
    with pytest.raises(Refused, match="not established"):
        actions.finish_step(
            course, "meet", data={"safety": "not_established"}, by=worker
        )


def test_the_step_is_skipped_with_a_reason_and_never_as_safe(example, worker):
    case = make.make_case(worked_on_by=worker)
    course = PathwayRun.objects.get(case=case)
    url = reverse("pathways:skip", args=[course.pk, "meet"])
    page = browser(worker).get(url).content.decode()
    assert 'value="not_established"' in page
    assert 'value="safe"' not in page
    said = {"reason": DeviationReason.values[0], "safety": "safe", "expected": "1"}
    assert post(browser(worker), url, said).status_code == 422
    said["safety"] = "not_established"
    assert post(browser(worker), url, said).status_code == 302
    assert not course.dues.filter(key="meet").exists()


@settings(max_examples=each_time(60))
@given(sheet=sheets)
def test_the_form_on_paper_establishes_the_same(sheet):
    form = shipped().forms["safety-gate"]
    said = {code.lower(): answer for code, answer in sheet.items()}
    filled = fill_form(form, said, now=timezone.localtime())
    assert filled.values["safety"] == SafetyGate.read(sheet).result


@cache
def shipped():
    return read(EXAMPLE)
