"""What happens in a case becomes facts; what only its words say, by its own team."""

import pytest

from amana import given
from amana.care.cases.actions import answer_need, close
from amana.care.cases.closing import CHECKLIST
from amana.care.cases.models import Case, Need
from amana.care.referrals import actions as referrals
from amana.care.referrals.models import DeclineReason, Outcome
from amana.insight.facts import waiting
from amana.insight.facts.models import UntoldFact, WaitingFact
from amana.trust.access.models import Role
from amana.trust.vault import documents
from tests.worlds import kept

pytestmark = pytest.mark.django_db


@kept
def worker(db):
    return given.a_worker(name="Mariam Toure")


@kept
def shelter_worker(db):
    team = given.a_team(name="Lake House", email="lake@example.org")
    return given.a_worker(of=team, role=Role.FOCAL_POINT, name="Samira Haddad")


@pytest.fixture
def shelter(shelter_worker):
    team = shelter_worker.memberships.get().team
    return given.a_service(of=team, by=shelter_worker, name="Lake House beds")


@pytest.fixture
def case(worker, settings):
    settings.COUNTRY, settings.NEIGHBOURS = "JO", frozenset({"SY"})
    return given.a_case(
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
    with waiting.box().emptied() as emptied:
        opened = [emptied.opened(bytes(w.sealed)) for w in WaitingFact.objects.all()]
    WaitingFact.objects.all().delete()
    return {t.fact.kind: t.fact for t in map(waiting.Told.read, filter(None, opened))}


def test_a_case_that_begins_says_of_whom_in_coarse_codes(case):
    fact = told()["safety_gate"]

    assert (fact.result, fact.age_band, fact.sex) == ("incomplete", "18-24", "male")
    assert (fact.nationality_group, fact.disability) == ("neighbour", "yes")
    assert (fact.status, fact.exploitation) == ("both", "labour")
    assert fact.sector == "humanitarian"


def test_what_another_team_answers_waits_for_the_words_of_the_cases_own(
    case, shelter, shelter_worker, worker
):
    referral = given.a_referral(need=case.needs.get(), to=shelter, by=worker)
    told()
    referrals.accept(referral, by=shelter_worker)
    referrals.start(referral, by=shelter_worker)
    referrals.complete(referral, by=shelter_worker)

    assert told() == {}
    assert not any("male" in str(u.said) for u in UntoldFact.objects.all())

    referrals.confirm(referral, outcome=Outcome.MET, by=worker)

    facts = told()
    assert facts.keys() >= {"answer", "acceptance", "service_start", "loop", "need_met"}
    assert {f.sex for f in facts.values()} == {"male"}
    assert facts["answer"].result == "in_time"
    assert facts["acceptance"].agency == facts["loop"].agency
    assert facts["need_met"].result == facts["need"].result == "met"
    assert not UntoldFact.objects.exists()


def test_a_no_is_told_with_its_reason_of_whoever_it_was_said_to(
    case, shelter, shelter_worker, worker
):
    referral = given.a_referral(need=case.needs.get(), to=shelter, by=worker)
    referrals.decline(referral, reason=DeclineReason.NO_CAPACITY, by=shelter_worker)
    need = Need.objects.get()
    answer_need(need, status=Need.Status.UNMET, reason="none_exists", by=worker)

    facts = told()
    assert facts["acceptance"].reason == "no_capacity"
    assert facts["acceptance"].sex == facts["need"].sex == "male"


def test_a_case_that_ends_says_why_and_how_long_it_took(case, worker):
    close(case, reason="goals_met", checklist=CHECKLIST, left_open="A bed.", by=worker)

    facts = told()
    assert (facts["closure"].reason, facts["closure"].band) == ("goals_met", "1")
    assert facts["contact"].result == "kept"
    assert facts["case_referrals"].number == 0
    assert facts["consent"].result == "none"


def test_no_word_and_no_id_of_a_case_is_under_the_seal(case):
    rows = [bytes(w.sealed) for w in WaitingFact.objects.all()]
    with waiting.box().emptied() as emptied:
        said = b"".join(emptied.opened(row) or b"" for row in rows)

    for secret in (str(case.pk), case.pk.hex, case.reference, "Person", "SY"):
        assert secret.encode() not in said


def test_facts_that_wait_outlive_the_case_and_lead_nowhere(case, shelter, worker):
    given.a_consent(case, to=shelter.team, by=worker)
    waits = WaitingFact.objects.count()

    documents.shred(case.pk)

    assert WaitingFact.objects.count() == waits
    assert told()


def test_an_act_is_done_although_no_fact_can_be_sealed(
    worker, settings, tmp_path, caplog
):
    tmp_path.joinpath("file").touch()
    settings.FACTS_KEY_FILE = tmp_path / "file" / "facts.key"

    assert Case.objects.filter(pk=given.a_case(worked_on_by=worker).pk).exists()

    assert UntoldFact.objects.get().said["kind"] == "safety_gate"
    assert "can't be sealed" in caplog.text
