"""The safety gate tells the truth: its result, its page, the log and the pathway agree.

What each answer means stands here a second time, apart from the code. Unanswered is
never safe; danger is never hidden; who doesn't agree is never told to talk.
`HYPOTHESIS_PROFILE=thorough` takes 2,000 answer sheets through the database too.
"""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from amana import given as make
from amana.care.cases import actions
from amana.care.cases.gate import (
    QUESTIONS,
    GateResult,
    GateSession,
    SafetyGate,
    SafetyRecord,
)
from amana.care.cases.opened_records import build_written
from amana.care.cases.tabs import CaseTab, build_address
from amana.care.cases.tests.pages import browser, post, text_of
from amana.care.cases.views.meeting import VERDICTS, get_verdict
from amana.errors import Refused
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditDetail, AuditEvent
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment as C
from tests.profiles import each_time
from tests.worlds import kept

SHEETS = 2000
MEET = reverse("cases:meet")

#            yes        no         unsure
MEANS = {
    "SAFE01": ("fine", "against", "against"),
    "SAFE02": ("danger", "fine", "against"),
    "SAFE03": ("danger", "fine", "against"),
    "SAFE04": ("danger", "fine", "against"),
    "SAFE05": ("fine", "fine", "fine"),
    "SAFE06": ("fine", "against", "against"),
    "SAFE07": ("fine", "fine", "fine"),
    "SAFE08": ("fine", "fine", "fine"),
    "SAFE08A": ("danger", "fine", "against"),
    "SAFE09": ("danger", "fine", "against"),
    "SAFE10": ("against", "fine", "against"),
    "SAFE11": ("fine", "fine", "fine"),
    "SAFE12": ("fine", "fine", "fine"),
    "SAFE13": ("fine", "against", "against"),
    "SAFE14": ("fine", "against", "against"),
}
ANSWERS = ("yes", "no", "unsure")


def expected(sheet):
    """The result of a sheet, from the table above alone."""
    asked = {c: a for c, a in sheet.items() if a in ANSWERS}
    applying = [
        c for c in MEANS if not (c == "SAFE08A" and asked.get("SAFE08") == "no")
    ]
    means = [
        MEANS[c][ANSWERS.index(asked[c])] if c in asked else "missing" for c in applying
    ]
    if "danger" in means:
        return "danger"
    return "safe" if set(means) == {"fine"} else "not_established"


