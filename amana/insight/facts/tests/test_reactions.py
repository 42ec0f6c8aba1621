"""What happens in a case becomes facts; what only its words say, by its own team."""

from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from amana import given
from amana.care.cases.actions import answer_need, close, decide_to_close
from amana.care.cases.closing import CHECKLIST
from amana.care.cases.models import Case, Need, Urgency
from amana.care.consent import actions as consents
from amana.care.consent.models import Consent
from amana.care.pathways import status
from amana.care.pathways.events import course_ended
from amana.care.referrals import actions as referrals
from amana.care.referrals.models import DeclineReason, ReferralOutcome
from amana.care.referrals.referral_messages import HandoverMessage
from amana.insight.facts import actions, batch, reactions, recording, steps, waiting
from amana.insight.facts.models import (
    DeferredObservation,
    Observation,
    PendingObservation,
)
from amana.trust.access.models import Role
from amana.trust.vault import documents
from tests.worlds import kept

pytestmark = pytest.mark.django_db

WARM = HandoverMessage(who="A colleague from Lake House")


@kept
def worker(db):
    return given.make_worker(name="Mariam Toure")


@kept
def shelter_worker(db):
    team = given.make_team(name="Lake House", email="lake@example.org")
    return given.make_worker(of=team, role=Role.FOCAL_POINT, name="Samira Haddad")


@pytest.fixture
def shelter(shelter_worker):
    team = shelter_worker.memberships.get().team
    return given.make_service(of=team, by=shelter_worker, name="Lake House beds")


@pytest.fixture
def case(worker, settings):
    settings.COUNTRY, settings.NEIGHBOURS = "JO", frozenset({"SY"})
    return given.make_case(
        worked_on_by=worker,
        identity_age=19,
        identity_sex="male",
        identity_nationality=["SY"],
        narrative_flags=["trafficking", "smuggling"],
        narrative_exploitation=["debt"],
        needs_disability=["wheelchair"],
    )


def told():
    """What waits, opened as the batch would."""
    with waiting.get_box().emptied() as emptied:
        opened = [
            emptied.opened(bytes(w.sealed)) for w in PendingObservation.objects.all()
        ]
    PendingObservation.objects.all().delete()
    return {
        t.fact.kind: t.fact
        for t in map(waiting.WaitingObservation.read, filter(None, opened))
    }


def test_a_case_that_begins_says_of_whom_in_coarse_codes(case):
    fact = told()["safety_gate"]

    assert (fact.result, fact.age_band, fact.sex) == ("incomplete", "18-24", "male")
    assert (fact.nationality_group, fact.disability) == ("neighbour", "yes")
    assert (fact.status, fact.exploitation) == ("both", "labour")
    assert fact.sector == "humanitarian"


def test_what_another_team_answers_waits_for_the_words_of_the_cases_own(
    case, shelter, shelter_worker, worker
):
    referral = given.make_referral(need=case.needs.get(), to=shelter, by=worker)
    told()
    referrals.accept(referral, by=shelter_worker)
    referrals.start_service(referral, by=shelter_worker)
    referrals.complete_service(referral, by=shelter_worker)

    assert told() == {}
    waiting_in_the_clear = str(list(DeferredObservation.objects.values_list("said")))
    assert "male" not in waiting_in_the_clear
    assert "SH2" not in waiting_in_the_clear  # which help it is about

    referrals.confirm(referral, outcome=ReferralOutcome.MET, by=worker)

    facts = told()
    assert facts.keys() >= {"answer", "acceptance", "service_start", "loop", "need_met"}
    assert {f.sex for f in facts.values()} == {"male"}
    assert {facts[kind].topic for kind in ("answer", "loop", "need")} == {"SH2"}
    assert facts["answer"].result == "in_time"
    assert facts["acceptance"].agency == facts["loop"].agency
    assert facts["need_met"].result == facts["need"].result == "met"
    assert not DeferredObservation.objects.exists()


@pytest.mark.parametrize(("handover", "result"), [(None, "cold"), (WARM, "warm")])
def test_whoever_is_sent_in_danger_is_told_as_brought_or_not(
    case, shelter, shelter_worker, worker, handover, result
):
    need = case.needs.get()
    need.urgency = Urgency.U0
    consent = given.make_consent(case, to=shelter.team, by=worker)
    referral = referrals.send(
        need, to=shelter, consent=consent, by=worker, handover=handover
    )
    assert not DeferredObservation.objects.filter(said__kind="handover").exists()

    referrals.accept(referral, by=shelter_worker)

    said = DeferredObservation.objects.get(said__kind="handover").said
    assert (said["result"], said["urgency"]) == (result, "U0")


