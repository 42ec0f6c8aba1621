"""Recovery keys and shares that were altered in the database are named (P28)."""

import pytest
from django.db import transaction
from django.utils import timezone

from amana import given
from amana.errors import Refused
from amana.trust.access.models import Role
from amana.trust.recovery import custody, regaining, shamir
from amana.trust.recovery.models import Regaining, ReleasedShare, Share
from amana.trust.vault import crypto, epochs, keys, roster
from amana.trust.vault.altered import Tampered
from amana.trust.vault.crypto import KeyPair
from amana.trust.vault.models import PersonKey, RecoveryKey, RecoveryWrap, TeamKey

from .recoveries import fresh, release, share_of

pytestmark = pytest.mark.django_db


THIEF = KeyPair.new()


def test_a_recovery_key_that_was_exchanged_is_named_and_nothing_sealed_to_it(
    recovery, team, amira
):
    RecoveryKey.objects.update(public=THIEF.public)

    with pytest.raises(Tampered), transaction.atomic():
        epochs.begin_epoch(team, by=amira)
    assert TeamKey.objects.filter(team=team).count() == 1


def test_a_recovery_key_that_was_deleted_is_named(recovery, team, amira):
    RecoveryKey.objects.update(ended_at=timezone.now())

    with pytest.raises(Tampered), transaction.atomic():
        epochs.begin_epoch(team, by=amira)


def test_a_recovery_key_in_a_row_alone_is_obeyed_by_nobody(team, amira, basma):
    RecoveryKey.objects.create(
        team=team,
        public=THIEF.public,
        proposed_by=amira,
        confirmed_by=basma,
        confirmed_at=timezone.now(),
    )
    epochs.begin_epoch(team, by=amira)

    assert not RecoveryWrap.objects.exists()


def test_a_custodian_exchanged_before_the_second_word_is_named(
    team, amira, basma, keepers
):
    thief = given.make_worker(role=Role.FOCAL_POINT)
    made = custody.propose(team, keepers, by=amira)
    Share.objects.filter(custodian=keepers[0]).update(
        custodian=thief, holder=thief.person_key.pk
    )

    with pytest.raises(Tampered):
        custody.confirm(made, by=basma)


def test_a_share_that_was_exchanged_is_named(recovery, keepers):
    first, second = share_of(keepers[0]), share_of(keepers[1])
    Share.objects.filter(pk=first.pk).update(sealed=second.sealed)

    with pytest.raises(Tampered):
        custody.print_share(share_of(keepers[0]), by=keepers[0])


def test_a_share_moved_to_someone_else_is_not_theirs(recovery, keepers):
    thief = given.make_worker(role=Role.FOCAL_POINT)
    home = thief.memberships.get().team.organisation
    Share.objects.filter(custodian=keepers[0]).update(
        custodian=thief, organisation=home
    )

    with pytest.raises(Refused, match="from your paper"):
        custody.print_share(share_of(thief), by=thief)


def test_shares_are_released_to_the_one_for_whom_two_have_signed(open_, keepers):
    thief = given.make_worker()
    Regaining.objects.update(membership=thief.memberships.get())

    with pytest.raises(Tampered):
        regaining.release(fresh(open_), by=keepers[0])
    assert not ReleasedShare.objects.exists()


def test_released_shares_that_were_exchanged_are_named(open_, lost, keepers):
    release(open_, *keepers[:3])
    rows = ReleasedShare.objects.order_by("pk")
    ReleasedShare.objects.filter(pk=rows[1].pk).update(sealed=rows[2].sealed)

    with pytest.raises(Tampered, match="Elias"):
        regaining.complete(open_, by=lost)
    release(open_, keepers[1])
    assert regaining.complete(open_, by=lost).epoch == 2


def test_what_was_sealed_to_the_recovery_key_is_compared(open_, lost, keepers, team):
    """Someone exchanges what the recovery key opens, or takes it away."""
    release(open_, *keepers[:3])
    known = RecoveryKey.objects.get()
    wrap = RecoveryWrap.objects.get()
    planted = crypto.seal_to(
        roster.get_public_key(known),
        THIEF.dump(),
        at=crypto.bind_place("recovery", known.pk, wrap.team_key_id),
    )
    RecoveryWrap.objects.update(sealed=planted)
    with pytest.raises(Tampered), transaction.atomic():
        regaining.complete(open_, by=lost)

    RecoveryWrap.objects.all().delete()
    with pytest.raises(Tampered), transaction.atomic():
        regaining.complete(open_, by=lost)


def test_no_three_shares_are_ever_at_hand_but_at_the_end(recovery, keepers):
    """What lies in the database opens with no key but the custodians' own."""
    sealed = {
        share.custodian_id: bytes(share.sealed) for share in recovery.shares.all()
    }
    for keeper in keepers:
        ring = keys.get_keyring(keeper)
        opened = [
            pk
            for pk, blob in sealed.items()
            if opens(ring.person, blob, share_of_id(pk))
        ]
        assert opened == [keeper.pk]
    assert PersonKey.objects.count() > len(keepers)


def share_of_id(custodian):
    return Share.objects.get(custodian=custodian)


def opens(pair, blob, share):
    try:
        return bool(pair.open(blob, at=custody.build_place(share)))
    except crypto.Unopenable:
        return False


def test_combining_is_left_to_who_regains_the_key(open_, keepers, monkeypatch):
    """Neither a release nor a drill puts anything together."""
    monkeypatch.setattr(shamir, "combine", lambda parts: pytest.fail("put together"))
    release(open_, *keepers)
    share = share_of(keepers[0])
    custody.drill(share, typed=custody.print_share(share, by=keepers[0]), by=keepers[0])

    assert ReleasedShare.objects.count() == 5
