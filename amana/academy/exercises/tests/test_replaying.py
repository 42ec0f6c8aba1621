"""An exercise is played another way from a moment that was kept; both are compared."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from amana import given
from amana.academy.exercises import actions, replaying
from amana.academy.exercises.models import Exercise, PlayMode
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.access.rules import Denied
from amana.ui import once

from .conftest import CODE

HOURS = timedelta(hours=5)


@pytest.fixture
def played(exercise: Exercise) -> Exercise:
    """An exercise of which a moment was kept, as its process keeps it."""
    start = actions.get_scenario(CODE).scenario.start
    moment = exercise.folder.moments / "01"
    moment.mkdir(parents=True)
    for name in ("amana.sqlite3", "stage.jsonl", "audit-log.key"):
        (moment / name).write_text(f"then: {name}")
        (exercise.folder.path / name).write_text(f"now: {name}")
    described = {"codes": ["the_cook"], "at": (start + HOURS).isoformat()}
    (moment / "moment.json").write_text(json.dumps(described))
    (exercise.folder.moments / "being-copied").mkdir()
    exercise.folder.write_scores({"seen_alone": "absent"})
    return exercise


def test_a_replay_is_what_the_exercise_was_and_leaves_it_as_it_is(
    played: Exercise, trainer: User, learners: list[User]
) -> None:
    actions.take_seat(played, "nurse", by=learners[0])
    replay = replaying.replay_exercise(played, 1, by=trainer)
    folder = replay.folder
    for name in ("amana.sqlite3", "stage.jsonl", "audit-log.key"):
        assert (folder.path / name).read_text() == f"then: {name}"
        assert (played.folder.path / name).read_text() == f"now: {name}"
    plan, before = folder.read_plan(), played.folder.read_plan()
    assert plan == before | {"from": plan["from"]}
    assert folder.is_built
    assert folder.read_played() == frozenset()
    assert not replay.seats.exists()
    assert folder.read_scores() == {}
    assert folder.path.stat().st_mode & 0o777 == 0o700
    assert (replay.cohort, replay.original) == (played.cohort, played)


def test_those_who_lead_replay_it_and_no_player(
    played: Exercise, learners: list[User], trainer: User
) -> None:
    with pytest.raises(Denied):
        replaying.replay_exercise(played, 1, by=learners[0])
    with pytest.raises(Refused, match="was not kept"):
        replaying.replay_exercise(played, 2, by=trainer)
    assert Exercise.objects.count() == 1


def test_who_plays_alone_tries_one_way_at_a_time(
    played: Exercise, learners: list[User]
) -> None:
    own = Exercise.objects.filter(pk=played.pk)
    own.update(mode=PlayMode.ALONE, opened_by=learners[0])
    alone = own.get()
    with pytest.raises(Refused, match="Close that one first"):
        replaying.replay_exercise(alone, 1, by=learners[0])
    actions.close_exercise(alone, by=learners[0])
    replay = replaying.replay_exercise(alone, 1, by=learners[0])
    assert replay.mode == PlayMode.ALONE
    with pytest.raises(Refused, match="Close that one first"):
        replaying.replay_exercise(alone, 1, by=learners[0])


def test_its_moments_are_offered_with_what_came_and_what_is_asked(
    played: Exercise, trainer: User, learners: list[User], stranger: User
) -> None:
    there = reverse("scenarios:moments", args=[played.pk])
    page = given.sign_in(trainer).get(there).content.decode()
    assert "10 May, 14:00" in page
    assert "must take her quickly" in page
    for person in (learners[0], stranger):
        assert given.sign_in(person).get(there).status_code == 404


def test_both_ways_are_compared_on_a_page(
    played: Exercise, trainer: User, learners: list[User], stranger: User
) -> None:
    leads = given.sign_in(trainer)
    to = reverse("scenarios:replay", args=[played.pk, 1])
    page = leads.post(to, once.make_form_key(), follow=True).content.decode()
    assert "played again from 10 May, 14:00" in page
    replay = Exercise.objects.get(replays=played)
    again = replaying.replay_exercise(played, 1, by=trainer)
    again.folder.write_scores({"seen_alone": "met"})
    for exercise in (played, replay):
        there = reverse("scenarios:compare", args=[exercise.pk])
        page = given.sign_in(learners[0]).get(there).content.decode()
        assert page.count("Played again from 10 May, 14:00") == 2
        assert page.count("no verdicts yet") == 1
        row = page.partition("seen alone before the screening")[2]
        row = row.partition("</section>")[0]
        assert row.index("absent") < row.index("–") < row.index(">met")
        assert given.sign_in(stranger).get(there).status_code == 404


def test_a_replay_stays_when_the_first_one_is_forgotten(
    played: Exercise, trainer: User, var: Path
) -> None:
    replay = replaying.replay_exercise(played, 1, by=trainer)
    actions.close_exercise(played, by=trainer)
    actions.forget(played)
    assert not played.folder.path.exists()
    assert replay.folder.path.exists()
    (way,) = replaying.list_plays(replay, trainer)
    assert way.exercise == replay
