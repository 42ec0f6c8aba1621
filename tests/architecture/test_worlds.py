"""What tests begin with is kept for the next one, who finds it as it was made."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.core import mail

from amana import given
from amana.trust.access.models import Team, User
from tests import worlds
from tests.architecture.code import ROOT
from tests.worlds import kept


@kept
def team(db: None) -> Team:
    return given.make_team(name="Of the first day")


@kept
def founder(team: Team) -> User:
    return given.make_worker(of=team, name="Founder")


@kept
def stranger(db: None) -> User:
    return given.make_worker(name="Stranger")


@pytest.mark.parametrize("time", [1, 2])
def test_each_test_finds_what_was_made_as_it_was_made(
    time: int, founder: User, team: Team
) -> None:
    assert founder.memberships.get().team == team
    assert [user.name for user in User.objects.all()] == ["Founder"]
    assert (team.name, Team.objects.get().name) == ("Of the first day",) * 2
    assert mail.outbox == []

    # A colleague is let in by the founder, whose keys are at hand.
    colleague = given.make_worker(of=team)
    given.set_founder(team, by=colleague)
    Team.objects.update(name="Another")
    team.name = founder.name = "Another"
    mail.outbox.append(mail.EmailMessage("A letter"))


def test_what_is_not_asked_for_is_not_there(team: Team) -> None:
    assert not User.objects.exists()
    assert Team.objects.get() == team


def test_what_most_ask_for_lies_lowest(stranger: User, team: Team) -> None:
    assert [name for name, _make in worlds.WORLD.asked] == ["team", "stranger"]
    assert [user.name for user in User.objects.all()] == ["Stranger"]
    assert team in Team.objects.all()


def test_what_is_asked_for_too_is_laid_on_what_is_there(
    team: Team, founder: User, stranger: User, request: pytest.FixtureRequest
) -> None:
    world = worlds.World()
    asked = worlds.WORLD.asked
    world.become(asked[:1], request)
    lowest = world.layers[0]
    world.become(asked, request)

    assert world.layers[0] is lowest
    assert world.layers[-1].state.things["team"] is not lowest.state.things["team"]
    world.end()
    assert [user.name for user in User.objects.order_by("pk")] == [
        founder.name,
        stranger.name,
    ]


@pytest.mark.django_db(transaction=True)
def test_a_test_that_commits_begins_with_nothing() -> None:
    assert worlds.WORLD.asked == ()
    assert not Team.objects.exists()


def test_objects_of_one_test_belong_together(founder: User, team: Team) -> None:
    assert founder.memberships.get().team == team
    assert given.people._founders[team.pk] is founder


AS_DJANGO_DOES = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
QUICKLY = "import django; django.setup(); import tests.databases as t; t.migrate()"


@pytest.mark.nightly
def test_what_is_migrated_quickly_is_what_django_migrates(tmp_path: Path) -> None:
    begun = {}
    for name, words in {
        "django": [*AS_DJANGO_DOES, "--run-syncdb"],
        "ours": [sys.executable, "-c", QUICKLY],
    }.items():
        var = tmp_path / name
        var.mkdir()
        env = os.environ | {"AMANA_VAR": str(var), "DATABASE_URL": ""}
        env["DJANGO_SETTINGS_MODULE"] = "amana.settings"
        subprocess.run(words, cwd=ROOT, env=env, check=True)
        begun[name] = everything_in(var / "amana.sqlite3")
    assert len(begun["django"]) > 500
    assert begun["ours"] == begun["django"]


def everything_in(file: Path) -> list[tuple[object, ...]]:
    """Read how a database is made, and how many rows each table has."""
    with sqlite3.connect(file) as database:
        made = database.execute(
            "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
        ).fetchall()
        tables = [name for kind, name, _sql in made if kind == "table"]
        return made + [
            (table, *database.execute(f'SELECT count(*) FROM "{table}"').fetchone())
            for table in tables
        ]
