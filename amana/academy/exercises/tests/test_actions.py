"""An exercise is opened for a cohort, its seats are taken, and it is forgotten."""

import fcntl
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from amana.academy.cohorts.models import Cohort
from amana.academy.exercises import actions, rules
from amana.academy.exercises.models import KIND, Exercise, PlayMode
from amana.academy.exercises.shipped_scenarios import load_scenarios
from amana.academy.sandboxes import processes
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.access.rules import Denied

from .conftest import CODE


def test_every_scenario_that_comes_along_can_be_opened(
    cohort: Cohort, trainer: User, var: Path
) -> None:
    assert len(load_scenarios()) == 5
    for code in load_scenarios():
        folder = actions.open_exercise(cohort, code, by=trainer).folder
        assert (folder.mechanism / "mechanism.yaml").exists()
        assert folder.scenario.read_bytes() == load_scenarios()[code].content
        assert not folder.is_built


def test_its_folder_is_read_by_its_own_user_alone(exercise: Exercise) -> None:
    assert exercise.folder.path.stat().st_mode & 0o777 == 0o700
    secret = exercise.folder.read_plan()["secret"]
    assert len(secret) == 64


def test_those_who_lead_the_cohort_open_one_and_no_one_else(
    cohort: Cohort, learners: list[User], stranger: User, var: Path
) -> None:
    for person in (learners[0], stranger):
        with pytest.raises(Denied):
            actions.open_exercise(cohort, CODE, by=person)
    assert not (var / "exercises").exists()


def test_a_scenario_that_does_not_exist_is_refused(
    cohort: Cohort, trainer: User, var: Path
) -> None:
    with pytest.raises(Refused, match="no such scenario"):
        actions.open_exercise(cohort, "none", by=trainer)


def test_seats_are_taken_one_each_until_they_are_full(
    exercise: Exercise, learners: list[User], trainer: User
) -> None:
    """The mediators' seat has three places."""
    taken = [actions.take_seat(exercise, "mediator", by=who) for who in learners[:3]]
    assert [seat.account for seat in taken] == [
        *("mediator-1", "mediator-2", "mediator-3")
    ]
    with pytest.raises(Refused, match="All 3 places"):
        actions.take_seat(exercise, "mediator", by=learners[3])
    actions.leave_seat(exercise, by=learners[1])
    assert actions.take_seat(exercise, "mediator", by=trainer).number == 2
    actions.take_seat(exercise, "nurse", by=learners[0])
    assert exercise.seats.count() == 3
    with pytest.raises(Refused, match="no such seat"):
        actions.take_seat(exercise, "minister", by=learners[3])


def test_a_seat_that_is_refused_costs_no_one_theirs(
    exercise: Exercise, learners: list[User]
) -> None:
    actions.take_seat(exercise, "nurse", by=learners[3])
    for who in learners[:3]:
        actions.take_seat(exercise, "mediator", by=who)
    with pytest.raises(Refused):
        actions.take_seat(exercise, "mediator", by=learners[3])
    assert exercise.seats.get(person=learners[3]).seat == "nurse"


def test_scripts_are_told_which_seats_people_play(
    exercise: Exercise,
    learners: list[User],
    django_capture_on_commit_callbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        actions.take_seat(exercise, "nurse", by=learners[0])
        actions.take_seat(exercise, "ward", by=learners[1])
    assert exercise.folder.read_played() == {"nurse", "ward"}
    with django_capture_on_commit_callbacks(execute=True):
        actions.leave_seat(exercise, by=learners[1])
    assert exercise.folder.read_played() == {"nurse"}


def test_around_one_screen_a_seat_that_is_left_stays_with_those_who_play(
    cohort: Cohort,
    trainer: User,
    learners: list[User],
    var: Path,
    django_capture_on_commit_callbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        exercise = actions.open_exercise(cohort, CODE, mode=PlayMode.TABLE, by=trainer)
        for code in ("nurse", "ward"):
            actions.take_seat(exercise, code, by=trainer)
        actions.leave_seat(exercise, by=trainer)
    assert exercise.folder.read_played() == {"nurse", "ward"}
    assert exercise.folder.read_plan()["mode"] == "table"
    with django_capture_on_commit_callbacks(execute=True):
        actions.release_seat(exercise, "ward", by=trainer)
    assert exercise.folder.read_played() == {"nurse"}
    with pytest.raises(Refused, match="No one plays"):
        actions.release_seat(exercise, "ward", by=trainer)


def test_those_who_lead_free_a_seat_and_no_one_else(
    exercise: Exercise,
    trainer: User,
    learners: list[User],
    django_capture_on_commit_callbacks,
) -> None:
    actions.take_seat(exercise, "mediator", by=learners[0])
    actions.take_seat(exercise, "mediator", by=learners[1])
    with pytest.raises(Denied):
        actions.release_seat(exercise, "mediator", by=learners[1])
    with django_capture_on_commit_callbacks(execute=True):
        actions.release_seat(exercise, "mediator", by=trainer)
    assert exercise.folder.read_played() == frozenset()
    assert not exercise.seats.exists()


def test_a_learner_plays_alone_one_exercise_at_a_time_that_others_do_not_see(
    cohort: Cohort, trainer: User, learners: list[User], stranger: User, var: Path
) -> None:
    own = actions.open_exercise(cohort, CODE, mode=PlayMode.ALONE, by=learners[0])
    actions.take_seat(own, "nurse", by=learners[0])
    with pytest.raises(Refused, match="already play an exercise alone"):
        actions.open_exercise(cohort, CODE, mode=PlayMode.ALONE, by=learners[0])
    everything = Exercise.objects.all()
    seen = {
        who: rules.see.among(everything, who).exists()
        for who in (learners[0], learners[1], trainer, stranger)
    }
    assert [*seen.values()] == [True, False, True, False]
    with pytest.raises(Denied):
        actions.take_seat(own, "mediator", by=learners[1])
    with pytest.raises(Denied):
        actions.open_exercise(cohort, CODE, mode=PlayMode.ALONE, by=stranger)
    actions.close_exercise(own, by=learners[0])
    actions.open_exercise(cohort, CODE, mode=PlayMode.ALONE, by=learners[0])


def test_strangers_take_no_seat(exercise: Exercise, stranger: User) -> None:
    with pytest.raises(Denied):
        actions.take_seat(exercise, "nurse", by=stranger)


def test_a_closed_one_is_over_for_its_process_too(
    exercise: Exercise,
    trainer: User,
    learners: list[User],
    django_capture_on_commit_callbacks,
) -> None:
    with pytest.raises(Denied):
        actions.close_exercise(exercise, by=learners[0])
    with django_capture_on_commit_callbacks(execute=True):
        actions.close_exercise(exercise, by=trainer)
    exercise.refresh_from_db()
    assert exercise.folder.is_closed
    with pytest.raises(Refused, match="is closed"):
        actions.take_seat(exercise, "nurse", by=learners[0])
    with pytest.raises(Refused, match="is closed"):
        actions.close_exercise(exercise, by=trainer)


def test_a_month_after_it_was_closed_its_installation_is_gone(
    exercise: Exercise, trainer: User
) -> None:
    folder = exercise.folder.path
    actions.close_exercise(exercise, by=trainer)
    with time_machine.travel(timezone.now() + timedelta(days=29)):
        actions.forget_old()
    assert folder.exists()
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        actions.forget_old()
    assert not folder.exists()
    assert not Exercise.objects.kept().exists()


def test_one_that_no_one_closes_is_closed_after_half_a_year(
    exercise: Exercise,
) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=181)):
        actions.forget_old()
        exercise.refresh_from_db()
        assert exercise.closed_at is not None
        assert exercise.folder.path.exists()


