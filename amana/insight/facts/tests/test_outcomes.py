"""What came of it becomes facts: each question once, by its own kind, put right by a
new fact, and never in the clear before it looks like the answers of eleven people."""

import datetime
from collections import Counter, defaultdict
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given as whatever
from hypothesis import strategies as st

from amana import given
from amana.care.cases.actions import close
from amana.care.cases.closing import CHECKLIST
from amana.care.outcomes.actions import record_answers
from amana.care.outcomes.questions import QUESTIONS, NoAnswerReason, map_asked
from amana.care.outcomes.tests.conftest import (
    case,
    clinic,
    coordinator,
    folder,
    house,
    mechanism,
    office,
    worker,
)
from amana.insight.facts import batch, waiting
from amana.insight.facts.batch import ENOUGH, get_quasi_identifiers, separate_ready
from amana.insight.facts.kinds import KINDS
from amana.insight.facts.models import (
    DeferredObservation,
    Observation,
    PendingObservation,
)
from amana.insight.facts.tests.test_batch import tell
from amana.insight.facts.waiting import WaitingObservation
from amana.trust.audit.models import AuditDetail, AuditEvent
from amana.trust.vault.models import Document

from .test_reactions import told

__all__ = [
    "case",
    "clinic",
    "coordinator",
    "folder",
    "house",
    "mechanism",
    "office",
    "worker",
]
pytestmark = pytest.mark.django_db

ONCE = [code for code in QUESTIONS if code not in {"goal", "reintegration"}]
TODAY = datetime.date(2026, 11, 20)
OCTOBER, NOVEMBER = datetime.date(2026, 10, 1), datetime.date(2026, 11, 1)
ALIKE = {"result": "late", "sex": "female", "agency": "lake-house", "urgency": "U1"}


def ended(case, by):
    close(case, reason="returned", checklist=CHECKLIST, left_open="Agreed.", by=by)
    told()


def waiting_now():
    return list(told().values())


def waiting_after_merging():
    """As the batch would find them; the last look, as their key is gone after it."""
    with waiting.get_box().emptied() as emptied:
        opened = [
            emptied.opened(bytes(w.sealed)) for w in PendingObservation.objects.all()
        ]
    return [
        telling.fact
        for telling in batch.merge_corrections(
            map(WaitingObservation.read, filter(None, opened))
        )
    ]


def test_every_question_is_counted_in_codes_that_its_kind_knows():
    for code, question in QUESTIONS.items():
        kind = KINDS[code]
        assert {value for value, _label in question.answers} == {*kind.results}
        assert kind.is_hidden
        assert kind.numbered == (not question.answers)
        assert not {*NoAnswerReason.values} & {*kind.results}


@pytest.mark.parametrize("code", ONCE)
def test_an_answer_arises_once_as_a_fact_of_its_kind(case, worker, code):
    ended(case, worker)
    result = KINDS[code].results[0]
    with time_machine.travel(timezone.now() + datetime.timedelta(days=400)):
        record_answers(case, {code: result}, by=worker)
        record_answers(case, {code: result}, by=worker)

        assert PendingObservation.objects.count() == 1
        (fact,) = waiting_now()
    assert (fact.kind, fact.result, fact.corrects) == (code, result, None)
    assert (fact.agency, fact.urgency, fact.age_band) == ("dar-amal", "U2", "25-59")


def test_a_goal_is_told_for_each_need_with_the_kind_of_help(case, worker):
    told()
    [need] = given.open_needs(case, by=worker)

    record_answers(case, {f"goal-{need.pk.hex}": "not_met"}, by=worker)

    (fact,) = waiting_now()
    assert (fact.kind, fact.topic, fact.result) == ("goal", need.type, "not_met")


def test_scores_are_told_one_by_one_with_their_moment(case, worker):
    ended(case, worker)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=365)):
        asked = map_asked(case, by=worker)
        keys = [key for key in asked if key.startswith("reintegration")]
        record_answers(case, {key: str(n) for n, key in enumerate(keys)}, by=worker)

        scores = waiting_after_merging()
    assert {(f.reason, f.topic, f.number) for f in scores} == {
        (moment, side, 3 * half + n)
        for half, moment in enumerate(("m6", "m12"))
        for n, side in enumerate(("economic", "social", "psychosocial"))
    }


@pytest.mark.parametrize("said", NoAnswerReason.values)
def test_nobody_knows_nobody_asked_and_not_so_are_no_facts(case, worker, said):
    told()

    record_answers(case, {"residence": said, "rape_care": said}, by=worker)

    assert not PendingObservation.objects.exists()


def test_an_answer_that_is_put_right_is_a_new_fact_and_no_second_person(case, worker):
    told()
    record_answers(case, {"residence": "pending"}, by=worker)
    (first,) = waiting_now()
    record_answers(case, {"residence": "granted"}, by=worker)
    (second,) = waiting_now()
    record_answers(case, {"residence": "not_known"}, by=worker)
    (third,) = waiting_now()

    assert (second.result, second.corrects) == ("granted", first.pk)
    assert (third.result, third.corrects) == ("", second.pk)


def test_put_right_before_it_is_written_it_counts_once(case, worker):
    told()
    record_answers(case, {"detention": "detained"}, by=worker)
    record_answers(case, {"detention": "not_detained"}, by=worker)
    tell(10, kind="detention", result="detained", **of_the_case(worker))

    batch.write_batch()

    found = Observation.objects.filter(kind="detention")
    assert found.count() == 11
    assert found.filter(result="not_detained").count() == 1


def of_the_case(worker):
    sphere = worker.memberships.get().team.organisation.sphere
    return {"agency": "dar-amal", "sector": sphere, "urgency": "U2"}


