"""A team that has lost all its keys gets them back by three of five other
organisations, and not by two (P28)."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from amana import given
from amana.errors import Changed, Refused
from amana.notifications import unread
from amana.notifications.models import NotificationTopic
from amana.trust.access import actions as access
from amana.trust.access.models import Membership, Organisation, Role, Sphere, Suspension
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.trust.recovery import custody, regaining, shamir, shares
from amana.trust.recovery.models import (
    FIRST_DRILL,
    NEXT,
    NEXT_DRILL,
    OPEN_FOR,
    Regaining,
    RegainingStatus,
    ReleasedShare,
    Share,
)
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
from amana.trust.vault import (
    admission,
    crypto,
    documents,
    epochs,
    keys,
    leaving,
    roster,
)
from amana.trust.vault.altered import Tampered
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.crypto import KeyPair
from amana.trust.vault.models import (
    PersonKey,
    RecoveryKey,
    RecoveryWrap,
    RosterStatement,
    TeamKey,
    TeamWrap,
)
from amana.trust.vault.removal_states import DELAY
from tests.worlds import kept

pytestmark = pytest.mark.django_db

NEW = "five grey herons at noon"
A_MOMENT = timedelta(seconds=1)


@pytest.fixture
def later(monkeypatch):
    """Let time pass, all at once, by a clock that nobody doubts."""
    real, passed = timezone.now, timedelta()

    def wait(time):
        nonlocal passed
        passed += time

    monkeypatch.setattr(timezone, "now", lambda: real() + passed)
    monkeypatch.setattr("amana.trust.vault.heartbeat.require_clock", lambda: None)
    return wait


@kept
def team(db):
    return given.make_team()


@kept
def amira(team):
    return given.make_worker(of=team, name="Amira")


@kept
def basma(team, amira):
    return given.make_worker(of=team, role=Role.SUPERVISOR, name="Basma")


@kept
def keepers(db):
    """Five people of five other organisations."""
    names = ("Dunya", "Elias", "Farah", "Ghada", "Hadi")
    return [given.make_worker(role=Role.FOCAL_POINT, name=name) for name in names]


@kept
def coordinator(db):
    return given.make_worker(role=Role.COORDINATOR)


@kept
def officer(db):
    return given.make_worker(role=Role.DATA_PROTECTION_OFFICER)


@kept
def case(team, amira):
    made = given.make_case_keys(of=team)
    documents.write(made, C.IDENTITY, {"name": "Hope"}, by=amira)
    return made


@kept
def recovery(team, amira, basma, keepers, case):
    made = custody.propose(team, keepers, by=amira)
    custody.confirm(made, by=basma)
    return RecoveryKey.objects.get(pk=made.pk)


def name_in(case, user):
    found = documents.open_documents(case, [C.IDENTITY], by=user, purpose="test")
    record = found.get((C.IDENTITY, documents.RECORD))
    return record.content["name"] if record else None


def share_of(user):
    return Share.objects.for_list().get(custodian=user)


def lose_all(amira, basma, coordinator):
    """One keyholder has left, the other has lost passphrase and sheet; she has set up
    new keys, and nobody is there who could let her in."""
    given.end_membership(amira.memberships.get(ended_at=None), by=basma)
    code = given.reset_keys(basma, by=coordinator)
    return admission.join(admission.find_invitation(code), passphrase=NEW)


@pytest.fixture
def lost(recovery, amira, basma, coordinator):
    return lose_all(amira, basma, coordinator)


def place_of(user):
    return Membership.objects.for_list().get(user=user, ended_at=None)


def confirmed(lost, coordinator, officer):
    made = regaining.propose(place_of(lost), by=coordinator)
    regaining.confirm(made, by=officer)
    return made


@pytest.fixture
def open_(lost, coordinator, officer, later):
    """Confirmed, and the delay has passed."""
    made = confirmed(lost, coordinator, officer)
    later(DELAY + A_MOMENT)
    return fresh(made)


def fresh(made):
    return Regaining.objects.for_list().get(pk=made.pk)


def release(made, *who):
    for keeper in who:
        regaining.release(made, by=keeper)


# --- three of five, and not two


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


def told_by_mail():
    return {address for message in mail.outbox for address in message.to}


def heard(user):
    """What a person reads of recovery keys, and of which team."""
    entries = unread.list_entries(user)
    return {(entry.notification.what, entry.line.who) for entry in entries}


# --- two people and a delay before


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


# --- who may


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


# --- five custodians


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


# --- the drill


def test_a_custodian_signs_once_a_year_that_the_share_is_there(
    recovery, keepers, later
):
    share = share_of(keepers[0])
    assert not Share.objects.due().exists()
    later(FIRST_DRILL + timedelta(days=1))
    assert share in Share.objects.due()

    custody.drill(share, typed=custody.print_share(share, by=keepers[0]), by=keepers[0])

    said = json.loads(RosterStatement.objects.order_by("-place")[0].text)
    assert said["says"] == "drill"
    assert said["by"] == [keepers[0].person_key.pk]
    assert roster.get_roster().drills[recovery.pk, share.holder] == timezone.localdate()
    assert share not in Share.objects.due()
    later(NEXT_DRILL + timedelta(days=1))
    assert share in Share.objects.due()


def test_a_drill_with_a_wrong_share_is_none(recovery, keepers):
    wrong = shares.format_share(bytes(32) + b"\x01")

    with pytest.raises(Refused, match="not the share that was given to you"):
        custody.drill(share_of(keepers[0]), typed=wrong, by=keepers[0])
    assert share_of(keepers[0]).drilled_on is None


def test_a_drill_needs_the_paper(recovery, keepers):
    """Whoever never printed the share, or lost it, doesn't say that it is there."""
    with pytest.raises(Refused, match="wrong or missing"):
        custody.drill(share_of(keepers[0]), typed="", by=keepers[0])
    assert share_of(keepers[0]).drilled_on is None
    assert not roster.get_roster().drills


def test_a_share_is_due_on_the_day_that_its_page_names(recovery, keepers):
    """Made in the evening by UTC: the next day already, where the team is."""
    evening = datetime(2026, 11, 1, 22, 30, tzinfo=UTC)
    RecoveryKey.objects.update(confirmed_at=evening)
    share = share_of(keepers[0])

    with timezone.override(ZoneInfo("Asia/Beirut")):
        assert share.due_on == date(2026, 11, 2) + FIRST_DRILL
        assert share in Share.objects.due(share.due_on)
        assert share not in Share.objects.due(share.due_on - timedelta(days=1))


def test_nobody_signs_the_drill_of_another(recovery, keepers):
    share = share_of(keepers[0])
    part = custody.read_share(share, by=keepers[0])

    with pytest.raises(Refused, match="vouch"):
        roster.record_statement(
            "drill",
            by=keys.get_keyring(keepers[1]),
            recovery=recovery.pk,
            custodian=share.holder,
            hash=shares.compute_hash(part),
            on="2026-11-29",
        )


# --- someone writes in the database


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
