"""A request to be forgotten: two people, a delay, and who they may be (P26)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from amana import given
from amana.care.cases.retention import ADULTS
from amana.care.consent import actions as consents
from amana.care.consent.models import Consent
from amana.errors import Changed, Refused
from amana.trust.access.models import Membership, Role
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.trust.retention import erasing, requests, terms
from amana.trust.retention.models import ErasureRequest
from amana.trust.retention.states import DELAY, RequestStatus
from amana.trust.retention.terms import RetentionTerm
from amana.trust.vault.models import ErasedLine
from tests.worlds import kept

from .conftest import a_hold, is_there

pytestmark = pytest.mark.django_db


DAY = timedelta(days=1)


@kept
def second_supervisor(worker, supervisor):
    return given.make_worker(of=worker.memberships.get().team, role=Role.SUPERVISOR)


@pytest.fixture
def asked(case, worker):
    return requests.record(ADULTS, case, received_on=timezone.localdate(), by=worker)


def test_two_people_and_three_days_lie_before_it(
    asked, case, supervisor, officer, later
):
    requests.grant(asked, by=supervisor)
    later(30 * DAY)
    assert not erasing.erase_due()
    requests.confirm(asked, by=officer)
    later(DELAY - timedelta(minutes=1))
    assert not erasing.erase_due()
    assert is_there(case)
    later(timedelta(minutes=2))

    assert erasing.erase_due()["case"] == 1
    line = ErasedLine.objects.get()
    assert line.why == "request"
    assert set(line.by) == {supervisor.actor_id, officer.actor_id}
    assert not ErasureRequest.objects.exists()


def test_a_request_that_the_log_does_not_know_erases_nothing(
    case, supervisor, officer, later
):
    ErasureRequest.objects.create(
        record=case.pk,
        received_on=timezone.localdate(),
        answer_by=timezone.localdate(),
        status=RequestStatus.CONFIRMED,
        recorded_by=supervisor,
        decided_by=supervisor,
        confirmed_by=officer,
        confirmed_at=timezone.now() - 2 * DELAY,
    )
    for _night in range(2):
        assert not erasing.erase_due()
    assert is_there(case)
    event = AuditEvent.objects.get(did="kept record without proof")
    assert event.case == case.pk


def test_the_log_knows_who_decided(asked, case, supervisor, officer, later):
    requests.grant(asked, by=supervisor)
    requests.confirm(asked, by=officer)
    stranger = given.make_worker(role=Role.DATA_PROTECTION_OFFICER)
    ErasureRequest.objects.update(confirmed_by=stranger)
    later(DELAY + DAY)
    assert not erasing.erase_due()
    ErasureRequest.objects.update(confirmed_by=officer, decided_by=stranger)
    assert not erasing.erase_due()
    assert is_there(case)


def test_the_second_is_of_another_team(
    asked, supervisor, second_supervisor, officer, beside
):
    requests.grant(asked, by=supervisor)
    for alone in (supervisor, second_supervisor):
        with pytest.raises(Denied):
            requests.confirm(asked, by=alone)
    requests.confirm(asked, by=officer)


def test_who_left_the_team_is_no_independent_second(
    asked, case, worker, supervisor, second_supervisor, officer, later
):
    """One grants and leaves, to be confirmed by the colleague of yesterday."""
    requests.grant(asked, by=supervisor)
    given.end_membership(supervisor.memberships.get(), by=supervisor)
    with pytest.raises(Denied):
        requests.confirm(asked, by=second_supervisor)


def test_both_people_are_looked_at_again_at_night(
    asked, case, supervisor, officer, later
):
    requests.grant(asked, by=supervisor)
    requests.confirm(asked, by=officer)
    place = officer.memberships.get()
    Membership.objects.filter(pk=place.pk).update(team=case.team)
    later(DELAY + DAY)
    assert not erasing.erase_due()
    assert is_there(case)


def test_those_who_answer_for_it_hear_of_each_step(
    asked,
    worker,
    supervisor,
    second_supervisor,
    officer,
    mailoutbox,
    django_capture_on_commit_callbacks,
):
    stranger = given.make_worker(role=Role.SUPERVISOR)
    both = {worker.email, second_supervisor.email}
    for act, by, other in (
        (requests.grant, supervisor, officer),
        (requests.confirm, officer, supervisor),
    ):
        mailoutbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            act(asked, by=by)
        told = {address for mail in mailoutbox for address in mail.to}
        assert both | {other.email} <= told
        assert not {by.email, stranger.email} & told


def test_it_can_be_stopped_until_it_is_erased(
    asked, case, worker, supervisor, officer, later
):
    requests.grant(asked, by=supervisor)
    requests.confirm(asked, by=officer)
    later(DELAY / 2)
    requests.withdraw(asked, by=worker)
    later(DELAY)

    assert not erasing.erase_due()
    assert is_there(case)
    with pytest.raises(Denied):
        requests.confirm(asked, by=officer)


def test_a_hold_is_stronger_than_a_request(asked, case, supervisor, officer, later):
    requests.grant(asked, by=supervisor)
    requests.confirm(asked, by=officer)
    a_hold(case, officer)
    later(DELAY + DAY)
    assert not erasing.erase_due()
    assert is_there(case)


def test_nobody_grants_what_a_hold_keeps(asked, case, supervisor, officer):
    a_hold(case, officer)

    with pytest.raises(Refused, match="hold"):
        requests.grant(asked, by=supervisor)


@pytest.mark.parametrize("confirmed", [False, True])
def test_the_second_says_no_after_the_first_has_granted_it(
    asked, case, supervisor, officer, later, confirmed
):
    requests.grant(asked, by=supervisor)
    if confirmed:
        requests.confirm(asked, by=officer)
    requests.refuse(asked, reason="court", by=officer)
    asked.refresh_from_db()
    assert asked.status == RequestStatus.REFUSED
    later(DAY * 5)
    erasing.erase_due()
    assert is_there(case)


def test_what_is_shared_ends_before_it(asked, case, worker, supervisor, officer):
    """Else nobody would ask those who have copies to destroy them."""
    given.make_referral(need=case.needs.get(), to=given.make_service(), by=worker)
    requests.grant(asked, by=supervisor)
    with pytest.raises(Refused, match="still shared"):
        requests.confirm(asked, by=officer)
    for consent in Consent.objects.live().filter(case=case):
        consents.withdraw(consent, by=given.unlock_user(worker))
    requests.confirm(asked, by=officer)


def test_a_no_has_a_reason(asked, officer, case):
    with pytest.raises(Refused):
        requests.refuse(asked, reason="", by=officer)
    requests.refuse(asked, reason=ErasureRequest.Refusal.COURT, by=officer)

    assert asked.answered_on == timezone.localdate()
    assert not asked.is_open
    assert is_there(case)


def test_the_answer_is_due_by_the_law(case, worker, monkeypatch, later):
    monkeypatch.setattr(
        terms, "LAWS", [lambda: {terms.REQUEST: RetentionTerm.parse("P10D")}]
    )
    today = timezone.localdate()
    made = requests.record(ADULTS, case, received_on=today - DAY, by=worker)

    assert made.answer_by == today + 9 * DAY
    assert not made.is_late
    later(10 * DAY)
    assert made.is_late


def test_one_request_at_a_time(asked, case, worker):
    with pytest.raises(Changed):
        requests.record(ADULTS, case, received_on=timezone.localdate(), by=worker)