def test_what_was_taken_back_before_it_was_written_never_counts(case, worker):
    told()
    record_answers(case, {"detention": "detained"}, by=worker)
    record_answers(case, {"detention": ""}, by=worker)
    tell(11, kind="detention", result="not_detained", **of_the_case(worker))

    batch.write_batch()

    assert Observation.objects.filter(kind="detention").count() == 11
    record_answers(case, {"detention": "detained"}, by=worker)
    (fact,) = waiting_after_merging()
    assert (fact.result, fact.corrects) == ("detained", None)


def test_no_fact_names_a_case_and_nothing_in_the_clear_an_answer(case, worker):
    told()
    record_answers(case, {"rape_care": "late", "detention": "detained"}, by=worker)
    rows = [bytes(w.sealed) for w in PendingObservation.objects.all()]
    with waiting.get_box().emptied() as emptied:
        said = b"".join(emptied.opened(row) or b"" for row in rows)

    for secret in (str(case.pk), case.pk.hex, case.reference, worker.email):
        assert secret.encode() not in said
    clear = [*AuditEvent.objects.values(), *AuditDetail.objects.values("details")]
    clear += [*DeferredObservation.objects.values(), *Document.objects.values("name")]
    assert not {"rape_care", "detention", "detained"} & set(str(clear).split("'"))


def test_where_no_key_can_be_read_an_answer_is_told_to_nobody(
    case, worker, settings, tmp_path, caplog
):
    tmp_path.joinpath("file").touch()
    settings.FACTS_KEY_FILE = tmp_path / "file" / "facts.key"

    record_answers(case, {"rape_care": "late"}, by=worker)

    assert not DeferredObservation.objects.filter(said__kind="rape_care").exists()
    assert "can't be sealed" in caplog.text


def test_of_a_case_of_which_nothing_is_written_it_is_told_without_whom(
    mechanism, worker
):
    emergency = given.make_case(
        worked_on_by=worker, identity_name="", contact_channel="", needs=[]
    )
    Document.objects.of_case(emergency.pk)._raw_delete("default")
    told()
    DeferredObservation.objects.all().delete()

    record_answers(emergency, {"rape_care": "late"}, by=worker)
    record_answers(emergency, {"rape_care": "in_time"}, by=worker)

    assert not DeferredObservation.objects.exists()
    (fact,) = waiting_after_merging()
    assert (fact.result, fact.sex, fact.corrects) == ("in_time", "", None)


# --- the night


@pytest.fixture
def november():
    with time_machine.travel(datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)):
        yield


def test_what_is_hidden_is_not_written_of_ten_people_however_long(november):
    tell(10, kind="rape_care", month=OCTOBER, **ALIKE)
    tell(11)

    batch.write_batch()

    assert not Observation.objects.filter(kind="rape_care").exists()
    tell(1, kind="rape_care", **ALIKE)
    batch.write_batch()
    found = Observation.objects.filter(kind="rape_care")
    assert found.count() == 11
    assert set(found.values_list("sex", "agency", "month")) == {
        ("female", "lake-house", NOVEMBER)
    }


def test_a_rare_answer_is_written_among_the_others(november):
    tell(10, kind="detention", **{**ALIKE, "result": "not_detained"})
    tell(1, kind="detention", **{**ALIKE, "result": "detained"})

    batch.write_batch()

    assert Observation.objects.filter(kind="detention", result="detained").count() == 1


def test_of_a_month_that_is_over_what_is_hidden_loses_where_and_keeps_its_answer(
    november,
):
    for place, urgency in (("lake-house", "U1"), ("port-clinic", "U2")):
        for n in range(6):
            tell(
                1,
                kind="reintegration",
                month=OCTOBER,
                number=n,
                topic="social",
                reason="m6",
                result="",
                agency=place,
                urgency=urgency,
            )

    batch.write_batch()

    found = Observation.objects.filter(kind="reintegration")
    assert set(found.values_list("agency", "topic", "reason", "sex")) == {
        ("", "social", "m6", "female")
    }
    assert Counter(found.values_list("number", flat=True)) == Counter([*range(6)] * 2)


hidden = st.builds(
    lambda person, **said: WaitingObservation.of(
        Observation(id=uuid4(), **said), person
    ),
    st.sampled_from([uuid4() for _ in range(40)]),
    kind=st.sampled_from(["rape_care", "goal", "acceptance"]),
    result=st.sampled_from(["late", "in_time", "met"]),
    sex=st.sampled_from(["female", "male", ""]),
    agency=st.sampled_from(["lake-house", "port-clinic", "harbour", ""]),
    topic=st.sampled_from(["SH2", "HE2", ""]),
    urgency=st.sampled_from(["U1", "U2", ""]),
    corrects=st.sampled_from([None, None, None, uuid4()]),
    month=st.sampled_from([OCTOBER, NOVEMBER]),
)


@whatever(st.lists(hidden, min_size=20, max_size=90))
def test_whatever_waits_what_is_hidden_is_written_among_eleven_alike(some):
    of_whom = {telling.fact.pk: telling.person for telling in some}

    ready, rest = separate_ready(some, today=TODAY)

    groups = defaultdict(set)
    for fact in ready:
        groups[get_quasi_identifiers(fact)].add(of_whom[fact.pk])
    for fact in ready:
        if KINDS[fact.kind].is_hidden:
            assert len(groups[get_quasi_identifiers(fact)]) >= ENOUGH
    assert {f.pk for f in ready} | {
        telling.fact.pk for telling in rest
    } == of_whom.keys()
