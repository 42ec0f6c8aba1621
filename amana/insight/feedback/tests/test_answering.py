"""A code is used once; what is said becomes facts and sealed words of no case."""

import json
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amana.errors import Refused
from amana.insight.facts import actions as facts
from amana.insight.facts import batch
from amana.insight.facts.models import Observation, PendingObservation
from amana.insight.feedback import actions, sealing
from amana.insight.feedback.models import FeedbackDoor, Slip, Voice, WaitingVoice
from amana.insight.feedback.questions import (
    HELP,
    OUTCOMES,
    SlipMoment,
    get_questions,
    split_pages,
)
from amana.insight.feedback.tests.saying import mix, say
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent


def test_a_code_opens_the_questions_once(codes):
    actions.answer_with_slip(codes[0], {"safe": "yes"})

    with pytest.raises(Refused, match="used before"):
        actions.answer_with_slip(codes[0], {"safe": "no"})
    with pytest.raises(Refused, match="not right"):
        actions.answer_with_slip("ABCD-EFGH", {})

    assert Slip.objects.count() == len(codes) - 1
    assert PendingObservation.objects.count() == 1


def test_words_that_nobody_could_read_are_refused_and_the_slip_stays(
    codes, desk, house, worker, coordinator
):
    kiosk, _code = actions.open_kiosk(house, by=worker)
    actions.dismiss_desk(desk, by=coordinator)
    with pytest.raises(Refused, match="own words"):
        actions.answer_with_slip(codes[0], {"safe": "no"}, "The door does not lock.")
    with pytest.raises(Refused, match="own words"):
        actions.answer_at_kiosk(kiosk, {"safe": "no"}, "The door does not lock.")
    assert Slip.objects.count() == len(codes)
    assert not PendingObservation.objects.exists()

    actions.answer_with_slip(codes[0], {"safe": "no"}, "  ")
    assert PendingObservation.objects.count() == 1


def test_a_slip_past_its_time_is_no_slip(codes):
    Slip.objects.update(until=timezone.localdate().replace(year=2020))
    with pytest.raises(Refused, match="has expired"):
        actions.answer_with_slip(codes[0], {})
    actions.forget_old_slips()
    assert not Slip.objects.exists()


def test_each_answer_becomes_a_fact_without_anything_around_it(codes, house):
    for code in codes[:11]:
        actions.answer_with_slip(
            code, {"safe": "yes", "dignity": "no", "time": "", "x": "yes"}
        )
    batch.write_batch()

    found = Observation.objects.filter(kind="feedback")
    assert found.count() == 22
    assert set(found.values_list("topic", "result", "agency", "sector")) == {
        ("safe", "yes", "dar-amal", house.sphere),
        ("dignity", "no", "dar-amal", house.sphere),
    }
    assert {fact.month.day for fact in found} == {1}


def test_a_slip_tells_each_topic_once_and_as_one_person(codes, monkeypatch):
    told = []
    monkeypatch.setattr(
        facts,
        "record_pending_observations",
        lambda some, person: told.append(([f["topic"] for _k, f in some], person)),
    )
    for code in codes[:2]:
        actions.answer_with_slip(code, dict.fromkeys(map(str, HELP), "yes"))
    (first, one), (_second, another) = told
    assert sorted(first) == sorted(map(str, HELP))
    assert one != another


def test_an_outcome_says_when_it_was_asked(house, worker, desk):
    [code, *_others] = actions.print_slips(house, SlipMoment.M6, by=worker)
    said = dict.fromkeys(OUTCOMES, "partly") | {"dignity": "yes"}
    actions.answer_with_slip(code, said)
    assert PendingObservation.objects.count() == 7  # and what was not asked is no fact


def test_every_question_of_the_facts_is_asked_and_on_one_page():
    for moment in SlipMoment:
        asked = [code for page in split_pages(moment) for code in page]
        assert asked == list(get_questions(moment))
    assert len(HELP) == 25
    assert len(OUTCOMES) == 7


def test_words_are_read_only_among_others_and_by_no_order(codes, reader):
    words = [f"words {number}" for number in range(12)]
    for code, said in zip(codes[:4], words, strict=False):
        actions.answer_with_slip(code, {}, said)
    assert actions.mix_words() == 0  # too few have come
    assert not Voice.objects.exists()

    for code, said in zip(codes[4:], words[4:], strict=False):
        actions.answer_with_slip(code, {}, said)
    assert actions.mix_words() == 12

    table = Voice._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table}")  # in no order but that of the rows
        lie = [UUID(str(row[0])) for row in cursor.fetchall()]
    voices = Voice.objects.in_bulk(lie)
    read = [sealing.open_words(voices[pk], by=reader) for pk in lie]
    assert sorted(read) == sorted(words)
    assert read != words  # by chance once in 479,001,600


def test_a_month_that_is_over_does_not_wait_for_others(codes, reader):
    say(codes[:1])
    mix()
    assert Voice.objects.count() == 1


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    answers=st.dictionaries(
        st.sampled_from([str(code) for code in HELP]),
        st.sampled_from(["yes", "partly", "no", ""]),
        max_size=6,
    ),
    words=st.text(
        st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60
    ),
)
def test_nothing_in_the_database_says_who_or_when(codes, answers, words):
    """No row of the room knows a case, a person or a time of day; no answer lies beside
    another, no word in the clear, no trace of the slip, none in the log."""
    before, slips = AuditEvent.objects.count(), Slip.objects.count()
    code = codes[len(codes) - slips]  # each example uses one up
    actions.answer_with_slip(code, answers, words)

    assert AuditEvent.objects.count() == before
    assert Slip.objects.count() == slips - 1
    [row] = WaitingVoice.objects.values() if words.strip() else [{}]
    assert set(row) <= {
        "id",
        "about_id",
        "month",
        "door",
        "team_key_id",
        "person_key_id",
        "sealed",
        "body",
    }
    told = json.dumps({k: str(v) for k, v in row.items()})
    if len(words.strip()) > 5:
        assert words.strip() not in told
    if row:
        assert str(row["month"]).endswith("-01")
        assert row["door"] == FeedbackDoor.SLIP
    for waiting in PendingObservation.objects.values():
        assert set(waiting) == {"id", "sealed"}
    WaitingVoice.objects.all().delete()
    PendingObservation.objects.all().delete()


def test_whoever_works_in_the_house_does_not_write_down_what_is_said_of_it(
    codes, worker, stranger, coordinator
):
    """It is unknown whose case it is, so nobody of the organisation may."""
    with pytest.raises(Denied):
        actions.answer_by_voice(codes[0], {"safe": "yes"}, by=worker)
    with pytest.raises(Denied):
        actions.answer_by_voice(codes[0], {"safe": "yes"}, by=coordinator)
    actions.answer_by_voice(codes[0], {"safe": "yes"}, "I was afraid.", by=stranger)

    event = AuditEvent.objects.get(did="wrote down feedback")
    assert (event.thing, event.case) == ("", None)
    assert WaitingVoice.objects.get().door == FeedbackDoor.SPOKEN
