"""A complaint is read by whom it is not about, and has a clock and a code."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from amana import given
from amana.errors import Refused
from amana.insight.facts.models import Observation
from amana.insight.feedback import actions, rules
from amana.insight.feedback.actions import complaint_handling
from amana.insight.feedback.models import (
    Complaint,
    ComplaintKind,
    ComplaintMessage,
    ComplaintOutcome,
)
from amana.trust.access.models import Role
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import epochs, leaving
from tests.worlds import kept

WORDS = "He opens my letters."


@kept
def code(house, desk):
    return actions.take_complaint(ComplaintKind.SECRET, WORDS, about=house)


@kept
def complaint(code):
    return Complaint.objects.get()


def test_nobody_of_the_agency_complained_about_reads_it(
    complaint, worker, reader, coordinator, stranger
):
    for nobody in (worker, coordinator, stranger):
        assert not rules.answer_complaint.permits(nobody, complaint)
        with pytest.raises(Denied):
            actions.open_complaint(complaint, by=nobody)
    [(_letter, words)] = actions.open_complaint(complaint, by=reader)
    assert words == WORDS

    given.join_team(reader, worker.memberships.get().team)
    with pytest.raises(Denied):
        actions.open_complaint(complaint, by=reader)


def test_a_coordinator_of_that_agency_does_not_even_see_that_it_waits(
    complaint, house, coordinator
):
    theirs = given.make_worker(of=given.make_team(of=house), role=Role.COORDINATOR)
    assert rules.watch_complaint.permits(coordinator, complaint)
    assert not rules.watch_complaint.permits(theirs, complaint)


def test_where_nobody_independent_takes_it_nothing_is_kept(post, desk):
    with pytest.raises(Refused, match="No one here can take"):
        actions.take_complaint(ComplaintKind.OTHER, WORDS, about=post.organisation)
    with pytest.raises(Refused, match="Write what happened"):
        actions.take_complaint(ComplaintKind.OTHER, "  ", about=None)
    assert not Complaint.objects.exists()


def test_the_code_shows_the_answer_and_not_what_was_written(code, complaint, reader):
    assert actions.look_up_complaint(code).answers == []
    actions.write_to_person(complaint, "We have asked the house.", by=reader)
    actions.close_complaint(
        complaint, ComplaintOutcome.RIGHT, "He may not do so any more.", by=reader
    )

    found = actions.look_up_complaint(code.lower().replace("-", " "))
    assert found.complaint.outcome == ComplaintOutcome.RIGHT
    assert sorted(words for _letter, words in found.answers) == [
        "He may not do so any more.",
        "We have asked the house.",
    ]
    own = ComplaintMessage.objects.get(answers=False)
    assert bytes(own.for_person) == b""
    with pytest.raises(Refused, match="not right"):
        actions.look_up_complaint("0000-0000-00")


def test_an_answer_in_time_and_a_late_one_are_facts(code, complaint, reader, house):
    actions.close_complaint(
        complaint, ComplaintOutcome.NOT, "We could not find it.", by=reader
    )
    fact = Observation.objects.get(kind="complaint")
    assert (fact.result, fact.agency) == ("in_time", "listening-post")
    with pytest.raises(Refused, match="already been answered"):
        actions.close_complaint(
            complaint, ComplaintOutcome.RIGHT, "Once more.", by=reader
        )

    actions.take_complaint(ComplaintKind.OTHER, WORDS, about=house)
    other = Complaint.objects.open().get()
    Complaint.objects.filter(pk=other.pk).update(
        answer_by=timezone.localdate() - timedelta(days=1)
    )
    other.refresh_from_db()
    actions.close_complaint(other, ComplaintOutcome.RIGHT, "You were right.", by=reader)
    assert Observation.objects.filter(kind="complaint", result="late").count() == 1


def test_what_waits_too_long_is_told_once_a_day_and_counted_once(
    complaint, reader, coordinator, django_capture_on_commit_callbacks
):
    yesterday = timezone.localdate() - timedelta(days=1)
    Complaint.objects.update(seen_by=yesterday)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.notify_late() == 1
        assert actions.notify_late() == 1
    assert sorted(message.to[0] for message in mail.outbox) == sorted(
        [reader.email, coordinator.email]
    )
    assert AuditEvent.objects.filter(did="complaint is late").count() == 1
    assert not Observation.objects.filter(kind="complaint").exists()

    actions.acknowledge_complaint(complaint, by=reader)
    assert actions.notify_late() == 0  # they have it, and 30 days
    Complaint.objects.update(answer_by=yesterday, told_late_on=yesterday)
    actions.notify_late()
    actions.notify_late()
    complaint.refresh_from_db()
    actions.close_complaint(
        complaint, ComplaintOutcome.PASSED, "The court decides now.", by=reader
    )
    assert list(
        Observation.objects.filter(kind="complaint").values_list("result", flat=True)
    ) == ["late"]


def test_one_mistake_keeps_no_other_reminder_waiting(
    complaint, house, reader, monkeypatch, django_capture_on_commit_callbacks
):
    actions.take_complaint(ComplaintKind.OTHER, WORDS, about=house)
    yesterday = timezone.localdate() - timedelta(days=1)
    Complaint.objects.update(answer_by=yesterday)
    first = Complaint.objects.late(timezone.localdate())[0]
    count = complaint_handling._count

    def fail(one, result):
        if one.pk == first.pk:
            raise ZeroDivisionError
        count(one, result)

    monkeypatch.setattr(complaint_handling, "_count", fail)
    mail.outbox.clear()
    with (
        django_capture_on_commit_callbacks(execute=True),
        pytest.raises(ZeroDivisionError),
    ):
        actions.notify_late()
    told = {pending.pk: pending.told_late_on for pending in Complaint.objects.open()}
    assert told.pop(first.pk) is None
    assert list(told.values()) == [timezone.localdate()]
    assert reader.email in {message.to[0] for message in mail.outbox}


def test_those_who_work_for_the_agency_are_not_told(
    complaint, house, reader, django_capture_on_commit_callbacks
):
    theirs = given.make_worker(of=given.make_team(of=house), role=Role.COORDINATOR)
    Complaint.objects.update(answer_by=timezone.localdate() - timedelta(days=1))
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        actions.notify_late()
    assert theirs.email not in {message.to[0] for message in mail.outbox}


def test_when_somebody_leaves_letters_are_sealed_anew_and_the_code_still_opens(
    code, complaint, reader, post
):
    actions.write_to_person(complaint, "We look into it.", by=reader)
    other = given.make_worker(of=post, role=Role.FOCAL_POINT)
    reader.memberships.update(ended_at=timezone.now())
    epoch = epochs.begin_epoch(post, by=other)
    leaving.rewrap_some(epoch, by=other)

    assert [w for _one, w in actions.open_complaint(complaint, by=other)] == [
        WORDS,
        "We look into it.",
    ]
    assert [w for _one, w in actions.look_up_complaint(code).answers] == [
        "We look into it."
    ]


def test_three_working_days_and_thirty_days(complaint):
    today = timezone.localdate()
    assert complaint.answer_by == today + timedelta(days=30)
    assert today < complaint.seen_by <= today + timedelta(days=7)
    assert complaint.due_on == complaint.seen_by
    assert not complaint.is_late
    assert complaint_handling.TO_ANSWER.days == 30
