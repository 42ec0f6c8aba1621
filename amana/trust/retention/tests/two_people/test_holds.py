"""A hold keeps a case from being erased: two people, and who they may be (P26)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from amana import given
from amana.care.cases.models import Case
from amana.care.cases.retention import ADULTS
from amana.errors import Changed, Refused
from amana.trust.access.models import Role
from amana.trust.access.rules import Denied
from amana.trust.audit import log
from amana.trust.audit.models import AuditEvent
from amana.trust.retention import erasing, holds, requests
from amana.trust.retention.models import Hold
from amana.trust.retention.states import (
    CONFIRMED_WITHIN,
    HOLD_NEXT,
    REQUEST_NEXT,
    HoldStatus,
    RequestStatus,
)

from .conftest import a_hold, is_there

pytestmark = pytest.mark.django_db


DAY = timedelta(days=1)


@pytest.fixture
def over(case, worker, later):
    """Its time is over."""
    Case.objects.filter(pk=case.pk).update(closed_at=timezone.now())
    log.record("closed case", case, by=worker, case=case.pk)
    later(timedelta(days=2000))
    return Case.objects.get(pk=case.pk)


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


def test_what_is_gone_can_be_held_no_more(over, officer):
    erasing.erase_due()

    with pytest.raises((Denied, Changed)):
        a_hold(over, officer)
