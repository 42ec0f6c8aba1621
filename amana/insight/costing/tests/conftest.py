"""Who costs the mechanism in force, who only reads it, and who has nothing to do with
it."""

from django.conf import settings

from amana import given
from amana.design.mechanism import actions as mechanisms
from amana.design.mechanism.models import Version
from amana.trust.access.models import Role, User
from tests.worlds import kept


@kept
def coordinator(db: None) -> User:
    return given.a_worker(role=Role.COORDINATOR, name="Coordinator")


@kept
def analyst(db: None) -> User:
    return given.a_worker(role=Role.ANALYST, name="Analyst")


@kept
def authority(db: None) -> User:
    return given.a_worker(role=Role.AUTHORITY, name="Authority")


@kept
def stranger(db: None) -> User:
    return given.a_worker(role=Role.SUPERVISOR, name="Stranger")


@kept
def version(coordinator: User) -> Version:
    return mechanisms.adopt_shipped(
        settings.ROOT / "mechanisms/example", by=coordinator
    )
