"""Who may see, confirm and carry out a recovery."""

from typing import Any

import pytest

from amana import given
from amana.trust.access import actions as access
from amana.trust.access.models import Membership, Role
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.trust.recovery import custody, regaining
from amana.trust.recovery.models import Regaining, Share
from amana.trust.recovery.rules import (
    complete_regaining,
    confirm_custodians,
    confirm_regaining,
    keep_share,
    propose_custodians,
    propose_regaining,
    release_share,
    see_recovery,
    see_regaining,
    stop_regaining,
    withdraw_custodians,
)
from amana.trust.vault.models import RecoveryKey

from .recoveries import place_of, share_of

pytestmark = pytest.mark.django_db


def test_a_stranger_and_a_leaver_do_and_see_nothing(
    open_, recovery, lost, team, keepers, amira
):
    stranger = given.make_worker()
    given.end_membership(
        keepers[4].memberships.get(), by=given.make_worker(role=Role.COORDINATOR)
    )
    for user in (stranger, keepers[4], amira):
        assert not propose_custodians.permits(user, team)
        assert not see_recovery.permits(user, team)
        assert not see_regaining.permits(user, open_)
        assert not release_share.permits(user, open_)
        assert not complete_regaining.permits(user, open_)
        assert not stop_regaining.permits(user, open_)
        assert not confirm_regaining.permits(user, open_)
        for share in Share.objects.all():
            assert not keep_share.permits(user, share)
    with pytest.raises(Denied):
        regaining.release(open_, by=stranger)
    with pytest.raises(Denied):
        regaining.complete(open_, by=keepers[0])


def test_a_suspended_custodian_keeps_nothing_for_now(
    open_, keepers, coordinator, officer
):
    access.suspend(keepers[0], by=coordinator)
    keepers[0].refresh_from_db()

    with pytest.raises(Denied):
        regaining.release(open_, by=keepers[0])
    with pytest.raises(Denied):
        custody.print_share(share_of(keepers[0]), by=keepers[0])


def test_one_opens_and_confirms_ones_own_share_alone(recovery, keepers):
    share = share_of(keepers[0])
    code = custody.print_share(share, by=keepers[0])

    with pytest.raises(Denied):
        custody.print_share(share, by=keepers[1])
    with pytest.raises(Denied):
        custody.drill(share, typed=code, by=keepers[1])


def test_who_shares_a_team_with_the_first_is_no_second(lost, coordinator):
    home = coordinator.memberships.get().team
    beside = given.make_worker(of=home, role=Role.DATA_PROTECTION_OFFICER)
    made = regaining.propose(place_of(lost), by=coordinator)

    with pytest.raises(Denied):
        regaining.confirm(made, by=beside)


def test_each_rule_says_the_same_for_the_list_and_for_the_one(
    open_, recovery, team, keepers, amira, basma, lost, coordinator, officer
):
    custom = RecoveryKey.objects.create(team=given.make_team(), proposed_by=amira)
    assert custom.pk
    for rule, model in (
        (propose_custodians, type(team)),
        (see_recovery, type(team)),
        (confirm_custodians, RecoveryKey),
        (withdraw_custodians, RecoveryKey),
        (keep_share, Share),
        (propose_regaining, Membership),
        (confirm_regaining, Regaining),
        (complete_regaining, Regaining),
        (release_share, Regaining),
        (see_regaining, Regaining),
        (stop_regaining, Regaining),
    ):
        for user in (*keepers[:2], amira, lost, coordinator, officer):
            things: Any = model._default_manager.get_queryset()
            among = set(rule.among(things, user))
            assert among == {thing for thing in things if rule.permits(user, thing)}


def test_who_keeps_a_share_is_neither_the_first_nor_the_second(
    lost, keepers, coordinator, officer
):
    """Else three custodians and an accomplice are enough."""
    place = place_of(lost)
    for keeper, role in zip(
        keepers, (Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER), strict=False
    ):
        given.join_team(keeper, keeper.memberships.get().team, role=role)
    given.make_worker(role=Role.DATA_PROTECTION_OFFICER)  # a second one to tell

    with pytest.raises(Denied):
        regaining.propose(place, by=keepers[0])
    made = regaining.propose(place, by=coordinator)
    with pytest.raises(Denied):
        regaining.confirm(made, by=keepers[1])
    assert not set(made.told.all()) & set(keepers)


def test_who_proposed_the_place_is_not_the_second(lost, coordinator, officer):
    place = place_of(lost)
    Membership.objects.filter(pk=place.pk).update(proposed_by=officer)
    made = regaining.propose(place, by=coordinator)

    with pytest.raises(Denied):
        regaining.confirm(made, by=officer)


def test_who_only_screens_reads_not_who_speaks_for_whom(team, keepers, amira):
    screener = given.make_worker(of=team, role=Role.SCREENER)
    with pytest.raises(Denied):
        custody.list_custodian_choices(team, by=screener)
    assert custody.list_custodian_choices(team, by=amira)
    assert AuditEvent.objects.filter(did="read who can keep shares").exists()