SAFE = make.SAFE_ANSWERS
some = st.sampled_from(["yes", "no", "unsure", "not_asked", ""])
sheets = st.one_of(
    st.fixed_dictionaries({}, optional=dict.fromkeys(QUESTIONS, some)),
    # Mostly safe, since of random sheets nearly none is.
    st.dictionaries(st.sampled_from([*QUESTIONS]), some, max_size=2).map(
        lambda few: SAFE | few
    ),
)
WHOLE = settings(
    max_examples=SHEETS, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def test_the_table_of_this_test_knows_every_question():
    assert MEANS.keys() == QUESTIONS.keys()


@WHOLE
@given(sheet=sheets)
@example(sheet={})
@example(sheet=dict(SAFE))
@example(sheet=SAFE | {"SAFE08": "unsure"})
@example(sheet=SAFE | {"SAFE08A": "yes"})
def test_the_result_and_the_sentence_of_the_page_follow_from_the_answers(sheet):
    gate = SafetyGate.read(sheet)
    assert gate.result == expected(sheet)
    verdict = get_verdict(gate)
    may_talk = verdict == VERDICTS[GateResult.SAFE, False]
    assert may_talk == (expected(sheet) == "safe")
    stops = str(verdict.title).startswith("Stop")
    assert stops == (sheet.get("SAFE14") == "no")


@pytest.mark.parametrize("code", [code for code in QUESTIONS if code != "SAFE08A"])
def test_safety_needs_every_question_that_applies(code):
    without = {c: a for c, a in SAFE.items() if c != code}
    assert SafetyGate.read(SAFE).result == "safe"
    assert SafetyGate.read(without).result == "not_established"
    assert QUESTIONS[code] in SafetyGate.read(without).unanswered


def test_the_question_about_a_guardian_applies_unless_the_person_is_an_adult():
    perhaps = SAFE | {"SAFE08": "unsure"}
    assert SafetyGate.read(perhaps).result == "not_established"
    assert SafetyGate.read(perhaps | {"SAFE08A": "no"}).result == "safe"
    assert SafetyGate.read(perhaps | {"SAFE08A": "yes"}).result == "danger"
    assert SafetyGate.read(SAFE | {"SAFE08A": "yes"}).result == "safe"


@pytest.mark.parametrize("code", [*QUESTIONS])
def test_what_stands_against_talking_or_needs_care_says_what_to_do(code):
    question = QUESTIONS[code]
    assert bool(question.do_first) == bool(question.against | question.care)
    assert bool(question.do) == bool(question.red)
    for answer in question.red | question.against | question.care:
        assert question.warnings[answer]


# --- with the log and real pages


@kept
def desk(worker):
    return browser(worker)


def result_in_log(case, did):
    event = AuditEvent.objects.about_case(case.pk).filter(did=did).latest("pk")
    return AuditDetail.objects.get(event=event).details["gate"]


@pytest.mark.django_db
@settings(
    max_examples=each_time(25),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(sheet=sheets)
def test_the_page_and_the_log_say_what_was_established(desk, team, worker, sheet):
    seen = " ".join(QUESTIONS)
    page = post(desk, MEET, sheet | {"step": "4", "go": "next", "seen": seen})
    verdict = get_verdict(SafetyGate.read(sheet))
    assert str(verdict.title) in text_of(page)
    assert ("You can talk" in text_of(page)) == (expected(sheet) == "safe")
    assert str(GateResult(expected(sheet)).label) in text_of(page)

    case = actions.open_case(team=team, gate=sheet, records={}, needs=[], by=worker)
    assert result_in_log(case, "opened case") == expected(sheet)


def test_nothing_on_the_first_page_is_preset(desk):
    assert " checked" not in desk.get(MEET).content.decode()
    page = post(desk, MEET, {"step": "2", "go": "back", "SAFE02": "not_asked"})
    assert " checked" not in page.content.decode()
    page = post(desk, MEET, {"step": "2", "go": "back", "SAFE02": "no"})
    assert page.content.decode().count(" checked") == 1


def test_an_answer_can_be_taken_back_without_a_script(desk):
    page = post(desk, MEET, {"step": "1", "go": "next", "SAFE02": "not_asked"})
    assert 'name="SAFE02"' not in page.content.decode()


def test_who_does_not_agree_is_never_told_that_you_can_talk(desk):
    page = post(desk, MEET, SAFE | {"SAFE14": "no", "step": "4", "go": "next"})
    words = text_of(page)
    assert "Stop here" in words
    assert "You can talk" not in words
    assert "Not established" in words


def test_the_page_says_which_questions_are_missing_and_what_stands_against(desk):
    sheet = {c: a for c, a in SAFE.items() if c != "SAFE13"} | {"SAFE10": "yes"}
    words = text_of(post(desk, MEET, sheet | {"step": "4", "go": "next"}))
    assert "1 question not asked" in words
    assert str(QUESTIONS["SAFE13"].text) in words
    assert str(QUESTIONS["SAFE10"].do_first) in words
    assert "Continue to basic details" in words


# --- asked again


def safety_of(case, by):
    opened = documents.open_documents(case.pk, [C.CONTACT], by=by, purpose="test")
    return build_written(opened).safety


def test_a_later_answer_replaces_the_earlier_and_the_others_stay(worker, colleague):
    case = make.make_case(worked_on_by=worker, gate=SAFE | {"SAFE10": "yes"})
    actions.assign(case, worker=colleague, by=worker)
    first = safety_of(case, worker)
    assert first.gate.result == "not_established"
    actions.ask_gate_again(case, answers={"SAFE10": "no"}, by=colleague)

    record = safety_of(case, worker)
    assert record.gate.result == "safe"
    phone, alone = record.answered["SAFE10"], record.answered["SAFE01"]
    assert (phone.by, alone.by) == (colleague.name, worker.name)
    assert phone.at > alone.at == first.answered["SAFE01"].at
    assert result_in_log(case, "asked safety questions") == "safe"


def test_each_asking_is_one_event_and_nothing_asked_is_none(worker):
    case = make.make_case(worked_on_by=worker)
    asked = AuditEvent.objects.about_case(case.pk).filter(did="asked safety questions")
    actions.ask_gate_again(case, answers={"SAFE01": "no"}, by=worker)
    assert asked.count() == 1
    with pytest.raises(Refused, match="Nothing was recorded"):
        actions.ask_gate_again(case, answers={"SAFE01": "not_asked"}, by=worker)
    assert asked.count() == 1


def test_danger_found_later_makes_the_case_an_emergency(worker):
    case = make.make_case(worked_on_by=worker, gate=SAFE)
    actions.ask_gate_again(case, answers={"SAFE02": "yes"}, by=worker)
    case.refresh_from_db()
    assert case.urgency == "U0"
    actions.ask_gate_again(case, answers={"SAFE02": "no"}, by=worker)
    case.refresh_from_db()
    assert case.urgency == "U0"


def test_only_those_who_work_on_the_case_ask_again(worker, stranger, supervisor):
    case = make.make_case(worked_on_by=worker)
    for other in (stranger, supervisor):
        with pytest.raises(Denied):
            actions.ask_gate_again(case, answers={"SAFE01": "no"}, by=other)
    url = reverse("cases:gate", args=[case.pk])
    assert browser(stranger).get(url).status_code == 404
    assert post(browser(supervisor), url, {"SAFE01": "no"}).status_code == 404
    page = browser(supervisor).get(url)
    assert page.status_code == 200
    assert "Save answers" not in text_of(page)


@given(
    askings=st.lists(
        st.dictionaries(st.sampled_from([*QUESTIONS]), some, max_size=5), max_size=5
    )
)
def test_the_record_is_the_last_answer_to_each_question(askings):
    now = timezone.now()
    made = [
        GateSession(
            SafetyGate.read(answers), f"W{number}", now + timedelta(hours=number)
        )
        for number, answers in enumerate(askings)
    ]
    record = SafetyRecord(tuple(reversed(made)))
    for code in QUESTIONS:
        given_ = [
            (f"W{number}", answers[code])
            for number, answers in enumerate(askings)
            if answers.get(code) in ANSWERS
        ]
        told = record.answered.get(code)
        assert ((told.by, told.answer) if told else None) == (
            given_[-1] if given_ else None
        )


def test_the_head_of_the_case_warns_everyone_who_works_on_it(
    desk, worker, supervisor, screener
):
    sheet = SAFE | {"SAFE10": "unsure", "SAFE01": "no", "SAFE02": "yes"}
    case = make.make_case(worked_on_by=worker, gate=sheet)
    actions.assign(case, worker=screener, by=worker)
    for who in (worker, supervisor, screener):
        for tab in CaseTab:
            words = text_of(browser(who).get(build_address(tab, case.pk)))
            assert "Phone may be tracked" in words
            assert "Not in private" in words
            assert "Someone who may control them is near" in words
        words = text_of(browser(who).get(build_address(CaseTab.SAFETY, case.pk)))
        assert worker.name in words
        contact = words[words.rindex("How to reach them safely") :]
        assert contact.index("Phone may be tracked") < contact.index("Call")


def test_the_head_of_the_case_says_that_nothing_was_asked(desk, worker):
    case = make.make_case(worked_on_by=worker)
    url = build_address(CaseTab.SAFETY, case.pk)
    assert "Safety not established: no question asked" in text_of(desk.get(url))
    actions.ask_gate_again(case, answers={"SAFE01": "yes"}, by=worker)
    words = text_of(desk.get(url))
    assert "Safety not established: 14 questions not asked" in words


def test_asking_again_shows_the_earlier_answers_and_presets_none(desk, worker):
    case = make.make_case(worked_on_by=worker, gate=SAFE)
    url = reverse("cases:gate", args=[case.pk])
    page = desk.get(url)
    assert " checked" not in page.content.decode()
    assert "Earlier answer: Yes" in text_of(page)
    empty = post(desk, url, {"SAFE02": "not_asked"})
    assert empty.status_code == 422
    assert "Answer at least one question" in text_of(empty)
    answer = post(desk, url, {"SAFE10": "yes"})
    assert answer["Location"] == reverse("cases:case", args=[case.pk])
    answer = post(desk, url, {"SAFE03": "yes"})
    assert answer["Location"] == url
    words = text_of(desk.get(url))
    assert "Danger: get help first" in words
    assert "Call for medical help" in words


def test_of_a_closed_case_the_questions_are_not_asked(worker, supervisor, desk):
    case = make.make_case(worked_on_by=worker, needs=[])
    done = ["needs", "plan", "safety", "agreed", "return", "copies", "feedback"]
    actions.close(
        case, reason="goals_met", checklist=done, left_open="-", by=supervisor
    )
    with pytest.raises(Refused, match="closed"):
        actions.ask_gate_again(case, answers={"SAFE01": "no"}, by=worker)
    page = desk.get(reverse("cases:gate", args=[case.pk]))
    assert "Save answers" not in text_of(page)


def test_the_answers_cost_opening_a_case_no_query(
    desk, worker, django_assert_num_queries
):
    without = make.make_case(worked_on_by=worker)
    asked = make.make_case(worked_on_by=worker, gate=SAFE | {"SAFE10": "yes"})
    actions.ask_gate_again(asked, answers={"SAFE01": "no"}, by=worker)
    desk.get(reverse("cases:case", args=[without.pk]))
    with CaptureQueriesContext(connection) as before:
        desk.get(reverse("cases:case", args=[without.pk]))
    with django_assert_num_queries(len(before)):
        desk.get(reverse("cases:case", args=[asked.pk]))
