from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.utils import timezone

from amana import given
from amana.academy.community.mentoring import actions, between
from amana.academy.community.mentoring.models import (
    CheckIn,
    Commitment,
    MentoringSide,
    MentoringWish,
    Pair,
    PairEnding,
)
from amana.errors import Changed, Refused
from amana.trust.access.models import Role
from amana.trust.audit.models import AuditEvent
from amana.trust.vault.models import CompartmentKey

ANSWERS = {"better": "We ask first.", "stuck": "No interpreter.", "doing": "A list."}


def written_by(pair, mentee):
    found = actions.record_check_in(pair, timezone.localdate(), **ANSWERS, by=mentee)
    return between.build_name(found)


def test_nothing_begins_before_both_agree(proposed, mentor, mentee):
    actions.agree_to_pair(proposed, by=mentor)
    assert not proposed.is_under_way
    with pytest.raises(Changed):
        actions.record_check_in(proposed, timezone.localdate(), **ANSWERS, by=mentee)

    actions.agree_to_pair(proposed, by=mentee)

    assert proposed.is_under_way
    assert (
        not MentoringWish.objects.standing().filter(side=MentoringSide.MENTEE).exists()
    )


def test_both_read_what_was_written_and_nobody_else(agreed, mentor, mentee, stranger):
    name = written_by(agreed, mentee)

    assert between.open_texts(agreed, by=mentor)[name] == ANSWERS
    assert between.open_texts(agreed, by=mentee)[name] == ANSWERS
    assert between.open_texts(agreed, by=stranger) == {}


def test_a_coordinator_reads_no_word(agreed, mentee):
    written_by(agreed, mentee)
    supervisor = given.unlock_user(given.make_worker(role=Role.COORDINATOR))

    assert between.open_texts(agreed, by=supervisor) == {}
    with pytest.raises(PermissionDenied):
        actions.end_pair(agreed, by=supervisor)


def test_each_may_end_it_without_a_reason_and_every_word_is_gone(
    agreed, mentor, mentee
):
    written_by(agreed, mentee)
    actions.record_commitment(agreed, "A list", due_on=timezone.localdate(), by=mentee)

    actions.end_pair(agreed, by=mentee)

    agreed.refresh_from_db()
    assert agreed.ending == PairEnding.LEFT
    assert not CompartmentKey.objects.filter(case=agreed.pk).exists()
    assert not CheckIn.objects.exists()
    assert not Commitment.objects.exists()
    event = AuditEvent.objects.get(did="ended mentorship")
    assert event.actor == mentee.actor_id
    with pytest.raises(Changed):
        actions.end_pair(agreed, by=mentor)


def test_whoever_does_not_agree_ends_a_proposal(proposed, mentee):
    actions.end_pair(proposed, by=mentee)

    proposed.refresh_from_db()
    assert proposed.ending == PairEnding.DECLINED


def test_a_month_is_written_once_and_answered_once(agreed, mentor, mentee):
    found = actions.record_check_in(agreed, timezone.localdate(), **ANSWERS, by=mentee)
    with pytest.raises(Changed):
        actions.record_check_in(agreed, timezone.localdate(), **ANSWERS, by=mentee)

    actions.record_reply(found, "Who could you ask?", by=mentor)

    with pytest.raises(Changed):
        actions.record_reply(found, "Again", by=mentor)
    with pytest.raises(PermissionDenied):
        actions.record_reply(found, "Mine", by=mentee)


def test_a_commitment_is_settled_once_by_whoever_made_it(agreed, mentor, mentee):
    soon = timezone.localdate() + timedelta(days=30)
    found = actions.record_commitment(agreed, "A list", due_on=soon, by=mentee)
    with pytest.raises(PermissionDenied):
        actions.settle_commitment(found, kept=True, by=mentor)

    actions.settle_commitment(found, kept=True, by=mentee)

    found.refresh_from_db()
    assert found.state == Commitment.State.KEPT
    with pytest.raises(Changed):
        actions.settle_commitment(found, kept=False, by=mentee)


def test_a_mentor_takes_no_more_people_than_they_wished(
    proposed, offers, coordinator, stranger
):
    looks = MentoringWish.objects.create(
        person=stranger, side=MentoringSide.MENTEE, sector="health", languages=["en"]
    )
    with pytest.raises(Refused, match="as many people"):
        actions.propose_pair(looks, offers, months=3, by=coordinator)


def test_two_without_a_common_language_are_not_brought_together(
    mentee, offers, coordinator
):
    looks = actions.record_wish(
        MentoringSide.MENTEE, sector="health", languages=["fr"], by=mentee
    )
    with pytest.raises(Refused, match="language"):
        actions.propose_pair(looks, offers, months=3, by=coordinator)


def test_who_may_wish(mentee, stranger):
    with pytest.raises(Refused, match="certificate"):
        actions.record_wish(
            MentoringSide.MENTOR, sector="health", languages=["en"], by=mentee
        )
    with pytest.raises(Refused, match="course"):
        actions.record_wish(
            MentoringSide.MENTEE, sector="health", languages=["en"], by=stranger
        )


def test_a_wish_is_taken_back_once_by_whoever_made_it(looks, mentee, stranger):
    with pytest.raises(PermissionDenied):
        actions.withdraw_wish(looks, by=stranger)

    actions.withdraw_wish(looks, by=mentee)

    with pytest.raises(Changed):
        actions.withdraw_wish(looks, by=mentee)


def test_only_the_academy_brings_two_together(looks, offers, stranger):
    with pytest.raises(PermissionDenied):
        actions.propose_pair(looks, offers, months=3, by=stranger)


def test_the_clock_ends_what_ran_out_and_tells_no_word(agreed):
    with time_machine.travel(timezone.now() + timedelta(days=95)):
        call_command("end_mentorships")
        agreed.refresh_from_db()
        assert agreed.ended_at is None  # still to be read for two weeks
    with time_machine.travel(timezone.now() + timedelta(days=110)):
        call_command("end_mentorships")

    assert Pair.objects.get().ending == PairEnding.COMPLETED
    with time_machine.travel(timezone.now() + timedelta(days=110 + 364)):
        call_command("end_mentorships")
        assert Pair.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(days=110 + 367)):
        call_command("end_mentorships")
    assert not Pair.objects.exists()


def test_both_are_told_by_a_message_that_says_nothing(
    proposed, mentor, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        actions.agree_to_pair(proposed, by=mentor)
        actions.agree_to_pair(proposed, by=given.unlock_user(proposed.mentee))

    assert mail.outbox
    assert all("Mara" not in m.body and "Lina" not in m.body for m in mail.outbox)
