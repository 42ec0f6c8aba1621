"""Five custodians of five other organisations (P28)."""

from datetime import timedelta

import pytest
from django.core import mail

from amana import given
from amana.errors import Refused
from amana.notifications.models import NotificationTopic
from amana.trust.access.models import Organisation, Role, Sphere
from amana.trust.access.rules import Denied
from amana.trust.recovery import custody, regaining
from amana.trust.recovery.models import Share
from amana.trust.vault import documents, epochs, keys, leaving, roster
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.models import RecoveryKey, RecoveryWrap
from amana.trust.vault.removal_states import DELAY

from .recoveries import (
    confirmed,
    fresh,
    heard,
    lose_all,
    name_in,
    release,
    share_of,
    told_by_mail,
)

pytestmark = pytest.mark.django_db


A_MOMENT = timedelta(seconds=1)


def test_five_of_five_other_organisations(team, amira, keepers):
    own = given.make_worker(
        of=given.make_team(of=team.organisation), role=Role.FOCAL_POINT
    )
    beside = given.make_worker(
        of=given.make_team(of=keepers[0].memberships.get().team.organisation),
        role=Role.FOCAL_POINT,
    )
    for wrong in (
        [*keepers[:4], own],
        [*keepers[:4], beside],
        keepers[:4],
        [*keepers[:4], keepers[3]],
        [*keepers[:4], given.make_worker()],
    ):
        with pytest.raises(Refused, match=r"Choose (five )?people"):
            custody.propose(team, wrong, by=amira)
    assert not RecoveryKey.objects.exists()


def of_state(sphere=Sphere.LAW_ENFORCEMENT, **fields):
    house = given.make_organisation(sphere=sphere, **fields)
    return given.make_worker(of=given.make_team(of=house), role=Role.FOCAL_POINT)


def test_no_three_are_of_the_state(team, amira, basma, keepers):
    police, border = of_state(), of_state(Sphere.BORDER)
    ministry = of_state(Sphere.HEALTH, kind=Organisation.Kind.PUBLIC)

    with pytest.raises(Refused, match="Three public bodies"):
        custody.propose(team, [police, border, ministry, *keepers[:2]], by=amira)
    made = custody.propose(team, [police, border, *keepers[:3]], by=amira)
    custody.confirm(made, by=basma)
    assert RecoveryKey.objects.current().exists()


def test_the_roster_refuses_what_the_page_would_let_through(team, amira, keepers):
    """Own organisation, three of the state, one who is not there, four."""
    ring = keys.get_keyring(amira)
    own = given.make_worker(of=given.make_team(of=team.organisation))
    state = [of_state().person_key.pk for _each in range(3)]
    good = [keeper.person_key.pk for keeper in keepers]
    for wrong in (
        [*good[:4], own.person_key.pk],
        [*state, *good[:2]],
        [*good[:4], 10**6],
        good[:4],
        [*good[:4], good[0]],
    ):
        with pytest.raises(Refused, match="vouch"):
            roster.record_statement(
                "custodians", by=ring, team=team.pk, custodians=wrong
            )
    roster.record_statement("custodians", by=ring, team=team.pk, custodians=good)


def test_it_takes_two_keyholders_of_the_team(team, amira, basma, keepers):
    made = custody.propose(team, keepers, by=amira)

    for other in (amira, keepers[0], given.make_worker(role=Role.COORDINATOR)):
        with pytest.raises(Denied):
            custody.confirm(made, by=other)
    assert not RecoveryWrap.objects.exists()
    assert not roster.get_roster().recoveries
    with pytest.raises(Refused, match="already been proposed"):
        custody.propose(team, keepers, by=basma)
    custody.withdraw(made, by=basma)
    assert not Share.objects.exists()
    custody.confirm(custody.propose(team, keepers, by=basma), by=amira)


def test_what_is_written_after_a_renewal_is_opened_too(
    recovery, team, case, amira, basma, keepers, coordinator, officer, later
):
    new = epochs.begin_epoch(team, by=amira)
    while not leaving.rewrap_some(new, by=amira).is_complete:
        pass
    documents.write(case, C.IDENTITY, {"name": "Hope after"}, by=amira, replacing=1)
    assert [wrap.team_key_id for wrap in RecoveryWrap.objects.all()] == [new.pk]

    lost = lose_all(amira, basma, coordinator)
    made = confirmed(lost, coordinator, officer)
    later(DELAY + A_MOMENT)
    release(fresh(made), *keepers[2:])
    last = regaining.complete(fresh(made), by=lost)
    while not leaving.rewrap_some(last, by=lost).is_complete:
        pass
    assert name_in(case, lost) == "Hope after"


def test_other_custodians_take_the_place_of_those_before(
    recovery, team, amira, basma, keepers
):
    others = [given.make_worker(role=Role.SUPERVISOR) for _each in range(5)]
    old = custody.print_share(share_of(keepers[0]), by=keepers[0])
    made = custody.propose(team, others, by=basma)
    custody.confirm(made, by=amira)

    assert {share.custodian for share in Share.objects.all()} == set(others)
    assert roster.get_roster().recoveries[team.pk].key == made.pk
    with pytest.raises(Refused, match="not the share that was given to you"):
        custody.drill(share_of(others[0]), typed=old, by=others[0])


def test_those_before_are_told_that_another_key_took_the_place_of_theirs(
    recovery, team, amira, basma, keepers, django_capture_on_commit_callbacks
):
    others = [given.make_worker(role=Role.SUPERVISOR) for _each in range(4)]
    made = custody.propose(team, [keepers[0], *others], by=basma)
    assert (NotificationTopic.SHARES_ENDED, team.name) not in heard(keepers[1])

    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        custody.confirm(made, by=amira)

    assert {keeper.email for keeper in keepers} <= told_by_mail()
    for keeper in keepers:
        assert (NotificationTopic.SHARES_ENDED, team.name) in heard(keeper)
    assert (NotificationTopic.SHARE, team.name) in heard(keepers[0])
    assert (NotificationTopic.SHARES_ENDED, team.name) not in heard(others[0])
