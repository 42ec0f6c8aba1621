"""From the appointment to the outcome that the person confirms."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from amana import given
from amana.care.cases.models import Need
from amana.care.referrals import actions
from amana.care.referrals.models import (
    Referral,
    ReferralOutcome,
    ReferralStage,
    ReferralStatus,
)
from amana.care.referrals.states import DeclineReason, StopReason, UnaskedReason
from amana.design.directory.models import Service
from amana.errors import Changed, Refused
from amana.trust.access.models import User
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment

from .reaching import goes_to, opened

S = ReferralStatus


def test_an_appointment_is_in_the_future(
    referral: Referral, shelter_worker: User
) -> None:
    actions.accept(referral, by=shelter_worker)
    with pytest.raises(Refused, match="future"):
        actions.make_appointment(referral, at=timezone.now(), by=shelter_worker)


def test_the_clock_of_an_appointment_runs_from_its_time(
    referral: Referral, shelter_worker: User
) -> None:
    actions.accept(referral, by=shelter_worker)
    at = timezone.now() + timedelta(days=10)
    actions.make_appointment(referral, at=at, by=shelter_worker)
    assert referral.due_at > at


def test_each_failed_attempt_is_counted(
    referral: Referral, shelter_worker: User
) -> None:
    actions.accept(referral, by=shelter_worker)
    for _attempt in range(3):
        actions.record_failed_attempt(referral, note="No answer", by=shelter_worker)
    assert referral.happenings.filter(status=S.UNREACHABLE).count() == 3


def test_a_service_that_goes_on_says_so_and_gets_a_later_clock(
    referral: Referral, shelter_worker: User
) -> None:
    actions.accept(referral, by=shelter_worker)
    actions.start_service(referral, by=shelter_worker)
    Referral.objects.update(due_at=timezone.now() - timedelta(days=1))
    referral.refresh_from_db()
    actions.report_progress(referral, note="Sleeps well", by=shelter_worker)
    assert referral.due_at > timezone.now()


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (ReferralOutcome.MET, "met"),
        (ReferralOutcome.PARTLY, "partly"),
        (ReferralOutcome.NOT, "open"),
    ],
)
def test_the_person_s_word_settles_the_need(
    outcome: ReferralOutcome,
    status: str,
    referral: Referral,
    need: Need,
    worker: User,
    shelter_worker: User,
) -> None:
    goes_to(S.COMPLETED, referral, worker, shelter_worker)
    need.refresh_from_db()
    assert need.status == Need.Status.REFERRED
    actions.confirm(referral, outcome=outcome, by=worker)
    need.refresh_from_db()
    assert need.status == status


def test_the_person_s_words_stay_in_the_case(
    referral: Referral, worker: User, shelter_worker: User
) -> None:
    goes_to(S.COMPLETED, referral, worker, shelter_worker)
    actions.confirm(
        referral, outcome=ReferralOutcome.PARTLY, words="They were kind", by=worker
    )
    case, words = referral.case_id, (Compartment.NEEDS, referral.document)
    seen = documents.open_documents(case, by=worker, purpose="test")
    assert seen[words].content == {"outcome": "partly", "words": "They were kind"}
    assert not documents.open_documents(case, by=shelter_worker, purpose="test")


def test_a_loop_is_closed_unasked_only_with_a_reason_and_as_reported(
    referral: Referral, need: Need, worker: User, shelter_worker: User
) -> None:
    goes_to(S.DISCONTINUED, referral, worker, shelter_worker)
    actions.close_unasked(referral, reason=UnaskedReason.LOST, by=worker)
    need.refresh_from_db()
    assert need.status == Need.Status.OPEN
    assert referral.unasked_reason == UnaskedReason.LOST


def test_a_need_stays_referred_while_another_service_is_still_asked(
    referral: Referral,
    need: Need,
    other_shelter: Service,
    worker: User,
    shelter_worker: User,
) -> None:
    given.make_referral(need=need, to=other_shelter, by=worker)
    actions.decline(referral, reason=DeclineReason.FUNDING, by=shelter_worker)
    need.refresh_from_db()
    assert need.status == Need.Status.REFERRED


def test_messages_go_both_ways(
    referral: Referral, worker: User, shelter_worker: User, stranger: User
) -> None:
    actions.write_message(referral, text="Is it quiet?", by=worker)
    actions.write_message(referral, text="Yes", by=shelter_worker)
    assert [m.text for m in opened(referral, worker)] == ["Is it quiet?", "Yes"]
    assert [m.team for m in opened(referral, worker)][1] == "Lake House"
    with pytest.raises(PermissionDenied):
        actions.write_message(referral, text="Hello", by=stranger)


def test_nobody_writes_about_what_has_ended(referral: Referral, worker: User) -> None:
    actions.recall(referral, by=worker)
    with pytest.raises(Changed):
        actions.write_message(referral, text="Wait", by=worker)


def test_the_recipient_s_supervisor_and_partial_ends_are_known(
    referral: Referral, shelter_worker: User, worker: User, need: Need
) -> None:
    actions.accept(referral, by=shelter_worker)
    actions.record_no_show(referral, by=shelter_worker)
    actions.record_attendance(referral, by=shelter_worker)
    actions.discontinue_service(referral, reason=StopReason.MOVED, by=shelter_worker)
    assert referral.stop_reason == StopReason.MOVED
    assert referral.stage == ReferralStage.WORD
