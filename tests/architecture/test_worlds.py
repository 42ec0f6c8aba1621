"""What tests begin with is kept for the next one, who finds it as it was made."""

import pytest
from django.core import mail

from amana import given
from amana.trust.access.models import Team, User
from tests import worlds
from tests.worlds import kept

made: list[str] = []


@kept
def team(db: None) -> Team:
    made.append("team")
    return given.a_team(name="Of the first day")


@kept
def founder(team: Team) -> User:
    made.append("founder")
    return given.a_worker(of=team, name="Founder")


@kept
def stranger(db: None) -> User:
    made.append("stranger")
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
    assert made == ["team", "founder"]


def test_what_is_not_asked_for_is_not_there(team: Team) -> None:
    assert not User.objects.exists()
    assert Team.objects.get() == team


def test_what_most_ask_for_is_made_once(team: Team, stranger: User) -> None:
    assert [user.name for user in User.objects.all()] == ["Stranger"]
    assert made.count("team") == 1


@pytest.mark.django_db(transaction=True)
def test_a_test_that_commits_begins_with_nothing() -> None:
    assert worlds.WORLD.asked == ()
    assert not Team.objects.exists()


def test_objects_of_one_test_belong_together(founder: User, team: Team) -> None:
    assert founder.memberships.get().team == team
    assert given._founders[team.pk] is founder
