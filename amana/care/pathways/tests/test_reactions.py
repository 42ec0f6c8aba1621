"""The case goes on by itself where a colleague has done, elsewhere, what is asked."""

from amana import given
from amana.care.cases import actions as cases
from amana.care.consent import actions as consents
from amana.care.consent.models import Consent
from amana.care.pathways import actions, reactions, rules, status
from amana.care.pathways.models import PathwayRun, RoleAssignment
from amana.care.pathways.tests.conftest import go
from amana.care.referrals import actions as referrals
from amana.design.directory.taxonomy import ServiceType
from amana.design.mechanism import actions as mechanisms


def keys(course):
    return sorted(course.dues.values_list("key", flat=True))


def test_who_may_be_a_child_is_not_taken_for_an_adult(mechanism, worker):
    def group(**said):
        case = given.make_case(worked_on_by=worker, **said)
        return case.course.facts.get(number=0).data["age_group"]

    assert group(identity_age=30) == "adult"
    assert group(identity_child="no") == "adult"
    assert group(identity_age=15) == "child"
    assert group(identity_child="yes") == "child"
    assert group(identity_child="unsure") == "unsure"
    assert group() == "unsure"
    assert group(gate={"SAFE08": "yes"}) == "unsure"
    assert group(gate={"SAFE08": "no"}) == "adult"


def test_a_consent_withdrawn_interrupts_once_none_is_left(
    registered, case, worker, nurse, clinic
):
    first = given.make_consent(case, to=clinic[0], by=worker)
    second = given.make_consent(case, to=clinic[1], by=worker)
    consents.withdraw(first, by=worker)
    assert "goodbye" not in keys(registered)
    consents.withdraw(second, by=worker)
    assert keys(registered) == ["care", "goodbye"]
    assert registered.facts.order_by("-number").first().message == "consent_withdrawn"


def test_a_consent_that_runs_out_interrupts_nothing(registered, case, worker, clinic):
    given.make_consent(case, to=clinic[0], by=worker)
    Consent.objects.update(expires_at="2020-01-01T00:00Z")
    consents.expire_lapsed()
    assert "goodbye" not in keys(registered)


def test_the_team_that_a_referral_asks_does_the_step(
    registered, case, worker, nurse, clinic
):
    service = given.make_service(of=clinic[0], types=[ServiceType.HE2])
    need = case.needs.get()
    referral = given.make_referral(need=need, to=service, by=worker)
    care = registered.dues.get(key="care")
    assert (care.team, care.given) == (clinic[0], True)

    referrals.acknowledge(referral, by=nurse)
    referrals.accept(referral, by=nurse)
    assert "care" in keys(registered)
    referrals.start_service(referral, by=nurse)
    assert "care" not in keys(registered)


def test_the_cases_new_team_has_its_steps(
    registered, case, worker, house, mechanism, coordinator
):
    other = given.make_team(of=house.organisation, name="Other house")
    mechanisms.give_part(mechanism.mechanism, "responder", other, by=coordinator)
    taker = given.make_worker(of=other)
    case.refresh_from_db()
    transfer = cases.offer_transfer(case, to=other, agreed="As agreed.", by=worker)
    cases.answer_transfer(transfer, accept=True, by=taker)
    assert registered.dues.get(key="listen").team == other
    course = PathwayRun.objects.get(pk=registered.pk)
    actions.follow_case(course, by=taker)
    assert not RoleAssignment.objects.filter(course=course, team=house).exists()


def test_what_another_room_says_is_heard(registered, worker):
    actions.record_signal(registered, "ready_to_decide", by=worker)
    assert not registered.awaited.exists()


def test_what_a_colleague_did_stands_where_the_way_cannot_follow(
    registered, case, worker, clinic, monkeypatch
):
    given_ = given.make_consent(case, to=clinic[0], by=worker)
    actions.record_signal(registered, "consent_withdrawn", by=worker)
    monkeypatch.setattr(status, "is_open_to", lambda course, message: True)
    before = registered.facts.count()
    consents.withdraw(given_, by=worker)
    given_.refresh_from_db()
    assert given_.status == Consent.Status.WITHDRAWN
    assert registered.facts.count() == before


def test_what_an_authority_decides_is_never_done_by_itself(to_decide, authority):
    due = to_decide.dues.get(key="grounds")
    assert rules.do_step.permits(authority, due)
    assert not reactions.may_do(to_decide, "grounds", authority)


# --- cases kept to named people


def test_a_step_asked_of_others_comes_back_when_the_case_is_kept(
    registered, case, worker, clinic, nurse
):
    actions.give_to_team(registered, "health", clinic[0], by=worker)
    case.refresh_from_db()
    cases.restrict(case, people=[worker], by=worker)
    assert rules.do_step.permits(worker, registered.dues.get(key="care"))
    case.refresh_from_db()
    cases.lift_restriction(case, by=worker)
    assert rules.do_step.permits(nurse, registered.dues.get(key="care"))


def test_whoever_keeps_a_case_to_others_may_see_it_no_more(
    registered, case, worker, supervisor
):
    cases.restrict(case, people=[worker], by=supervisor)
    care = registered.dues.get(key="care")
    assert (care.own, care.given) == (True, True)


def test_what_was_kept_goes_to_its_office_once_it_is_not(
    course, case, worker, coordinator
):
    cases.restrict(case, people=[worker], by=worker)
    go(course, ("meet", worker, {"agrees": "yes"}))
    case.refresh_from_db()
    cases.lift_restriction(case, by=worker)
    go(course, ("register", coordinator, {}))
    assert "register" not in keys(course)


def test_a_case_that_is_kept_is_referred_all_the_same(registered, case, worker, clinic):
    service = given.make_service(of=clinic[0], types=[ServiceType.HE2])
    case.refresh_from_db()
    cases.restrict(case, people=[worker], by=worker)
    given.make_referral(need=case.needs.get(), to=service, by=worker)
    assert registered.dues.get(key="care").team == case.team
