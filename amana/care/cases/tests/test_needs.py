"""Needs, urgency, and when a case is due."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases import actions, need_kinds
from amana.care.cases.models import FollowUp, Need, NotOpened
from amana.care.cases.safety import SafetyLevel
from amana.errors import Changed, Refused
from amana.trust.vault.compartments import Compartment as C

from .case_records import U0, U1, U2, U3, record


def test_a_more_urgent_need_makes_the_case_more_urgent_and_due_sooner(case, worker):
    need = actions.raise_need(case, type="HE1", urgency=U0, words="Pain", by=worker)
    case.refresh_from_db()
    assert case.urgency == U0
    assert case.due_at == need.due_at


def test_a_less_urgent_need_leaves_the_urgency_as_it_is(case, worker):
    actions.raise_need(case, type="ED3", urgency=U3, by=worker)
    case.refresh_from_db()
    assert case.urgency == U2


def test_a_need_that_was_referred_waits_for_an_answer_and_not_for_us(case, worker):
    need = case.needs.get()
    actions.settle_need(need, status=Need.Status.REFERRED, by=worker)
    answer = timezone.now() + timedelta(hours=5)
    actions.record_wait(case, answer)
    case.refresh_from_db()
    assert case.due_at == answer
    actions.record_wait(case, None)
    case.refresh_from_db()
    assert case.due_at > timezone.now() + timedelta(days=29)


def test_nothing_acceptable_needs_a_reason_and_is_looked_for_again(case, worker):
    need = case.needs.get()
    with pytest.raises(Refused, match="why"):
        actions.answer_need(need, status=Need.Status.UNMET, by=worker)
    actions.answer_need(need, status=Need.Status.UNMET, reason="no_place", by=worker)
    need.refresh_from_db()
    assert need.is_open
    assert need.due_at > timezone.now() + timedelta(days=3)


def test_a_worker_does_not_refer_a_need_by_hand(case, worker):
    need = case.needs.get()
    with pytest.raises(Refused, match="send a referral"):
        actions.answer_need(need, status=Need.Status.REFERRED, by=worker)
    actions.settle_need(need, status=Need.Status.REFERRED, by=worker)
    with pytest.raises(Refused, match="asked"):
        actions.answer_need(need, status=Need.Status.MET, by=worker)


def test_strangers_change_no_need(case, stranger, colleague):
    for someone in (stranger, colleague):
        with pytest.raises(PermissionDenied):
            actions.raise_need(case, type="HE1", urgency=U0, by=someone)
        with pytest.raises(PermissionDenied):
            actions.answer_need(case.needs.get(), status="met", by=someone)


def test_the_earliest_of_all_that_is_due_is_when_the_case_is_due(case, worker):
    soon = timezone.now() + timedelta(hours=1)
    follow_up = actions.plan_follow_up(case, due_at=soon, words="Call", by=worker)
    case.refresh_from_db()
    assert case.due_at == soon
    actions.finish_follow_up(follow_up, words="Reached", by=worker)
    case.refresh_from_db()
    assert case.due_at == case.needs.get().due_at
    words = record(case, C.NEEDS, worker, follow_up.outcome_document).content["words"]
    assert words == "Reached"


def test_a_follow_up_is_done_once(case, worker):
    later = timezone.now() + timedelta(days=1)
    follow_up = actions.plan_follow_up(case, due_at=later, by=worker)
    actions.finish_follow_up(follow_up, by=worker)
    with pytest.raises(Changed):
        actions.finish_follow_up(follow_up, by=worker)


def test_a_follow_up_lies_in_the_future(case, worker):
    with pytest.raises(Refused, match="future"):
        actions.plan_follow_up(case, due_at=timezone.now(), by=worker)


def test_a_critical_answer_makes_the_case_an_emergency_and_says_why(case, worker):
    found = actions.assess_safety(
        case, answers={"TONIGHT": "yes", "DEBT": "yes"}, words="Afraid", by=worker
    )
    assert found.level is SafetyLevel.CRITICAL
    assert [item.code for item in found.reasons] == ["TONIGHT"]
    case.refresh_from_db()
    assert case.urgency == U0
    review = case.follow_ups.open().get()
    assert review.kind == FollowUp.Kind.SAFETY
    assert review.due_at <= timezone.now() + timedelta(hours=24)


def test_a_calmer_answer_does_not_make_the_case_less_urgent_by_itself(case, worker):
    actions.set_urgency(case, U1, by=worker)
    found = actions.assess_safety(case, answers={"DEBT": "no"}, by=worker)
    assert found.level is SafetyLevel.LOW
    case.refresh_from_db()
    assert case.urgency == U1


def test_a_new_assessment_takes_the_place_of_the_look_that_was_planned(case, worker):
    actions.assess_safety(case, answers={"CONTACT": "yes"}, by=worker)
    actions.assess_safety(case, answers={}, by=worker)
    assert case.follow_ups.open().filter(kind=FollowUp.Kind.SAFETY).count() == 1


def test_a_screener_does_not_open_the_account_to_assess_safety(case, worker, screener):
    actions.assign(case, screener, by=worker)
    with pytest.raises(Refused, match="role"):
        actions.assess_safety(case, answers={}, by=screener)


def test_what_exactly_is_needed_stands_nowhere_in_the_clear(case, worker):
    """Of care for HIV the database knows that it is about health, and no more; whoever
    has the keys reads on."""
    need = actions.raise_need(case, type="HE5", urgency="U1", by=worker)
    actions.answer_need(need, status="unmet", reason="none_exists", by=worker)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = repr(cursor.fetchall())
            assert "'HE5'" not in rows, table
            assert '"HE5"' not in rows, table
    fresh = Need.objects.get(pk=need.pk)
    assert (fresh.group, str(fresh.needed)) == ("HE", "Health")
    with pytest.raises(NotOpened):
        _ = fresh.type
    shown = given.sign_in(worker).get(reverse("cases:case", args=[case.pk]))
    assert "Tuberculosis, HIV and hepatitis" in shown.content.decode()


def test_what_is_needed_opens_with_keys_of_the_case_alone(case, worker, stranger):
    need = case.needs.get()
    with pytest.raises(Refused, match="do not hold the key"):
        need_kinds.learn([need], by=stranger)
    assert not need.is_known
    need_kinds.learn([need], by=worker)
    assert need.type == "SH2"