def test_a_no_is_told_with_its_reason_of_whoever_it_was_said_to(
    case, shelter, shelter_worker, worker
):
    referral = given.make_referral(need=case.needs.get(), to=shelter, by=worker)
    referrals.decline(referral, reason=DeclineReason.NO_CAPACITY, by=shelter_worker)
    need = Need.objects.get()
    answer_need(need, status=Need.Status.UNMET, reason="none_exists", by=worker)

    facts = told()
    assert facts["acceptance"].reason == "no_capacity"
    assert facts["acceptance"].sex == facts["need"].sex == "male"


def test_what_nobody_ever_answered_is_told_as_late(case, shelter, worker):
    referral = given.make_referral(need=case.needs.get(), to=shelter, by=worker)
    told()

    with time_machine.travel(timezone.now() + timedelta(days=40)):
        referrals.expire(referral)

    untold = DeferredObservation.objects.values_list("said__kind", "said__result")
    assert set(untold) >= {("answer", "late"), ("loop", "open")}


def test_what_was_accepted_and_came_to_nothing_is_an_open_loop(
    case, shelter, shelter_worker, worker
):
    referral = given.make_referral(need=case.needs.get(), to=shelter, by=worker)
    referrals.accept(referral, by=shelter_worker)
    referral.refresh_from_db()
    referrals.recall(referral, by=worker)

    untold = DeferredObservation.objects.values_list("said__kind", "said__result")
    assert set(untold) >= {("loop", "open"), ("answer", "in_time")}
    assert ("answer", "late") not in untold


def test_a_case_that_ends_says_why_and_how_long_it_took(case, worker):
    close(case, reason="goals_met", checklist=CHECKLIST, left_open="A bed.", by=worker)

    facts = told()
    assert (facts["closure"].reason, facts["closure"].band) == ("goals_met", "1")
    assert facts["contact"].result == "kept"
    assert facts["case_referrals"].number == 0
    assert facts["consent"].result == "none"


def test_why_a_case_ended_is_told_sealed_also_when_the_clock_closes_it(case, worker):
    """In the clear nothing may say it, not even until the team unlocks again."""
    told()
    due_at = timezone.now() + timedelta(minutes=1)
    decide_to_close(
        case,
        due_at=due_at,
        reason="removed",
        checklist=CHECKLIST,
        left_open="A bed.",
        by=worker,
    )
    given.pass_ten_minutes()

    case.refresh_from_db()
    assert case.closed_at
    assert "removed" not in str(list(DeferredObservation.objects.values_list("said")))
    facts = told()
    assert facts["closure"].reason == "removed"
    assert facts["contact"].result == "kept"


@pytest.mark.parametrize(
    ("status", "result"),
    [("given", "consent"), ("expired", "consent"), ("withdrawn", "none")],
)
def test_what_was_taken_back_is_no_consent(case, shelter, worker, status, result):
    consent = given.make_consent(case, to=shelter.team, by=worker)
    ended = None if status == "given" else timezone.now()
    Consent.objects.filter(pk=consent.pk).update(status=status, ended_at=ended)

    close(case, reason="goals_met", checklist=CHECKLIST, left_open="A bed.", by=worker)

    assert told()["consent"].result == result


def test_what_never_came_to_be_is_told_when_a_way_ends(case, worker, monkeypatch):
    never = [("reflection", {"result": "not_granted"})]
    monkeypatch.setattr(status, "read_facts", lambda course: [])
    monkeypatch.setattr(steps, "observe_end", lambda course, facts: never)
    way, last = SimpleNamespace(case=case), SimpleNamespace(team_id=None)

    course_ended.send(None, course=way, fact=last, by=worker)

    assert told()["reflection"].result == "not_granted"


def test_no_word_and_no_id_of_a_case_is_under_the_seal(case):
    rows = [bytes(w.sealed) for w in PendingObservation.objects.all()]
    with waiting.get_box().emptied() as emptied:
        said = b"".join(emptied.opened(row) or b"" for row in rows)

    for secret in (str(case.pk), case.pk.hex, case.reference, "Person", "SY"):
        assert secret.encode() not in said


