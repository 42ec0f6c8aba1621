"""Who is in the circle, who can read what, and when it ends."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.utils import timezone

from amana import given
from amana.academy import circle
from amana.academy.community.alumni import actions, rules
from amana.academy.community.alumni.models import (
    CircleEnding,
    CircleMembership,
    Gathering,
    Talk,
    TalkTheme,
)
from amana.academy.credentials import actions as credentials
from amana.academy.credentials.models import Certificate
from amana.errors import Changed, Refused
from amana.trust.audit.models import AuditDetail, AuditEvent
from amana.trust.vault.models import CompartmentKey


def read(talk, by):
    found = circle.open_messages(talk.pk, by=by, purpose="alumni")
    return [content["text"] for content in found.values()]


def test_the_circle_is_for_whoever_holds_a_certificate(stranger, outside):
    with pytest.raises(Refused, match="valid certificate"):
        actions.join_circle(by=stranger)

    actions.join_circle(by=outside)

    with pytest.raises(Changed):
        actions.join_circle(by=outside)


def test_a_talk_is_read_by_who_is_there_and_by_nobody_else(
    talk, amina, boris, outside, trainer, coordinator
):
    actions.answer_talk(talk, "Where they slept.", by=boris)

    assert read(talk, amina) == ["What do you ask first?", "Where they slept."]
    assert read(talk, boris) == read(talk, amina)
    for other in (outside, trainer, given.unlock_user(coordinator)):
        assert read(talk, other) == []
        with pytest.raises(PermissionDenied):
            actions.answer_talk(talk, "I too", by=other)


def test_who_joins_later_reads_what_begins_from_then_on(talk, amina, outside):
    actions.join_circle(by=outside)

    assert not rules.join_talk.permits(outside, talk)
    newer = actions.begin_talk(TalkTheme.CONSENT, "And consent?", by=amina)
    assert read(newer, outside) == ["And consent?"]
    assert rules.join_talk.permits(outside, newer)


def test_who_leaves_can_open_nothing_more_and_the_others_go_on(talk, amina, boris):
    actions.leave_circle(by=boris)

    assert read(talk, boris) == []
    assert not rules.join_talk.permits(boris, talk)
    actions.answer_talk(talk, "Go on.", by=amina)
    assert read(talk, amina) == ["What do you ask first?", "Go on."]
    assert CircleMembership.objects.get(person=boris).ending == CircleEnding.LEFT
    with pytest.raises(Changed):
        actions.leave_circle(by=boris)


def test_what_nobody_else_could_open_goes_with_whoever_leaves(talk, amina, boris):
    actions.leave_circle(by=boris)
    actions.leave_circle(by=amina)

    assert not Talk.objects.exists()
    assert not CompartmentKey.objects.filter(case=talk.pk).exists()


def test_a_place_ends_with_its_certificate_and_comes_back_with_the_next(
    talk, amina, boris, achievement
):
    with time_machine.travel(timezone.now() + timedelta(days=2 * 365 + 31)):
        assert rules.find_place(amina) is None  # before the clock comes by
        credentials.issue(achievement, boris)
        mail.outbox.clear()
        call_command("tend_circle")

        assert CircleMembership.objects.get(person=amina).ending == CircleEnding.RAN_OUT
        assert rules.find_place(boris) is not None
        assert read(talk, amina) == []
        credentials.issue(achievement, amina)
        actions.join_circle(by=amina)


def test_a_certificate_that_is_taken_back_ends_the_place_at_once(amina, coordinator):
    certificate = Certificate.objects.get(learner=amina)

    credentials.revoke(certificate, reason=Certificate.Reason.MISTAKE, by=coordinator)

    assert CircleMembership.objects.get(person=amina).ending == CircleEnding.RAN_OUT


def test_whoever_began_a_talk_takes_it_back_with_every_answer(talk, amina, boris):
    with pytest.raises(PermissionDenied):
        actions.withdraw_talk(talk, by=boris)

    was = Talk(pk=talk.pk)
    actions.withdraw_talk(talk, by=amina)

    assert read(was, boris) == []
    assert not Talk.objects.exists()


def test_a_talk_is_destroyed_three_months_after_its_last_word(talk, boris):
    with time_machine.travel(timezone.now() + timedelta(days=80)):
        actions.answer_talk(talk, "Still here.", by=boris)
    with time_machine.travel(timezone.now() + timedelta(days=100)):
        call_command("tend_circle")
        assert Talk.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(days=171)):
        call_command("tend_circle")
        assert not Talk.objects.exists()
    assert not CompartmentKey.objects.filter(case=talk.pk).exists()


def test_a_clinic_is_told_to_the_circle_in_a_message_that_says_nothing(
    amina, boris, outside, trainer, django_capture_on_commit_callbacks
):
    soon = timezone.now() + timedelta(days=3)
    said = {"where": "Hall 2", "about": "One minute alone"}
    with pytest.raises(Refused):
        actions.announce_clinic(soon, **said, by=outside)
    with pytest.raises(Refused, match="in the future"):
        actions.announce_clinic(timezone.now() - timedelta(1), **said, by=trainer)

    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        found = actions.announce_clinic(soon, **said, by=amina)

    assert [message.to for message in mail.outbox] == [[boris.email]]
    assert "Hall" not in mail.outbox[0].body
    with pytest.raises(PermissionDenied):
        actions.cancel_clinic(found, by=boris)
    actions.cancel_clinic(found, by=trainer)
    assert not Gathering.objects.exists()


def test_no_word_of_the_circle_is_in_the_log(talk, boris):
    actions.answer_talk(talk, "Where they slept.", by=boris)

    events = AuditEvent.objects.values_list("did", flat=True)
    assert {"began talk in circle", "answered in circle"} <= set(events)
    assert "slept" not in str(list(AuditDetail.objects.values()))


@pytest.mark.parametrize("who", ["amina", "boris", "outside", "trainer", "stranger"])
def test_the_one_and_the_list_agree(request, talk, who):
    user = request.getfixturevalue(who)
    every = Talk.objects.all()

    for rule in (rules.join_talk, rules.take_back_talk):
        assert rule.permits(user, talk) == (talk in rule.among(every, user))
