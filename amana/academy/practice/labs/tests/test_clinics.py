from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.utils import timezone

from amana import given
from amana.academy import circle
from amana.academy.cohorts import actions as cohorts
from amana.academy.practice.labs import actions
from amana.academy.practice.labs.models import (
    NEXT,
    Clinic,
    ClinicMessage,
    ClinicStage,
)
from amana.errors import Changed
from amana.trust.vault.models import CompartmentKey

Kind = ClinicMessage.Kind


def heard(clinic, by):
    return [
        content["text"]
        for content in circle.open_messages(clinic.pk, by=by, purpose="").values()
    ]


def test_the_circle_hears_it_and_nobody_else(
    clinic, learners, trainer, stranger, coordinator
):
    for learner in (*learners, trainer):
        assert heard(clinic, learner) == ["A young person."]
    assert heard(clinic, stranger) == []
    assert heard(clinic, given.unlock_user(coordinator)) == []


def test_whoever_joins_later_is_not_in_this_circle(clinic, cohort, trainer):
    late = given.unlock_user(given.make_worker())
    cohorts.accept_place(cohorts.invite_person(cohort, late, by=trainer), by=late)

    assert heard(clinic, late) == []


def test_nobody_advises_before_the_circle_has_asked(clinic, learners):
    presenter, other, *_rest = learners
    with pytest.raises(Changed):
        actions.write_message(clinic, Kind.ADVICE, "Do this.", by=other)
    actions.write_message(clinic, Kind.QUESTION, "Is she safe tonight?", by=other)
    actions.write_message(clinic, Kind.ANSWER, "With a friend.", by=presenter)
    with pytest.raises(Changed):
        actions.write_message(clinic, Kind.QUESTION, "And me?", by=presenter)

    actions.advance(clinic, to=ClinicStage.ADVICE, by=presenter)
    actions.write_message(clinic, Kind.ADVICE, "Ask her.", by=other)
    with pytest.raises(Changed):  # who presents the case listens
        actions.write_message(clinic, Kind.ANSWER, "I did.", by=presenter)
    actions.advance(clinic, to=ClinicStage.RESPONSE, by=presenter)
    actions.write_message(clinic, Kind.ANSWER, "Thank you.", by=presenter)
    actions.advance(clinic, to=ClinicStage.COMMITMENT, by=presenter)
    with pytest.raises(Changed):
        actions.write_message(clinic, Kind.COMMITMENT, "I will.", by=other)
    actions.write_message(clinic, Kind.COMMITMENT, "I will ask her.", by=presenter)

    assert len(heard(clinic, other)) == 6


def test_only_whoever_brought_it_goes_on_and_no_stage_is_left_out(clinic, learners):
    presenter, other, *_rest = learners
    with pytest.raises(PermissionDenied):
        actions.advance(clinic, to=ClinicStage.ADVICE, by=other)
    for stage in (ClinicStage.COMMITMENT, ClinicStage.CLOSED, ClinicStage.QUESTIONS):
        with pytest.raises(Changed):
            actions.advance(clinic, to=stage, by=presenter)


def test_whoever_brought_it_takes_it_back_with_every_word(clinic, learners):
    presenter, other, *_rest = learners
    with pytest.raises(PermissionDenied):
        actions.destroy(clinic, by=other)
    pk = clinic.pk

    actions.destroy(clinic, by=presenter)

    assert not CompartmentKey.objects.filter(case=pk).exists()
    assert not ClinicMessage.objects.exists()


def test_a_month_after_its_end_every_word_is_destroyed(clinic, learners):
    while clinic.stage != ClinicStage.CLOSED:
        actions.advance(clinic, to=NEXT[ClinicStage(clinic.stage)], by=learners[0])
    call_command("forget_clinics")
    assert Clinic.objects.exists()

    with time_machine.travel(timezone.now() + timedelta(days=31)):
        call_command("forget_clinics")

    assert not Clinic.objects.exists()
    assert not CompartmentKey.objects.filter(case=clinic.pk).exists()


def test_what_was_closed_lately_is_not_forgotten(clinic):
    assert actions.forget_old() == 0
