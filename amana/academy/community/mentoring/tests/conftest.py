"""A mentor, somebody who looks for one, and those who bring them together."""

from amana import given
from amana.academy.community.mentoring import actions
from amana.academy.community.mentoring.models import MentoringSide, MentoringWish, Pair
from amana.academy.courses import actions as courses
from amana.academy.courses.tests.courses import small_course
from amana.trust.access.models import Role, User
from tests.worlds import kept


@kept
def coordinator(db: None) -> User:
    return given.make_worker(role=Role.COORDINATOR)


@kept
def mentor(db: None) -> User:
    return given.unlock_user(given.make_worker(role=Role.TRAINER, name="Mara Mentor"))


@kept
def mentee(coordinator: User) -> User:
    found = given.unlock_user(given.make_worker(name="Lina Learner"))
    version = courses.publish_version(small_course(), by=coordinator)
    courses.begin_course(version, by=found)
    return found


@kept
def stranger(db: None) -> User:
    return given.unlock_user(given.make_worker(role=Role.SUPERVISOR))


@kept
def offers(mentor: User) -> MentoringWish:
    return actions.record_wish(
        MentoringSide.MENTOR, sector="health", languages=["en", "ar"], most=1, by=mentor
    )


@kept
def looks(mentee: User) -> MentoringWish:
    return actions.record_wish(
        MentoringSide.MENTEE, sector="health", languages=["ar"], by=mentee
    )


@kept
def proposed(looks: MentoringWish, offers: MentoringWish, coordinator: User) -> Pair:
    return actions.propose_pair(looks, offers, months=3, by=coordinator)


@kept
def agreed(proposed: Pair, mentor: User, mentee: User) -> Pair:
    actions.agree_to_pair(proposed, by=mentor)
    actions.agree_to_pair(proposed, by=mentee)
    return proposed
