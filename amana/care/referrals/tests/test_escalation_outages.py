"""Time in which the server was off, or its clock in doubt, counts against no one
(P41)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.referrals import actions, escalation
from amana.care.referrals.models import Referral, ReferralStatus
from amana.trust.access.models import User
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import heartbeat
from amana.trust.vault.models import Heartbeat
from amana.ui.clocks import format_deadline
from tests.machines import Machine

from .escalations import strikes, told

S = ReferralStatus


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(monkeypatch)


def test_after_a_long_silence_of_the_clock_each_is_told_in_turn_and_has_time_to_act(
    referral: Referral, lead: User, coordinator: User
) -> None:
    """Nobody is told and finds it expired in the same minute."""
    late = timezone.now() + timedelta(days=60)
    strikes(referral, late)
    strikes(referral, late + timedelta(minutes=5))
    assert told(referral) == ["supervisor"]
    for _step in range(2):
        assert referral.tell_at is not None
        strikes(referral, referral.tell_at)
    assert told(referral) == ["supervisor", "sender", "coordinator"]

    last = referral.tell_at
    assert last is not None
    answering = referral.reply_by - referral.sent_at
    assert last - late >= answering
    strikes(referral, last - timedelta(minutes=1))
    assert referral.status == S.SENT
    strikes(referral, last)
    assert referral.state is S.EXPIRED


def test_what_fell_into_an_outage_has_the_whole_time_again_from_its_end(
    referral: Referral, worker: User, shelter_worker: User, machine: Machine
) -> None:
    heartbeat.record_heartbeat()
    given_time = referral.reply_by - referral.sent_at
    machine.run(given_time + timedelta(hours=1))

    mailed = strikes(referral, timezone.now())

    outage = heartbeat.find_last_outage()
    assert outage is not None
    assert mailed == {shelter_worker.email, "lake@example.org"}
    assert told(referral) == ["restarted"]
    assert referral.reply_by - outage.ended_at == given_time
    # On a weekend the answer is due as soon as the receipt.
    assert outage.ended_at < referral.due_at <= referral.reply_by
    assert (referral.told, referral.tell_at) == (0, referral.due_at)
    event = AuditEvent.objects.get(did="restarted clock")
    assert event.actor == "system"
    for reader in (worker, shelter_worker):
        page = given.sign_in(reader).get(
            reverse("referrals:referral", args=[referral.pk])
        )
        said = page.content.decode()
        assert "Amana was out of service" in said
        assert format_deadline(referral.reply_by) in said
    answer = actions.accept(referral, by=shelter_worker)
    assert answer.state is S.ACCEPTED


def test_the_page_says_at_what_time_the_next_is_told_as_the_clock_will_tell_them(
    referral: Referral, lead: User, coordinator: User, worker: User
) -> None:
    promised = [step.at for step in escalation.list_steps_ahead(referral)]
    at = referral.tell_at
    for expected in promised:
        assert at == expected
        escalation.chase(at)
        referral.refresh_from_db()
        at = referral.tell_at
    assert referral.state is S.EXPIRED


def test_an_acknowledged_request_has_its_whole_time_again_too(
    referral: Referral, shelter_worker: User, machine: Machine
) -> None:
    actions.acknowledge(referral, by=shelter_worker)
    heartbeat.record_heartbeat()
    machine.run(timedelta(hours=3))
    strikes(referral, timezone.now())
    assert referral.restarted_at is not None
    assert referral.due_at == referral.reply_by


def test_what_was_late_before_an_outage_stays_late(
    referral: Referral, lead: User, machine: Machine
) -> None:
    heartbeat.record_heartbeat()
    machine.run(referral.due_at - referral.sent_at + timedelta(minutes=1))
    Heartbeat.objects.update(at=timezone.now())
    machine.run(timedelta(hours=3))
    assert strikes(referral, timezone.now()) == {lead.email}
    assert referral.restarted_at is None


def test_a_server_that_is_off_each_night_keeps_no_silence_from_being_noticed(
    referral: Referral, lead: User, machine: Machine
) -> None:
    heartbeat.record_heartbeat()
    for _night in range(5):
        machine.run(timedelta(hours=12))
        strikes(referral, timezone.now())
        machine.run(timedelta(hours=12))
        strikes(referral, timezone.now())
    assert told(referral).count("restarted") == 1
    assert "supervisor" in told(referral)


def test_nothing_expires_by_a_clock_that_is_in_doubt(
    referral: Referral, machine: Machine
) -> None:
    heartbeat.record_heartbeat()
    machine.jump(timedelta(days=3653))
    for _round in range(5):
        referral.refresh_from_db()
        strikes(referral, referral.tell_at or timezone.now())
    assert referral.told == 3
    assert referral.state is S.SENT
