"""Two who hold a certificate and are in the circle, one who could be, a trainer."""

from amana import given
from amana.academy.community.alumni import actions
from amana.academy.community.alumni.models import Talk, TalkTheme
from amana.academy.credentials import actions as credentials
from amana.academy.credentials.models import Achievement
from amana.trust.access.models import Role, User
from tests.worlds import kept


@kept
def coordinator(db: None) -> User:
    return given.make_worker(role=Role.COORDINATOR)


@kept
def trainer(db: None) -> User:
    return given.unlock_user(given.make_worker(role=Role.TRAINER))


@kept
def achievement(coordinator: User) -> Achievement:
    return credentials.define(
        "foundation",
        version=1,
        name="Foundation",
        description="Knows the ground.",
        criteria="Work that was judged.",
        months=24,
        by=coordinator,
    )


def certified(achievement: Achievement, name: str) -> User:
    found = given.unlock_user(given.make_worker(name=name))
    credentials.issue(achievement, found)
    return found


@kept
def amina(achievement: Achievement) -> User:
    found = certified(achievement, "Amina Alumna")
    actions.join_circle(by=found)
    return found


@kept
def boris(achievement: Achievement) -> User:
    found = certified(achievement, "Boris Alumnus")
    actions.join_circle(by=found)
    return found


@kept
def outside(achievement: Achievement) -> User:
    """Holds one too, and has not joined."""
    return certified(achievement, "Chen Outside")


@kept
def stranger(db: None) -> User:
    return given.unlock_user(given.make_worker(role=Role.SUPERVISOR))


@kept
def talk(amina: User, boris: User) -> Talk:
    return actions.begin_talk(TalkTheme.SIGNS, "What do you ask first?", by=amina)
