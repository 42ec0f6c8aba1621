"""What came of it is sealed in the case, part by part, by whoever works on it."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from amana import given
from amana.care.cases.actions import close, reopen
from amana.care.cases.closing import CHECKLIST
from amana.care.outcomes import actions, sealed
from amana.care.outcomes.events import case_answered
from amana.care.outcomes.questions import QUESTIONS, list_parts, map_asked
from amana.design.mechanism.asked import ASKED
from amana.design.mechanism.pack.reading import SCHEMAS
from amana.errors import Refused
from amana.trust.access.models import Role
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditDetail, AuditEvent
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.models import Document

pytestmark = pytest.mark.django_db

LATER = timedelta(days=400)


@pytest.fixture
def heard():
    """What is announced: the answers that changed."""
    said = []

    def hear(changed, **kwargs):
        said.append({answer.asked.key: answer.now for answer in changed})

    case_answered.connect(hear)
    yield said
    case_answered.disconnect(hear)


def kept(case, by):
    parts = list_parts(map_asked(case, by=by).values())
    found = sealed.open_answers(case, parts, by=by, purpose="test")
    answers = [pair for document in found.values() for pair in document.answers.items()]
    return {key: said for key, said in answers if said}


def end(case, by):
    close(case, reason="goals_met", checklist=CHECKLIST, left_open="Agreed.", by=by)


def test_an_answer_is_sealed_in_the_part_that_it_is_about(case, worker):
    actions.record_answers(
        case, {"rape_care": "late", "detention": "detained"}, by=worker
    )

    parts = list_parts(map_asked(case, by=worker).values())
    found = sealed.open_answers(case, parts, by=worker, purpose="test")
    assert found[C.HEALTH].answers == {"rape_care": "late"}
    assert found[C.LEGAL].answers["detention"] == "detained"
    assert not any(found[C.NEEDS].answers.values())
    stored = b"".join(bytes(document.sealed) for document in Document.objects.all())
    assert b"rape_care" not in stored


def test_whatever_was_answered_the_same_documents_lie_there(case, worker):
    """Which part was written in would say what is the matter."""
    actions.record_answers(case, {"detention": "not_detained"}, by=worker)
    one = documents_of(case)
    actions.record_answers(case, {"rape_care": "in_time"}, by=worker)

    assert documents_of(case) == {(part, 2, size) for part, _number, size in one}
    assert {part for part, _number, _size in one} >= {C.HEALTH, C.LEGAL, C.NEEDS}


def documents_of(case):
    rows = Document.objects.current().filter(key__case=case.pk, name=sealed.DOCUMENT)
    return {
        (row.key.compartment, row.revision, len(bytes(row.sealed)))
        for row in rows.select_related("key")
    }


def test_only_what_changed_is_announced(case, worker, heard):
    actions.record_answers(case, {"detention": "detained", "residence": ""}, by=worker)
    actions.record_answers(case, {"detention": "detained"}, by=worker)
    actions.record_answers(case, {"detention": "not_detained"}, by=worker)
    actions.record_answers(case, {"detention": ""}, by=worker)

    assert heard == [
        {"detention": "detained"},
        {},
        {"detention": "not_detained"},
        {"detention": ""},
    ]


def test_what_is_not_named_stays_as_it_was(case, worker):
    actions.record_answers(case, {"detention": "detained"}, by=worker)
    actions.record_answers(case, {"residence": "pending"}, by=worker)

    assert kept(case, worker) == {"detention": "detained", "residence": "pending"}


def test_the_log_says_that_it_was_done_and_no_answer(case, worker):
    actions.record_answers(case, {"rape_care": "late"}, by=worker)

    done = AuditEvent.objects.get(did="said what came of it")
    assert "rape" not in str(vars(done))
    assert not AuditDetail.objects.filter(event=done).exists()


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("detention", "yes"),
        ("rape_care", "She was alone."),
        ("goal", "met"),
        ("weather", "yes"),
        ("return_to_harm", "no"),
    ],
)
def test_nothing_but_the_codes_of_what_is_asked_now_gets_in(case, worker, key, said):
    with pytest.raises(Refused, match="not one of the questions asked"):
        actions.record_answers(case, {key: said}, by=worker)

    assert not documents_of(case)


def test_each_need_has_its_goal_and_no_need_of_another_case(case, worker, mechanism):
    other = given.make_case(worked_on_by=worker)
    need = case.needs.get()
    actions.record_answers(case, {f"goal-{need.pk.hex}": "met"}, by=worker)

    assert kept(case, worker) == {f"goal-{need.pk.hex}": "met"}
    with pytest.raises(Refused):
        actions.record_answers(other, {f"goal-{need.pk.hex}": "met"}, by=worker)


def test_whether_harm_came_back_is_asked_a_year_after_the_end(case, worker):
    assert "return_to_harm" not in map_asked(case, by=worker)
    end(case, worker)
    assert "return_to_harm" not in map_asked(case, by=worker)

    with time_machine.travel(timezone.now() + LATER):
        actions.record_answers(case, {"return_to_harm": "no"}, by=worker)
        assert kept(case, worker) == {"return_to_harm": "no"}


def test_whoever_is_back_before_is_asked_at_once(case, worker):
    end(case, worker)
    reopen(case, by=worker)

    assert "return_to_harm" in map_asked(case, by=worker)


@pytest.mark.parametrize("said", ["0", "63", "100", "", "not_asked"])
def test_a_survey_has_six_scores_from_0_to_100(case, worker, said):
    end(case, worker)
    with time_machine.travel(timezone.now() + LATER):
        every = map_asked(case, by=worker)
        asked = [key for key in every if key.startswith("reintegration")]
        assert len(asked) == 6
        actions.record_answers(case, {asked[0]: said}, by=worker)
        for wrong in ("101", "-1", "4.5", "٣", "yes"):
            with pytest.raises(Refused):
                actions.record_answers(case, {asked[0]: wrong}, by=worker)


@pytest.mark.parametrize(
    ("days", "moments"), [(179, []), (185, ["m6"]), (359, ["m6"]), (361, ["m6", "m12"])]
)
def test_the_survey_of_a_year_is_not_asked_at_half_a_year(case, worker, days, moments):
    end(case, worker)
    with time_machine.travel(timezone.now() + timedelta(days=days)):
        asked = [item for item in map_asked(case, by=worker).values() if item.moment]
    assert [item.moment for item in asked] == [m for m in moments for _side in range(3)]


def test_whoever_does_not_work_on_the_case_says_nothing(case, stranger, supervisor):
    for other in (stranger, supervisor):
        with pytest.raises(Denied):
            actions.record_answers(case, {"detention": "detained"}, by=other)


def test_a_screener_says_nothing_of_parts_that_are_closed_to_them(house, mechanism):
    screener = given.make_worker(of=house, role=Role.SCREENER)
    case = given.make_case(worked_on_by=screener)

    with pytest.raises(Refused, match="not open to your role"):
        actions.record_answers(case, {"detention": "detained"}, by=screener)
    actions.record_answers(case, {"child_care": "suitable"}, by=screener)


def test_without_a_mechanism_nothing_is_asked():
    worker = given.make_worker()
    assert map_asked(given.make_case(worked_on_by=worker), by=worker) == {}


def test_what_a_mechanism_may_name_is_what_there_is_a_question_for():
    schema = json.loads((SCHEMAS / "indicators.json").read_text())
    indicators = schema["properties"]["indicators"]
    asks = indicators["additionalProperties"]["properties"]["asks"]
    assert set(asks["items"]["enum"]) == QUESTIONS.keys() == ASKED.keys()
