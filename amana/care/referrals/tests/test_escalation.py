"""A clock that ran out is told to one after the other, and nothing ends in silence."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from amana import given
from amana.care.cases.models import Need
from amana.care.referrals import actions, escalation
from amana.care.referrals.events import referral_late
from amana.care.referrals.models import (
    DeclineReason,
    Referral,
    ReferralEvent,
    ReferralOutcome,
    ReferralStatus,
)
from amana.design.directory.models import Service
from amana.trust.access.models import Team, User
from amana.trust.audit.models import AuditEvent
from amana.trust.vault.models import ReturnSlip

from .escalations import addresses, strikes, told

What = ReferralEvent.What
S = ReferralStatus


def test_supervisor_then_sender_then_coordinator_are_told(
    referral: Referral, lead: User, worker: User, coordinator: User
) -> None:
    due = referral.due_at
    assert strikes(referral, due - timedelta(minutes=1)) == set()
    assert strikes(referral, due) == {lead.email}
    for expected in (worker, coordinator):
        assert referral.tell_at is not None
        assert strikes(referral, referral.tell_at) == {expected.email}
    assert told(referral) == ["supervisor", "sender", "coordinator"]


def test_what_nobody_answers_expires_aloud_and_the_need_is_open_again(
    referral: Referral, worker: User, coordinator: User, need: Need
) -> None:
    for _step in range(3):
        strikes(referral, referral.tell_at or timezone.now())
    assert referral.status == S.SENT
    assert referral.tell_at is not None
    assert strikes(referral, referral.tell_at) == {worker.email}
    need.refresh_from_db()
    assert referral.state is S.EXPIRED
    assert need.status == Need.Status.OPEN


def test_what_has_begun_never_expires_for_want_of_a_report(
    referral: Referral, shelter_worker: User
) -> None:
    actions.accept(referral, by=shelter_worker)
    actions.start_service(referral, by=shelter_worker)
    at = timezone.now() + timedelta(days=400)
    while referral.tell_at:
        strikes(referral, max(at, referral.tell_at))
    assert told(referral) == ["sender", "sender", "nobody"]
    assert (referral.state, referral.tell_at) == (S.STARTED, None)


def test_when_the_sender_is_late_their_supervisor_is_told(
    referral: Referral, shelter_worker: User, supervisor: User, coordinator: User
) -> None:
    actions.accept(referral, by=shelter_worker)
    actions.start_service(referral, by=shelter_worker)
    actions.complete_service(referral, by=shelter_worker)
    assert strikes(referral, referral.due_at) == {supervisor.email}
    assert referral.tell_at is not None
    assert strikes(referral, referral.tell_at) == {coordinator.email}
    assert told(referral) == ["supervisor", "coordinator"]


def test_an_answer_stops_the_clock_and_starts_the_next(
    referral: Referral, lead: User, shelter_worker: User
) -> None:
    strikes(referral, referral.due_at)
    actions.accept(referral, by=shelter_worker)
    assert referral.told == 0
    assert strikes(referral, timezone.now()) == set()
    assert strikes(referral, referral.due_at) == {lead.email}


def test_a_mistake_with_one_referral_keeps_no_other_from_being_chased(
    referral: Referral, worker: User, shelter: Service, lead: User
) -> None:
    case = given.make_case(worked_on_by=worker)
    another = given.make_referral(need=case.needs.get(), to=shelter, by=worker)

    def fail(referral: Referral, **_: object) -> None:
        if referral.pk != another.pk:
            raise ZeroDivisionError

    referral_late.connect(fail)
    try:
        with pytest.raises(ZeroDivisionError):
            escalation.chase(another.due_at)
    finally:
        referral_late.disconnect(fail)

    assert told(referral) == []
    assert told(another) == ["supervisor"]


def test_chasing_twice_tells_once(referral: Referral, lead: User) -> None:
    at = referral.due_at
    late = list(Referral.objects.to_chase(at))
    assert escalation.chase(at) == 1
    assert escalation.chase(at) == 0
    # A second process that read the same rows a moment ago:
    assert not any(escalation._next_step(referral, at) for referral in late)
    referral.refresh_from_db()
    assert told(referral) == ["supervisor"]


def test_nobody_is_told_of_what_has_just_been_answered(
    referral: Referral, shelter_worker: User
) -> None:
    late = list(Referral.objects.to_chase(referral.due_at))
    actions.accept(referral, by=shelter_worker)
    assert not any(
        escalation._next_step(referral, referral.due_at) for referral in late
    )


def test_an_expiry_that_comes_too_late_does_nothing(
    referral: Referral, shelter_worker: User, coordinator: User
) -> None:
    Referral.objects.update(told=3, tell_at=timezone.now())
    (late,) = Referral.objects.to_chase().select_related("service", "sender")
    referral.refresh_from_db()
    actions.accept(referral, by=shelter_worker)
    assert not escalation._next_step(late, timezone.now())
    referral.refresh_from_db()
    assert referral.state is S.ACCEPTED


def test_telling_does_not_make_pages_old(
    referral: Referral, shelter_worker: User
) -> None:
    """Somebody is writing the answer while the clock strikes."""
    page = Referral.objects.get(pk=referral.pk)
    escalation.chase(referral.due_at)
    actions.accept(page, by=shelter_worker)
    assert page.state is S.ACCEPTED


def test_without_a_supervisor_the_next_who_can_be_found_is_told_and_named(
    referral: Referral, worker: User
) -> None:
    assert strikes(referral, referral.due_at) == {worker.email}
    assert told(referral) == ["sender"]
    assert referral.told_so_far == ["the sender"]


def test_a_clock_of_a_team_without_accounts_names_who_was_told_in_truth(
    need: Need, worker: User, coordinator: User
) -> None:
    team = given.make_team(name="Village clinic", email="clinic@example.org")
    service = given.make_service(of=team, by=coordinator)
    referral = given.make_referral(need=need, to=service, by=worker)
    # Nothing has been handed over yet: a mail to the clinic would only puzzle.
    assert strikes(referral, referral.due_at) == {worker.email}
    assert told(referral) == ["sender"]

    actions.accept(referral, by=worker)
    actions.offer_slip(referral, way=ReturnSlip.Way.TOLD, by=worker)
    assert strikes(referral, referral.due_at) == {worker.email, "clinic@example.org"}
    assert told(referral) == ["sender", "mailbox", "sender"]
    assert referral.told_so_far == ["the team’s mailbox", "the sender"]
    assert referral.tell_at is not None
    assert strikes(referral, referral.tell_at) == {worker.email}
    assert "supervisor" not in told(referral)


def test_a_mail_to_a_team_without_accounts_holds_no_code_and_nobody(
    need: Need, worker: User, coordinator: User
) -> None:
    team = given.make_team(name="Village clinic", email="clinic@example.org")
    service = given.make_service(of=team, by=coordinator)
    referral = given.make_referral(need=need, to=service, by=worker)
    made = actions.offer_slip(referral, way=ReturnSlip.Way.TOLD, by=worker)
    addresses()
    escalation.chase(referral.due_at)
    (message,) = [m for m in mail.outbox if m.to == ["clinic@example.org"]]
    said = message.subject + str(message.body)
    private = (made.code, str(made.slip.pk), str(referral.pk), need.case.reference)
    assert [word for word in private if word in said] == []
    assert "/referrals/slip/" in said


def test_what_is_told_is_recorded_and_announced(referral: Referral, lead: User) -> None:
    heard = []

    def hear(**said: object) -> None:
        heard.append(said["told"])

    referral_late.connect(hear)
    try:
        escalation.chase(referral.due_at)
    finally:
        referral_late.disconnect(hear)
    assert heard == [What.TOLD_SUPERVISOR]
    event = AuditEvent.objects.get(did="told of late referral")
    assert event.actor == "system"


def test_an_emergency_is_told_within_minutes(
    need: Need, shelter: Service, worker: User
) -> None:
    Need.objects.update(urgency="U0")
    urgent = Need.objects.select_related("case__team").get(pk=need.pk)
    referral = given.make_referral(need=urgent, to=shelter, by=worker)
    assert referral.due_at - referral.sent_at == timedelta(minutes=30)
    escalation.chase(referral.due_at)
    referral.refresh_from_db()
    assert referral.tell_at == referral.due_at + timedelta(minutes=30)


def test_the_command_says_how_many_steps_it_took(referral: Referral) -> None:
    Referral.objects.update(tell_at=timezone.now() - timedelta(minutes=1))
    said = StringIO()
    call_command("chase_referrals", stdout=said)
    assert "1" in said.getvalue()


def test_the_record_of_a_loop_keeps_its_end(
    referral: Referral, shelter_worker: User, worker: User
) -> None:
    actions.accept(referral, by=shelter_worker)
    actions.start_service(referral, by=shelter_worker)
    actions.complete_service(referral, by=shelter_worker)
    actions.confirm(referral, outcome=ReferralOutcome.MET, by=worker)
    assert strikes(referral, timezone.now() + timedelta(days=400)) == set()
    assert referral.state is S.CONFIRMED


def test_an_answer_to_a_team_where_nobody_is_left_reaches_the_coordinators(
    referral: Referral,
    worker: User,
    team: Team,
    shelter_worker: User,
    coordinator: User,
) -> None:
    given.join_team(worker, given.make_team())
    given.end_membership(worker.memberships.get(team=team), by=worker)
    addresses()

    actions.decline(referral, reason=DeclineReason.NO_CAPACITY, by=shelter_worker)

    assert addresses() == {coordinator.email}
