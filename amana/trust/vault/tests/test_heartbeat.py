"""A clock that jumped destroys nothing until a person has confirmed the time (P41)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import transaction

from amana import given
from amana.errors import Changed
from amana.trust.access.models import Role
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import heartbeat, keys, removal
from amana.trust.vault.heartbeat import LONGEST_STOP, OUTAGE, TOLERANCE, ClockInDoubt
from amana.trust.vault.models import Heartbeat, KeyRemoval
from amana.trust.vault.removal_states import (
    DELAY,
    KEPT_AT_MOST,
    UNDONE_WITHIN,
    RemovalStatus,
)
from tests.machines import Machine
from tests.worlds import kept

pytestmark = pytest.mark.django_db

TEN_YEARS = timedelta(days=3653)


@pytest.fixture
def machine(monkeypatch):
    return Machine(monkeypatch)


@kept
def team(db):
    return given.make_team()


@kept
def leila(team):
    given.make_worker(of=team)
    given.make_worker(of=team)
    return given.make_worker(of=team, name="Leila Haddad")


@kept
def officer(db):
    return given.make_worker(role=Role.DATA_PROTECTION_OFFICER)


@kept
def confirmed(leila, team, officer):
    """The proposal that Leila starts again, confirmed."""
    supervisor = given.make_worker(of=team, role=Role.SUPERVISOR)
    made = removal.propose_start_again(leila, by=supervisor)
    removal.confirm(made, by=officer)
    return made


def status(made):
    return KeyRemoval.objects.get(pk=made.pk).status


# --- a removal of keys does not become final by a jump


def test_keys_set_aside_are_not_destroyed_by_a_jump(machine, confirmed):
    call_command("settle_removals")
    machine.run(DELAY)
    call_command("settle_removals")
    assert status(confirmed) == RemovalStatus.EFFECTIVE

    machine.jump(TEN_YEARS)
    for _minute in range(3):
        with pytest.raises(CommandError):
            call_command("settle_removals")
        with pytest.raises(ClockInDoubt), transaction.atomic():
            removal.settle()

    assert KeyRemoval.objects.get(pk=confirmed.pk).set_aside


def test_once_the_clock_is_right_again_and_confirmed_they_can_be_undone(
    machine, confirmed, leila, officer
):
    call_command("settle_removals")
    machine.run(DELAY)
    call_command("settle_removals")
    machine.jump(TEN_YEARS)
    with pytest.raises(CommandError):
        call_command("settle_removals")
    machine.jump(-TEN_YEARS)
    heartbeat.confirm_time(by=officer)
    call_command("settle_removals")
    removal.stop(KeyRemoval.objects.get(pk=confirmed.pk), by=officer)

    assert keys.unlock(leila, given.PASSPHRASE).teams


def test_they_become_final_in_their_own_time(machine, confirmed):
    call_command("settle_removals")
    machine.run(DELAY)
    call_command("settle_removals")
    machine.run(max(UNDONE_WITHIN, KEPT_AT_MOST))
    call_command("settle_removals")

    assert status(confirmed) == RemovalStatus.FINAL


def test_a_jump_does_not_skip_the_delay(machine, confirmed):
    call_command("settle_removals")
    machine.jump(DELAY)

    with pytest.raises(ClockInDoubt), transaction.atomic():
        removal.take_effect(KeyRemoval.objects.get(pk=confirmed.pk))
    assert status(confirmed) == RemovalStatus.CONFIRMED


# --- which clocks are doubted


def test_a_clock_that_runs_is_believed(machine):
    for _day in range(400):
        machine.run(timedelta(days=1))
        assert heartbeat.record_heartbeat()


def test_a_clock_is_put_right_by_a_little(machine):
    heartbeat.record_heartbeat()
    machine.jump(TOLERANCE - timedelta(seconds=5))
    assert heartbeat.record_heartbeat()


def test_many_small_steps_are_a_jump_too(machine):
    heartbeat.record_heartbeat()
    believed = 0
    for _minute in range(60):
        machine.jump(TOLERANCE / 2)
        believed += heartbeat.record_heartbeat()

    assert believed <= 2


@pytest.mark.parametrize("by", [TEN_YEARS, timedelta(days=1), -timedelta(hours=1)])
def test_a_clock_that_jumped_is_doubted_until_confirmed(machine, by):
    heartbeat.record_heartbeat()
    machine.jump(by)

    assert not heartbeat.record_heartbeat()
    machine.jump(-by)
    assert not heartbeat.record_heartbeat()


def test_a_machine_may_be_off_for_a_night(machine):
    heartbeat.record_heartbeat()
    machine.restart(after=timedelta(hours=12))

    assert heartbeat.record_heartbeat()
    machine.run(timedelta(days=40))
    assert heartbeat.record_heartbeat()


def test_a_machine_that_names_no_start_may_have_been_started(machine, monkeypatch):
    monkeypatch.setattr(heartbeat, "read_boot_id", lambda: "")
    heartbeat.record_heartbeat()
    machine.restart(after=timedelta(hours=12))
    assert heartbeat.record_heartbeat()
    machine.restart(after=LONGEST_STOP * 2)
    assert not heartbeat.record_heartbeat()


@pytest.mark.parametrize("off", [LONGEST_STOP * 2, TEN_YEARS, -timedelta(hours=1)])
def test_after_a_longer_stop_a_person_confirms_the_time(machine, off):
    heartbeat.record_heartbeat()
    machine.restart(after=off)

    assert heartbeat.is_in_doubt()
    assert not heartbeat.record_heartbeat()


# --- outages


def test_a_pause_of_the_timers_is_an_outage_and_one_round_left_out_is_none(machine):
    heartbeat.record_heartbeat()
    machine.run(OUTAGE - timedelta(minutes=1))
    assert heartbeat.record_heartbeat()
    assert heartbeat.find_last_outage() is None

    began = Heartbeat.objects.get().at
    machine.run(timedelta(hours=3))
    assert heartbeat.record_heartbeat()
    outage = heartbeat.find_last_outage()
    assert outage is not None
    assert outage.began_at == began
    assert outage.ended_at - began >= timedelta(hours=3)


def test_an_outage_ended_when_the_server_came_back_and_not_when_it_was_believed(
    machine, officer
):
    heartbeat.record_heartbeat()
    machine.restart(after=LONGEST_STOP * 2)
    assert not heartbeat.record_heartbeat()
    came_back = Heartbeat.objects.get().doubted_at
    machine.run(timedelta(hours=5))
    heartbeat.confirm_time(by=officer)

    outage = heartbeat.find_last_outage()
    assert outage is not None
    assert outage.ended_at == came_back


def test_a_clock_that_was_ahead_and_put_right_names_no_outage_in_the_future(
    machine, officer
):
    heartbeat.record_heartbeat()
    machine.jump(TEN_YEARS)
    heartbeat.record_heartbeat()
    machine.jump(-TEN_YEARS)
    heartbeat.confirm_time(by=officer)
    assert heartbeat.find_last_outage() is None


# --- who hears of it, and who confirms


def test_officers_and_administrators_are_told_once(
    machine, officer, django_capture_on_commit_callbacks
):
    administrator = given.make_worker(role=Role.ADMINISTRATOR)
    heartbeat.record_heartbeat()
    machine.jump(TEN_YEARS)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        heartbeat.record_heartbeat()
        heartbeat.record_heartbeat()

    told = sorted(address for sent in mail.outbox for address in sent.to)
    assert {officer.email, administrator.email} <= set(told)
    assert len(told) == len(set(told))
    assert AuditEvent.objects.filter(did="doubted clock").count() == 1


def test_who_answers_for_keys_confirms_the_time(machine, officer, leila):
    heartbeat.record_heartbeat()
    machine.jump(TEN_YEARS)
    heartbeat.record_heartbeat()

    with pytest.raises(Denied):
        heartbeat.confirm_time(by=leila)
    assert not heartbeat.record_heartbeat()
    heartbeat.confirm_time(by=officer)
    assert heartbeat.record_heartbeat()
    assert Heartbeat.objects.get().doubted_at is None
    assert AuditEvent.objects.filter(
        did="confirmed clock", actor=officer.actor_id
    ).exists()
    with pytest.raises(Changed):
        heartbeat.confirm_time(by=officer)
