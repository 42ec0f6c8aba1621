"""A team that has lost all its keys gets them back by three of five other
organisations, and not by two (P28)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction

from amana.errors import Refused
from amana.notifications.models import NotificationTopic
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.trust.recovery import custody, regaining, shares
from amana.trust.recovery.models import NEXT, RegainingStatus, ReleasedShare, Share
from amana.trust.vault import crypto, keys, leaving, roster
from amana.trust.vault.altered import Tampered
from amana.trust.vault.crypto import KeyPair
from amana.trust.vault.models import RecoveryKey, RecoveryWrap, TeamKey, TeamWrap
from amana.trust.vault.removal_states import DELAY

from .recoveries import (
    confirmed,
    fresh,
    heard,
    lose_all,
    name_in,
    place_of,
    release,
    share_of,
    told_by_mail,
)

pytestmark = pytest.mark.django_db


A_MOMENT = timedelta(seconds=1)


def test_each_status_names_what_may_follow():
    assert NEXT.keys() == set(RegainingStatus)
    assert set().union(*NEXT.values()) == set(RegainingStatus) - {
        RegainingStatus.PROPOSED
    }


def test_three_of_five_open_what_the_team_has_kept(open_, lost, keepers, case, team):
    assert name_in(case, lost) is None
    release(open_, keepers[0], keepers[3], keepers[4])

    new = regaining.complete(open_, by=lost)
    while not leaving.rewrap_some(new, by=lost).is_complete:
        pass

    assert name_in(case, lost) == "Hope"
    assert TeamKey.objects.get(team=team, retired_at=None).epoch == 2
    assert place_of(lost).confirmed_at is not None
    assert AuditEvent.objects.filter(did="regained key").exists()
    assert roster.get_roster().teams[team.pk].holders == {lost.person_key.pk}


def test_two_open_nothing(open_, lost, keepers, team):
    release(open_, keepers[1], keepers[2])

    with pytest.raises(Refused, match="Three shares are needed"):
        regaining.complete(open_, by=lost)

    assert not TeamWrap.objects.filter(team_key__team=team).exists()
    assert roster.get_roster().teams[team.pk].holders == frozenset()
    assert fresh(open_).state is RegainingStatus.CONFIRMED


def test_two_open_nothing_although_a_row_says_three(open_, lost, keepers):
    """Someone writes a third share into the database, out of nothing."""
    release(open_, keepers[1], keepers[2])
    third = share_of(keepers[0])
    made_up = crypto.seal_to(
        roster.get_public_key(lost.person_key),
        bytes(32) + b"\x01",
        at=crypto.bind_place("released share", open_.pk, third.holder),
    )
    ReleasedShare.objects.create(regaining=open_, share=third, sealed=made_up)

    with pytest.raises(Tampered, match="Dunya"):
        regaining.complete(open_, by=lost)


def test_who_holds_two_shares_can_not_sign_as_who_has_three(open_, lost, team):
    ring = keys.get_keyring(lost)
    forged = regaining.sign_proof(shares.derive_pair(bytes(32)), team.pk, ring)

    with pytest.raises(Refused, match="vouch"):
        roster.record_statement(
            "regained", by=ring, regaining=open_.pk, proof=forged.hex()
        )


def test_shares_on_paper_do_when_a_custodian_has_other_keys(
    recovery, keepers, amira, basma, coordinator, officer, later
):
    typed = custody.print_share(share_of(keepers[0]), by=keepers[0])
    lost = lose_all(amira, basma, coordinator)
    made = confirmed(lost, coordinator, officer)
    later(DELAY + A_MOMENT)
    ring = KeyPair.new()  # keys that open nothing of before
    keys.get_keyring(keepers[0]).person = ring
    keys.get_keyring(keepers[0]).person_key_id = 10**6

    with pytest.raises(Refused, match="from your paper"):
        regaining.release(fresh(made), by=keepers[0])
    regaining.release(fresh(made), typed=typed.lower(), by=keepers[0])
    release(fresh(made), keepers[1], keepers[2])

    assert regaining.complete(fresh(made), by=lost).epoch == 2


def test_a_wrong_share_is_named_before_anything_is_put_together(
    open_, keepers, recovery
):
    other = shares.format_share(shares.make_secret()[1][0])

    with pytest.raises(Refused, match="not the share that was given to you"):
        regaining.release(open_, typed=other, by=keepers[0])
    with pytest.raises(Refused, match="wrong or missing"):
        regaining.release(open_, typed=other[:-1], by=keepers[0])
    assert not ReleasedShare.objects.exists()


def test_the_share_of_another_custodian_is_not_ones_own(recovery, open_, keepers):
    with transaction.atomic():
        theirs = custody.print_share(share_of(keepers[1]), by=keepers[1])

    with pytest.raises(Refused, match="not the share that was given to you"):
        regaining.release(open_, typed=theirs, by=keepers[0])


def test_afterwards_the_shares_are_burnt(open_, lost, keepers, recovery, team):
    release(open_, *keepers[:3])
    regaining.complete(open_, by=lost)

    assert not Share.objects.exists()
    assert not ReleasedShare.objects.exists()
    assert not RecoveryWrap.objects.exists()
    assert keys.find_recovery_key(team.pk) is None
    assert RecoveryKey.objects.get().ended_at is not None
    with pytest.raises(Denied):
        regaining.complete(fresh(open_), by=lost)


def test_who_kept_a_share_reads_that_the_paper_is_to_be_destroyed(
    open_, lost, keepers, team, django_capture_on_commit_callbacks
):
    release(open_, *keepers[:3])
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        regaining.complete(open_, by=lost)

    assert {keeper.email for keeper in keepers} <= told_by_mail()
    for keeper in keepers:
        assert (NotificationTopic.SHARES_ENDED, team.name) in heard(keeper)
    assert (NotificationTopic.SHARES_ENDED, team.name) not in heard(lost)