def test_facts_that_wait_outlive_the_case_and_lead_nowhere(case, shelter, worker):
    given.make_consent(case, to=shelter.team, by=worker)
    waits = PendingObservation.objects.count()

    documents.shred(case.pk)

    assert PendingObservation.objects.count() == waits
    assert told()


def test_an_act_is_done_although_no_fact_can_be_sealed(
    worker, settings, tmp_path, caplog
):
    tmp_path.joinpath("file").touch()
    settings.FACTS_KEY_FILE = tmp_path / "file" / "facts.key"

    case = given.make_case(worked_on_by=worker, identity_sex="female")

    assert Case.objects.filter(pk=case.pk).exists()
    assert "sex" not in DeferredObservation.objects.get().said
    assert "can't be sealed" in caplog.text


def test_a_consent_is_taken_back_although_it_could_not_be_counted(
    case, shelter, worker, monkeypatch, caplog
):
    consent = given.make_consent(case, to=shelter.team, by=worker)

    def mistaken(*args, **named):
        DeferredObservation.objects.all().delete()
        raise ValueError("a mistake in what counts")

    monkeypatch.setattr(reactions, "record_team_observations", mistaken)
    recording.defer_observations(case.pk, [("contact", {"result": "kept"})])
    before = DeferredObservation.objects.count()
    consents.withdraw(consent, by=worker)

    consent.refresh_from_db()
    assert consent.status == Consent.Status.WITHDRAWN
    assert DeferredObservation.objects.count() == before  # half of a count is none
    assert "handle_consent_answer could not be counted" in caplog.text
    assert "a mistake" not in caplog.text


def test_a_result_that_is_judged_anew_corrects_what_was_told(case, worker):
    """Its id is nowhere but in the encrypted case."""
    told()
    screening = SimpleNamespace(pk=uuid4(), case=case, urgency="U2")
    judged = {"screening": screening, "flags": {"trafficking": "yes"}, "by": worker}

    reactions.handle_screening_finished(gives={"presumed": "yes"}, **judged)
    first = told()["screening"]
    reactions.handle_screening_finished(gives={"presumed": "no"}, **judged)
    second = told()["screening"]
    reactions.handle_screening_finished(gives={"presumed": "unsure"}, **judged)

    assert (first.result, first.corrects) == ("presumed", None)
    assert (second.result, second.corrects) == ("not_presumed", first.pk)
    assert told()["screening"].corrects == second.pk


def test_where_nobody_holds_the_keys_nothing_is_said_of_whom(case, shelter_worker):
    told()
    stranger = given.unlock_user(shelter_worker)

    recording.record_team_observations(
        case.pk, case.team_id, [("contact", {"result": "kept"})], by=stranger
    )

    assert told() == {}
    assert DeferredObservation.objects.get().said.keys() == {
        "kind",
        "result",
        "agency",
        "sector",
    }


def test_what_waits_for_a_team_that_does_nothing_is_told_without_whom(case):
    """And not for which help it was, which no clock can open."""
    told()
    need = case.needs.get().pk.hex
    recording.defer_observations(case.pk, [("contact", {"result": "kept"})])
    recording.defer_observations(
        case.pk, [("loop", {"result": "open", recording.NEED: need})]
    )
    for _ in range(11):
        actions.record_pending_observation(
            "screening", person=uuid4(), result="presumed"
        )

    with time_machine.travel(timezone.now() + timedelta(days=150)):
        batch.write_batch()

    fact = Observation.objects.get(kind="contact")
    assert (fact.result, fact.sex) == ("kept", "")
    assert Observation.objects.get(kind="loop").topic == ""
    assert not DeferredObservation.objects.exists()


def test_telling_takes_seven_queries(case, worker, django_assert_max_num_queries):
    extra = connection.vendor == "postgresql"  # the lock

    # Three of them for what was signed of the case, one for what is no real case.
    with django_assert_max_num_queries(7 + extra):
        recording.record_team_observations(
            case.pk, case.team_id, [("contact", {"result": "kept"})], by=worker
        )
    with django_assert_max_num_queries(3):
        recording.record_others_observations(
            case.pk, case.team_id, [("contact", {"result": "kept"})]
        )
