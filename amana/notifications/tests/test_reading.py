"""Who is told what, and that nobody is told of what they can't see."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.models import Assignment
from amana.care.consent import actions as consents
from amana.care.consent import vital_interests
from amana.care.consent.models import VitalInterest
from amana.care.referrals import actions as referrals
from amana.care.referrals import escalation
from amana.design.directory.taxonomy import ServiceGroup
from amana.notifications import actions, unread
from amana.notifications.models import Notification, NotificationTopic, ReadMark
from amana.notifications.rules import read_notification
from amana.trust.access import actions as access
from amana.trust.access.models import Membership, Role
from amana.trust.vault import removal
from amana.ui import badges

pytestmark = pytest.mark.django_db


def said(user):
    """What somebody reads, without the person object's own caches."""
    fresh = type(user).objects.get(pk=user.pk)
    return [(entry.what, entry.line.need) for entry in unread.list_entries(fresh)]


def count(user):
    return badges.count_badges(type(user).objects.get(pk=user.pk))


def whats(user):
    return [what for what, _need in said(user)]


def test_the_shelter_is_told_of_a_referral_and_the_worker_of_the_answer(
    referral, worker, host, second_host
):
    need = str(ServiceGroup(referral.need.group).label)
    assert said(host) == said(second_host) == [("New referral", need)]
    assert count(host)["notifications"] == 1
    assert count(host)["inbox"] == 1
    assert said(worker) == []

    referrals.accept(referral, by=host)

    assert said(worker) == [("Accepted", need)]
    assert count(host)["inbox"] == 0
    (entry,) = unread.list_entries(worker)
    assert entry.line.reference == referral.case.reference


def test_a_recipient_reads_no_reference_of_ours(referral, host):
    (entry,) = unread.list_entries(host)
    assert entry.line.reference == ""


def test_nobody_else_is_told(referral, stranger, colleague, coordinator, host):
    referrals.accept(referral, by=host)
    for other in (stranger, colleague, coordinator):
        assert said(other) == []
        assert count(other)["notifications"] == 0
        assert count(other)["inbox"] == 0


def test_whoever_did_it_is_not_told(referral, host):
    referrals.accept(referral, by=host)
    assert whats(host) == ["New referral"]


def test_a_case_that_was_restricted_meanwhile_says_nothing(
    case, worker, supervisor, team
):
    cases.propose_closure(
        case,
        reason="lost_contact",
        checklist=[],
        left_open="She left",
        by=worker,
    )
    assert whats(supervisor) == ["Case closure to review"]
    cases.restrict(case, people=[worker], by=supervisor)
    assert said(supervisor) == []
    assert count(supervisor)["notifications"] == 0


def test_whoever_left_the_case_is_told_nothing_of_it_any_more(
    referral, worker, colleague, host, supervisor
):
    referrals.accept(referral, by=host)
    assert whats(worker) == ["Accepted"]
    case = referral.case
    cases.assign(case, colleague, part=Assignment.Part.LEAD, by=supervisor)
    mine = case.assignments.current().get(worker=worker)
    cases.end_assignment(mine, by=supervisor)
    assert said(worker) == []
    assert whats(colleague) == ["Case assigned to you"]


def test_whoever_left_the_team_is_told_nothing(referral, second_host):
    place = Membership.objects.filter(user=second_host)
    place.update(ended_at=timezone.now())
    assert said(second_host) == []
    assert count(second_host) == dict.fromkeys([*badges.BADGES, *badges.MARKS], 0)


def test_consent_that_ended_is_told_to_both_sides(
    referral, worker, colleague, supervisor, host
):
    case = referral.case
    cases.assign(case, colleague, by=supervisor)
    consents.withdraw(referral.consent, by=colleague)
    assert "Consent ended" in whats(worker)
    assert {"Copies to destroy", "Referral ended by the sender"} <= {*whats(host)}
    destruction = referral.consent.destruction
    consents.confirm_destruction(destruction, by=host)
    assert "Copies to destroy" not in whats(host)


def test_copies_of_what_was_told_without_her_are_to_be_destroyed_too(
    case, worker, host, second_host, stranger, monkeypatch
):
    monkeypatch.setattr(
        vital_interests, "find_provision", lambda case: SimpleNamespace(id="data_act")
    )
    recipient = host.memberships.get().team
    interest, _copy = vital_interests.disclose(
        case.needs.earliest("pk"),
        recipient=recipient,
        reason=VitalInterest.Reason.UNCONSCIOUS,
        words="canary: not breathing",
        by=worker,
    )
    vital_interests.record_objection(interest, by=worker)

    assert whats(host) == whats(second_host) == ["Copies to destroy"]
    (entry,) = unread.list_entries(host)
    assert entry.line.who == str(case.team)
    address = reverse("consent:destroy", args=[interest.destruction.pk])
    follow = reverse("notifications:follow", args=[entry.notification.pk])
    assert given.sign_in(host).get(follow).headers["Location"] == address
    assert whats(stranger) == []
    consents.confirm_destruction(interest.destruction, by=host)
    assert whats(second_host) == []


