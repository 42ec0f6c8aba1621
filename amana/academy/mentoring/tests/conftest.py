"""A mentor, somebody who looks for one, and those who bring them together."""

from amana import given
from amana.academy.courses import actions as courses
from amana.academy.courses.tests.courses import small_course
from amana.academy.mentoring import actions
from amana.academy.mentoring.models import Pair, Side, Wish
from amana.trust.access.models import Role, User
from tests.worlds import kept


@kept
def coordinator(db: None) -> User:
    return given.a_worker(role=Role.COORDINATOR)


@kept
def mentor(db: None) -> User:
    return given.unlocked(given.a_worker(role=Role.TRAINER, name="Mara Mentor"))


@kept
def mentee(coordinator: User) -> User:
    found = given.unlocked(given.a_worker(name="Lina Learner"))
    version = courses.publish(small_course(), by=coordinator)
    courses.begin(version, by=found)
    return found


@kept
def stranger(db: None) -> User:
    return given.unlocked(given.a_worker(role=Role.SUPERVISOR))


@kept
def offers(mentor: User) -> Wish:
    return actions.wish(
        Side.MENTOR, sector="health", languages=["en", "ar"], most=1, by=mentor
    )


@kept
def looks(mentee: User) -> Wish:
    return actions.wish(Side.MENTEE, sector="health", languages=["ar"], by=mentee)


@kept
def proposed(looks: Wish, offers: Wish, coordinator: User) -> Pair:
    return actions.propose(looks, offers, months=3, by=coordinator)


@kept
def agreed(proposed: Pair, mentor: User, mentee: User) -> Pair:
    actions.agree(proposed, by=mentor)
    actions.agree(proposed, by=mentee)
    return proposed
