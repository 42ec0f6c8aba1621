"""Two people and a delay come before a recovery (P28)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from amana import given
from amana.errors import Changed, Refused
from amana.trust.access import actions as access
from amana.trust.access.models import Membership, Role, Suspension
from amana.trust.access.rules import Denied
from amana.trust.recovery import regaining
from amana.trust.recovery.models import (
    OPEN_FOR,
    Regaining,
    RegainingStatus,
    ReleasedShare,
)
from amana.trust.vault import keys
from amana.trust.vault.altered import Tampered

from .recoveries import confirmed, fresh, place_of, release, told_by_mail

pytestmark = pytest.mark.django_db


A_MOMENT = timedelta(seconds=1)


def test_nothing_is_released_before_the_delay_has_passed(
    lost, coordinator, officer, keepers
):
    made = confirmed(lost, coordinator, officer)

    with pytest.raises(Refused, match="can’t take effect yet"):
        regaining.release(fresh(made), by=keepers[0])


def test_one_word_is_not_enough(lost, coordinator, keepers, later):
    made = regaining.propose(place_of(lost), by=coordinator)
    later(timedelta(days=3))

    with pytest.raises(Denied):
        regaining.confirm(made, by=coordinator)
    with pytest.raises(Denied):
        regaining.release(made, by=keepers[0])
    Regaining.objects.update(
        status=RegainingStatus.CONFIRMED,
        confirmed_by=keepers[1],
        effective_at=timezone.now() - A_MOMENT,
    )
    with pytest.raises(Tampered):
        regaining.release(fresh(made), by=keepers[0])


def test_nothing_is_proposed_while_a_colleague_holds_the_key(
    recovery, team, amira, basma, coordinator
):
    waiting = Membership.objects.create(
        user=given.make_user(), team=team, role=Role.CASE_WORKER, proposed_by=basma
    )

    with pytest.raises(Refused, match="holds this team’s key"):
        regaining.propose(waiting, by=coordinator)


def test_a_suspended_colleague_still_holds_the_key(
    recovery, team, amira, basma, coordinator
):
    given.end_membership(amira.memberships.get(), by=basma)
    access.suspend(basma, by=coordinator)

    assert Suspension.objects.current().exists()
    assert not regaining.is_lost(team)


def test_it_is_withdrawn_by_who_was_told_and_what_was_released_is_gone(
    open_, lost, keepers, officer, coordinator
):
    release(open_, keepers[0])
    with pytest.raises(Denied):
        regaining.stop(open_, by=lost)
    with pytest.raises(Denied):
        regaining.stop(open_, by=keepers[0])

    regaining.stop(open_, by=officer)

    assert not ReleasedShare.objects.exists()
    again = regaining.propose(place_of(lost), by=coordinator)
    assert fresh(again).state is RegainingStatus.PROPOSED
    with pytest.raises(Denied):
        regaining.complete(fresh(open_), by=lost)


def test_its_time_is_over_after_two_weeks(open_, lost, keepers, coordinator, later):
    release(open_, *keepers[:3])
    later(OPEN_FOR)

    with pytest.raises(Refused, match="time for this has passed"):
        regaining.complete(open_, by=lost)
    regaining.propose(place_of(lost), by=coordinator)
    assert fresh(open_).state is RegainingStatus.WITHDRAWN


def test_a_proposal_that_nobody_confirms_counts_no_more(
    lost, coordinator, officer, later
):
    made = regaining.propose(place_of(lost), by=coordinator)
    later(timedelta(days=7))

    with pytest.raises(Refused, match="in time"):
        regaining.confirm(made, by=officer)


def test_only_the_key_that_was_compared_is_let_in(lost, coordinator, officer):
    made = regaining.propose(place_of(lost), by=coordinator)

    with pytest.raises(Changed, match="has changed since you compared it"):
        regaining.confirm(made, compared="1111 2222", by=officer)
    digits = keys.compute_digits(lost.person_key, seen_by=officer)
    regaining.confirm(made, compared=digits, by=officer)
    assert fresh(made).state is RegainingStatus.CONFIRMED


def test_those_whom_it_concerns_are_told_and_the_custodians_once_it_is_confirmed(
    lost, coordinator, officer, keepers, django_capture_on_commit_callbacks
):
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        made = regaining.propose(place_of(lost), by=coordinator)
    told = told_by_mail()
    assert {lost.email, officer.email} <= told
    assert keepers[0].email not in told

    with django_capture_on_commit_callbacks(execute=True):
        regaining.confirm(made, by=officer)
    assert {keeper.email for keeper in keepers} <= told_by_mail()


def test_two_others_than_the_second_person_can_stop_it(
    lost, coordinator, officer, django_capture_on_commit_callbacks
):
    """An officer is told of the proposal, and then confirms it."""
    others = [given.make_worker(role=Role.COORDINATOR) for _each in range(2)]
    made = regaining.propose(place_of(lost), by=coordinator)
    assert officer in made.told.all()

    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        regaining.confirm(made, by=officer)

    assert set(made.told.all()) == set(others)
    assert {other.email for other in others} <= told_by_mail()
    regaining.stop(fresh(made), by=others[1])
