"""What was played is in the certificate, bound by the hash of its log; and an exercise
renews one in place of a test."""

from datetime import timedelta

import pytest
from django.utils import timezone

from amana.academy.assessment.engine.requirements import LearnerRecord, list_lacks
from amana.academy.courses.content import load_content
from amana.academy.courses.learner_progress import load_progress
from amana.academy.courses.models import Enrolment
from amana.academy.credentials import actions as credentials
from amana.academy.credentials import checking
from amana.academy.credentials.engine.verdicts import VerificationOutcome
from amana.academy.credentials.paper import badge_pictures
from amana.academy.exercises import actions, evidence
from amana.academy.exercises.accounts import OBSERVER_SEAT
from amana.academy.exercises.models import Exercise, ExerciseSeat, PlayMode
from amana.errors import Refused
from amana.trust.access.models import User

ROOT = "ab" * 32
FORGED = "cd" * 32


@pytest.fixture
def ended(exercise: Exercise, learners: list[User]) -> Exercise:
    """An exercise whose process has kept its result at the end."""
    actions.take_seat(exercise, "nurse", by=learners[0])
    verdicts = ["met", "met", "met", "absent", "pending", "not_tested"]
    exercise.folder.write_scores({f"c{at}": v for at, v in enumerate(verdicts)})
    exercise.folder.write_log_head(312, ROOT)
    return exercise


@pytest.fixture
def enrolment(learners: list[User]) -> Enrolment:
    return learners[0].enrolments.get()


def find_certification(enrolment: Enrolment):
    return load_content(enrolment.version).certificates[0]


def list_evidence(enrolment: Enrolment):
    return list(evidence.iterate_evidence(enrolment, find_certification(enrolment)))


def test_what_was_played_is_bound_by_its_log(
    ended: Exercise, enrolment: Enrolment
) -> None:
    [played] = list_evidence(enrolment)
    assert (played.genre, played.sha256) == ("exercise", ROOT)
    assert "Criteria of conduct that came up: 4; met by those who played: 3." in (
        played.narrative
    )
    assert "312 entries" in played.narrative
    assert enrolment.person.name not in played.narrative


def test_a_forged_hash_is_found(ended: Exercise, enrolment: Enrolment) -> None:
    achievement = credentials.define(
        "played",
        version=1,
        name="Played",
        description="d",
        criteria="c",
        months=None,
        by=None,
    )
    certificate = credentials.issue(
        achievement, enrolment.person, evidence=list_evidence(enrolment)
    )
    whole = badge_pictures.write_json(certificate)
    assert ROOT in whole
    found = checking.check_certificate(whole.encode())
    assert found.outcome == VerificationOutcome.VALID
    forged = checking.check_certificate(whole.replace(ROOT, FORGED).encode())
    assert forged.outcome == VerificationOutcome.ALTERED


def test_an_exercise_that_has_not_ended_is_no_evidence(
    exercise: Exercise, learners: list[User], enrolment: Enrolment
) -> None:
    actions.take_seat(exercise, "nurse", by=learners[0])
    assert list_evidence(enrolment) == []


def test_who_only_watched_or_had_no_seat_did_not_play(
    ended: Exercise, learners: list[User]
) -> None:
    ExerciseSeat.objects.create(
        exercise=ended, person=learners[1], seat=OBSERVER_SEAT, number=1
    )
    for learner in learners[1:3]:
        assert list_evidence(learner.enrolments.get()) == []


def test_the_result_is_kept_when_the_installation_is_removed(
    ended: Exercise, enrolment: Enrolment, trainer: User
) -> None:
    actions.close_exercise(ended, by=trainer)
    Exercise.objects.filter(pk=ended.pk).update(
        closed_at=timezone.now() - actions.KEPT - timedelta(days=1)
    )
    actions.forget_old()
    ended.refresh_from_db()
    assert ended.forgotten_at
    assert (ended.log_size, ended.log_root) == (312, ROOT)
    assert (ended.criteria_met, ended.criteria_tested) == (3, 4)
    assert [played.sha256 for played in list_evidence(enrolment)] == [ROOT]


def test_a_result_that_was_kept_stays_whatever_the_folder_says_later(
    ended: Exercise,
) -> None:
    actions.keep_result(ended)
    ended.folder.write_log_head(400, FORGED)
    assert actions.keep_result(ended).log_root == ROOT


@pytest.mark.parametrize(
    ("met", "tested", "passed"),
    [
        (3, 4, True),
        (2, 4, False),
        (0, 0, False),
        (6, 8, True),
        (5, 8, False),
        (3, 3, False),
    ],
)
def test_three_of_four_criteria_pass(met: int, tested: int, passed: bool) -> None:
    exercise = Exercise(criteria_met=met, criteria_tested=tested)
    assert exercise.is_passed == passed


def test_no_one_sits_down_after_the_end(ended: Exercise, learners: list[User]) -> None:
    with pytest.raises(Refused, match="ended"):
        actions.take_seat(ended, "nurse", by=learners[1])


def test_what_was_played_alone_is_no_evidence(
    ended: Exercise, enrolment: Enrolment
) -> None:
    Exercise.objects.filter(pk=ended.pk).update(mode=PlayMode.ALONE)
    assert list_evidence(enrolment) == []


def test_an_exercise_renews_in_place_of_the_test(
    ended: Exercise, enrolment: Enrolment
) -> None:
    today = timezone.localdate()
    assert evidence.has_passed_since(enrolment, today)
    assert not evidence.has_passed_since(enrolment, today + timedelta(days=1))
    certification = find_certification(enrolment)
    course, progress = load_content(enrolment.version), load_progress(enrolment)
    code = certification.code
    missing = LearnerRecord(to_renew={code}, name_chosen=True)
    without = list_lacks(certification, course, progress, missing)
    assert [lack.kind for lack in without] == ["refresher"]
    played = LearnerRecord(to_renew={code}, name_chosen=True, exercised={code})
    assert list_lacks(certification, course, progress, played) == []