def test_the_timer_does_it(exercise: Exercise, trainer: User) -> None:
    actions.close_exercise(exercise, by=trainer)
    Exercise.objects.update(closed_at=timezone.now() - timedelta(days=31))
    call_command("forget_exercises")
    assert not exercise.folder.path.exists()


# --- its process


def test_its_process_is_given_nothing_of_this_installation(
    exercise: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SECRET_KEY", "VAULT_PEPPERS", "DATABASE_URL", "MAIL_PASSWORD"):
        monkeypatch.setenv(name, f"the real {name}")
    environment = processes.build_environment(exercise)
    assert not any("the real" in value for value in environment.values())
    assert environment["AMANA_SANDBOX"] == str(exercise.folder.path)
    assert "AMANA_PRODUCTION" not in environment


def test_a_fifth_one_waits_until_another_is_left_alone(
    exercise: Exercise, cohort: Cohort, trainer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Exercise] = []
    monkeypatch.setattr(processes, "start", started.append)
    others = [
        actions.open_exercise(cohort, CODE, by=trainer) for _n in range(KIND.at_once)
    ]
    held = [other.folder.lock.open("a") for other in others]
    for file in held:
        fcntl.flock(file, fcntl.LOCK_EX)
    with pytest.raises(Refused, match="4 exercises already run"):
        processes.ensure_running(exercise)
    held.pop().close()
    assert not processes.ensure_running(exercise)
    assert started == [exercise]
    for file in held:
        file.close()


def test_one_that_starts_is_not_started_again(
    exercise: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "start", lambda _one: pytest.fail("started"))
    with exercise.folder.lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert not processes.ensure_running(exercise)


def test_a_path_that_no_socket_can_have_is_said(
    exercise: Exercise, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "LONGEST_SOCKET", 20)
    with pytest.raises(Refused, match="too long for exercises"):
        processes.ensure_running(exercise)


def test_who_watches_takes_a_place_and_plays_no_seat(
    exercise: Exercise,
    learners: list[User],
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        taken = [
            actions.take_seat(exercise, "the-observers", by=learner)
            for learner in learners[:4]
        ]
    assert [seat.account for seat in taken] == [
        f"the-observers-{number}" for number in (1, 2, 3, 4)
    ]
    with pytest.raises(Refused, match="All 4 places"):
        actions.take_seat(exercise, "the-observers", by=learners[4])
    assert exercise.folder.read_observers() == {seat.account for seat in taken}
    # Or each turn of the exercise would look for a seat that is not there.
    assert exercise.folder.read_played() == set()


def test_who_has_watched_plays_no_seat_and_leaves_no_sheet_to_others(
    exercise: Exercise, learners: list[User], trainer: User
) -> None:
    actions.take_seat(exercise, "the-observers", by=learners[0])
    actions.take_seat(exercise, "nurse", by=learners[0])  # nothing is there to see yet
    actions.take_seat(exercise, "the-observers", by=learners[0])
    exercise.folder.write_progress("Services", 1, 1)

    for act in (
        lambda: actions.take_seat(exercise, "nurse", by=learners[0]),
        lambda: actions.leave_seat(exercise, by=learners[0]),
        lambda: actions.release_seat(exercise, "the-observers", by=trainer),
    ):
        with pytest.raises(Refused):
            act()
    assert exercise.seats.get().account == "the-observers-1"


def test_who_leads_does_not_observe(
    exercise: Exercise, cohort: Cohort, trainer: User, learners: list[User], var: Path
) -> None:
    alone = actions.open_exercise(cohort, CODE, mode=PlayMode.ALONE, by=learners[0])
    for found, user in ((exercise, trainer), (alone, learners[0])):
        with pytest.raises(Refused, match="so you can’t observe it"):
            actions.take_seat(found, "the-observers", by=user)
    assert var.exists()
