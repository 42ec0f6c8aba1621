"""What tests begin with is kept for the next one, who finds it as it was made."""

import pytest
from django.core import mail

from amana import given
from amana.trust.access.models import Team, User
from tests import worlds
from tests.worlds import kept


@kept
def team(db: None) -> Team:
    return given.a_team(name="Of the first day")


@kept
def founder(team: Team) -> User:
    return given.a_worker(of=team, name="Founder")


@kept
def stranger(db: None) -> User:
    return given.a_worker(name="Stranger")


@pytest.mark.parametrize("time", [1, 2])
def test_each_test_finds_what_was_made_as_it_was_made(
    time: int, founder: User, team: Team
) -> None:
    assert founder.memberships.get().team == team
    assert [user.name for user in User.objects.all()] == ["Founder"]
    assert (team.name, Team.objects.get().name) == ("Of the first day",) * 2
    assert mail.outbox == []

    # A colleague is let in by the founder, whose keys are at hand.
    colleague = given.a_worker(of=team)
    given.founded(team, by=colleague)
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
    assert given._founders[team.pk] is founder
