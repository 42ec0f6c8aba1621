"""A mentor, somebody who looks for one, and those who bring them together."""

from collections.abc import Callable

import pytest

from amana import given
from amana.academy.courses import actions as courses
from amana.academy.courses.tests.courses import small_course
from amana.academy.mentoring import actions
from amana.academy.mentoring.models import Pair, Side, Wish
from amana.trust.access.models import Role, User


@pytest.fixture
def coordinator(db: None) -> User:
    return given.a_worker(role=Role.COORDINATOR)


@pytest.fixture
def mentor(db: None) -> User:
    return given.unlocked(given.a_worker(role=Role.TRAINER, name="Mara Mentor"))


@pytest.fixture
def mentee(coordinator: User) -> User:
    found = given.unlocked(given.a_worker(name="Lina Learner"))
    version = courses.publish(small_course(), by=coordinator)
    courses.begin(version, by=found)
    return found


@pytest.fixture
def stranger(db: None) -> User:
    return given.unlocked(given.a_worker(role=Role.SUPERVISOR))


@pytest.fixture
def offers(mentor: User) -> Wish:
    return actions.wish(
        Side.MENTOR, sector="health", languages=["en", "ar"], most=1, by=mentor
    )


@pytest.fixture
def looks(mentee: User) -> Wish:
    return actions.wish(Side.MENTEE, sector="health", languages=["ar"], by=mentee)


@pytest.fixture
def proposed(looks: Wish, offers: Wish, coordinator: User) -> Pair:
    return actions.propose(looks, offers, months=3, by=coordinator)


@pytest.fixture
def agreed(proposed: Pair, mentor: User, mentee: User) -> Pair:
    actions.agree(proposed, by=mentor)
    actions.agree(proposed, by=mentee)
    return proposed


type Written = Callable[[User], dict[str, object]]
