"""Holds and requests to be forgotten: two people, a delay, and who they may be
(P26)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from amana import given
from amana.care.cases.models import Case
from amana.care.cases.retention import ADULTS
from amana.care.consent import actions as consents
from amana.care.consent.models import Consent
from amana.errors import Changed, Refused
from amana.trust.access.models import Membership, Role
from amana.trust.access.rules import Denied
from amana.trust.audit import log
from amana.trust.audit.models import AuditEvent
from amana.trust.retention import erasing, holds, requests, terms
from amana.trust.retention.models import ErasureRequest, Hold
from amana.trust.retention.states import (
    CONFIRMED_WITHIN,
    DELAY,
    HOLD_NEXT,
    REQUEST_NEXT,
    HoldStatus,
    RequestStatus,
)
from amana.trust.retention.terms import RetentionTerm
from amana.trust.vault.models import ErasedLine
from tests.worlds import kept

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@kept
def second_supervisor(worker, supervisor):
    return given.make_worker(of=worker.memberships.get().team, role=Role.SUPERVISOR)


@kept
def beside(officer):
    """Another officer, of the same team."""
    team = officer.memberships.get().team
    return given.make_worker(of=team, role=Role.DATA_PROTECTION_OFFICER)


@kept
def case(worker):
    return given.make_case(worked_on_by=worker)


@pytest.fixture
def over(case, worker, later):
    """Its time is over."""
    Case.objects.filter(pk=case.pk).update(closed_at=timezone.now())
    log.record("closed case", case, by=worker, case=case.pk)
    later(timedelta(days=2000))
    return Case.objects.get(pk=case.pk)


def is_there(case):
    return Case.objects.filter(pk=case.pk).exists()


def a_hold(case, by, **days):
    said = days or {"review_on": timezone.localdate() + timedelta(days=90)}
    return holds.set_hold(ADULTS, case, reason=Hold.Reason.COURT, by=by, **said)


# --- holds


def test_each_status_names_what_may_follow():
    assert HOLD_NEXT.keys() == set(HoldStatus)
    assert REQUEST_NEXT.keys() == set(RequestStatus)


def test_nothing_is_erased_while_a_hold_is_in_force(over, supervisor, officer, later):
    hold = a_hold(over, supervisor)
    assert not erasing.erase_due()
    holds.confirm(hold, by=officer)
    later(timedelta(days=3000))
    assert not erasing.erase_due()
    assert is_there(over)

    holds.propose_lifting(hold, by=supervisor)
    assert not erasing.erase_due()
    holds.lift(hold, by=officer)
    assert erasing.erase_due()["case"] == 1
    assert not Hold.objects.exists()


def test_what_is_held_does_not_count_as_due(over, supervisor, later, monkeypatch):
    monkeypatch.setattr(erasing, "USUAL_NIGHT", 0)
    with pytest.raises(erasing.TooMany):
        erasing.erase_due()
    a_hold(over, supervisor)
    assert not erasing.erase_due()


def test_a_hold_that_nobody_confirms_lapses(over, supervisor, later):
    hold = a_hold(over, supervisor)
    later(CONFIRMED_WITHIN - DAY)
    assert not erasing.erase_due()
    later(DAY * 2)

    assert erasing.erase_due()["case"] == 1
    assert AuditEvent.objects.filter(did="ended hold").exists()
    assert not Hold.objects.filter(pk=hold.pk).exists()


def test_a_hold_for_a_time_ends_by_itself(over, supervisor, officer, later):
    hold = a_hold(over, supervisor, ends_on=timezone.localdate() + 10 * DAY)
    holds.confirm(hold, by=officer)
    later(10 * DAY)
    assert not erasing.erase_due()
    later(DAY)

    assert erasing.erase_due()["case"] == 1


def test_a_hold_that_is_to_be_reviewed_goes_on(over, supervisor, officer, later):
    hold = a_hold(over, supervisor, review_on=timezone.localdate() + 10 * DAY)
    holds.confirm(hold, by=officer)
    later(100 * DAY)

    assert not erasing.erase_due()
    assert Hold.objects.get().to_review


@pytest.mark.parametrize("ends", ["lapses", "is withdrawn"])
def test_nobody_holds_alone_again_and_again(over, supervisor, officer, later, ends):
    hold = a_hold(over, supervisor)
    if ends == "is withdrawn":
        holds.withdraw(hold, by=supervisor)
    else:
        later(CONFIRMED_WITHIN + DAY)
    with pytest.raises(Refused, match="no one confirmed"):
        a_hold(over, supervisor)
    a_hold(over, officer)


def test_nobody_confirms_or_lifts_a_hold_alone(over, supervisor, officer, beside):
    hold = a_hold(over, officer)
    with pytest.raises(Denied):
        holds.confirm(hold, by=officer)
    holds.confirm(hold, by=beside)
    holds.propose_lifting(hold, by=officer)
    for alone in (officer, beside):
        with pytest.raises(Denied):
            holds.lift(hold, by=alone)
    holds.keep(hold, by=beside)
    holds.propose_lifting(hold, by=officer)
    holds.lift(hold, by=supervisor)


def test_the_database_keeps_two_people_apart(over, officer, supervisor):
    hold = a_hold(over, officer)
    for wrong in (
        {"status": "confirmed"},
        {"status": "confirmed", "confirmed_by": officer},
        {"status": "lifted", "confirmed_by": supervisor},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Hold.objects.filter(pk=hold.pk).update(**wrong)


def test_strangers_set_no_hold_and_ask_for_nobody(case):
    stranger = given.make_worker(role=Role.SUPERVISOR)
    administrator = given.make_worker(role=Role.ADMINISTRATOR)
    for other in (stranger, administrator):
        with pytest.raises(Denied):
            a_hold(case, other)
        with pytest.raises(Denied):
            requests.record(ADULTS, case, received_on=timezone.localdate(), by=other)


def test_a_worker_asks_for_the_person_and_decides_nothing(case, worker, officer):
    with pytest.raises(Denied):
        a_hold(case, worker)
    asked = requests.record(ADULTS, case, received_on=timezone.localdate(), by=worker)
    for act in (requests.grant, requests.confirm):
        with pytest.raises(Denied):
            act(asked, by=worker)


def test_a_supervisor_who_left_decides_nothing_more(case, supervisor, officer):
    hold = a_hold(case, officer)
    given.end_membership(supervisor.memberships.get(), by=supervisor)

    with pytest.raises(Denied):
        holds.confirm(hold, by=supervisor)


def test_a_restricted_case_is_overseen_by_those_named(worker, supervisor, case):
    Case.objects.filter(pk=case.pk).update(restricted=True)

    with pytest.raises(Denied):
        a_hold(case, supervisor)


# --- requests


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


def test_what_is_gone_can_be_held_no_more(over, officer):
    erasing.erase_due()

    with pytest.raises((Denied, Changed)):
        a_hold(over, officer)