def test_a_late_referral_is_told_to_those_who_are_next(referral, host, worker):
    with time_machine.travel(referral.due_at + timedelta(minutes=1)):
        escalation.chase()
        assert "Referral overdue" in [*whats(worker), *whats(host)]


def test_a_screening_and_an_offered_case_are_told_to_the_team(
    case, worker, supervisor, team
):
    other = given.make_team(of=team.organisation)
    taker = given.make_worker(of=other)
    transfer = cases.offer_transfer(case, to=other, by=worker)
    assert whats(taker) == ["Case offered to your team"]
    cases.answer_transfer(transfer, accept=False, reason="no_capacity", by=taker)
    assert said(taker) == []
    assert whats(worker) == ["Your case transfer was declined"]


def test_the_latest_of_a_kind_replaces_the_one_before_and_is_unread(
    referral, worker, host
):
    referrals.accept(referral, by=host)
    (first,) = unread.list_entries(worker)
    actions.mark_read([first.notification], by=worker)
    assert count(worker)["notifications"] == 0
    referrals.record_attendance(referral, by=host)
    (again,) = unread.list_entries(worker)
    assert not again.is_read
    assert again.notification.pk > first.notification.pk
    assert count(worker)["notifications"] == 1


def test_to_read_it_counts_for_one_person_alone(referral, host, second_host):
    (entry,) = unread.list_entries(host)
    actions.mark_read([entry.notification], by=host)
    actions.mark_read([entry.notification], by=host)
    assert [entry.is_read for entry in unread.list_entries(host)] == [True]
    assert [entry.is_read for entry in unread.list_entries(second_host)] == [False]


def test_nobody_marks_what_they_may_not_read(referral, stranger):
    actions.mark_read(Notification.objects.to_read(), by=stranger)
    assert not ReadMark.objects.exists()


def test_the_list_the_badge_and_the_rule_agree(
    referral, worker, host, second_host, stranger, colleague
):
    referrals.accept(referral, by=host)
    for user in (worker, host, second_host, stranger, colleague):
        listed = {entry.notification for entry in unread.list_entries(user)}
        among = read_notification.among(Notification.objects.to_read(), user)
        assert listed == {*among}
        assert count(user)["notifications"] == len(listed)


def test_after_thirty_days_they_are_forgotten(referral, host):
    with time_machine.travel(timezone.now() + timedelta(days=29)):
        assert actions.forget_old() == 0
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert actions.forget_old() > 0
    assert said(host) == []


def test_a_clock_that_was_wrong_changes_nothing_in_the_order(case, beds, worker, host):
    with time_machine.travel(timezone.now() + timedelta(days=3650)):
        first = given.make_case(worked_on_by=worker, identity_name="A")
        given.make_referral(need=first.needs.get(), to=beds, by=worker)
    second = given.make_referral(need=case.needs.get(), to=beds, by=worker)
    newest = unread.list_entries(host)[0].notification
    assert newest.object == second.pk


def test_it_is_one_row_for_each_recipient_and_thing(referral):
    for _again in range(2):
        team = [referral.recipient_id]
        actions.notify(
            NotificationTopic.REFERRAL_RECEIVED, referral.pk, teams=team, by=None
        )
    assert Notification.objects.to_read().filter(object=referral.pk).count() == 1


def test_those_whom_it_concerns_are_told_that_keys_are_to_go(colleague, stranger):
    coordinator = given.make_worker(role=Role.COORDINATOR)
    officer = given.make_worker(role=Role.DATA_PROTECTION_OFFICER)
    made = removal.propose_start_again(colleague, by=coordinator)
    told = "Removal of a colleague’s keys"

    assert told in whats(colleague)
    assert told in whats(officer)
    assert whats(coordinator) == []
    assert whats(stranger) == []
    removal.confirm(made, by=officer)
    assert told in whats(coordinator)
    (entry,) = [e for e in unread.list_entries(coordinator) if e.what == told]
    assert entry.line.who == "Confirmed, takes effect later"


def test_those_who_can_lift_a_suspension_are_told_of_it(colleague, stranger):
    administrators = [
        given.make_worker(role=Role.ADMINISTRATOR) for _number in range(3)
    ]
    access.suspend(colleague, by=administrators[0])
    told = "A colleague was suspended, or a suspension was lifted"

    assert [told in whats(user) for user in administrators] == [False, True, True]
    assert told not in whats(stranger)
