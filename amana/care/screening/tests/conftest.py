"""The usual cast: who screens at a border post, a shelter that takes it on."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from amana import given
from amana.care.screening.events import screening_finished
from amana.care.screening.models import Screening
from amana.care.screening.tests.pack import write_pack
from amana.design.mechanism import actions as mechanisms
from amana.design.mechanism.models import Version
from amana.trust.access.models import Role, Sphere, Team, User
from tests.worlds import kept

SIGNS: dict[str, Any] = {
    "age_group": "adult",
    "forced": "yes",
    "papers_held": "yes",
    "threatened": "no",
    "words": "canary: they took it all",
    "name": "canary Amal",
    "reach": "canary: at the mosque after prayers",
}


@pytest.fixture(scope="session")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pack(tmp_path_factory.mktemp("mechanism"))


@kept
def mechanism(db: None, pack: Path) -> Version:
    coordinator = given.make_worker(role=Role.COORDINATOR)
    return mechanisms.adopt_shipped(pack, by=coordinator)


@kept
def officer(db: None) -> User:
    border = given.make_organisation(sphere=Sphere.BORDER)
    return given.make_worker(of=given.make_team(of=border), role=Role.SCREENER)


@kept
def post(officer: User) -> Team:
    return officer.memberships.get().team


@kept
def shelter_worker(db: None) -> User:
    return given.make_worker()


@kept
def shelter(shelter_worker: User) -> Team:
    return shelter_worker.memberships.get().team


@kept
def stranger(db: None) -> User:
    return given.make_worker()


@kept
def screening(mechanism: Version, officer: User) -> Screening:
    return given.make_screening(by=officer, version=mechanism, **SIGNS)


@pytest.fixture
def heard() -> Any:
    """What screenings have announced."""
    said: list[dict[str, Any]] = []

    def hear(sender: object, **about: Any) -> None:
        said.append(about)

    screening_finished.connect(hear, weak=False)
    yield said
    screening_finished.disconnect(hear)


def in_the_clear() -> str:
    """Every text in the database, whatever the table."""
    said = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            said += [str(value) for row in cursor.fetchall() for value in row]
    return "\n".join(said)


@kept
def window(officer) -> Client:
    return given.sign_in(officer)


@kept
def theirs(shelter_worker) -> Client:
    return given.sign_in(shelter_worker)
