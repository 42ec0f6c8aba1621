"""A mechanism whose first responders need a certificate, and who plays in it."""

import pytest

from amana import given
from amana.academy.credentials import actions as credentials
from amana.care.pathways.tests.conftest import (
    case,
    clinic,
    coordinator,
    course,
    house,
    office,
    stranger,
    supervisor,
    worker,
)
from amana.care.pathways.tests.pack import files
from amana.design.mechanism import actions as mechanisms
from amana.trust.access.models import Role
from tests.worlds import kept

NEEDS = b"    access_role: screener\n    certificates: [foundation]\n"


def asking(certificates=True):
    found = files()
    if certificates:
        said = found["mechanism.yaml"]
        assert b"    access_role: screener\n" in said
        found["mechanism.yaml"] = said.replace(b"    access_role: screener\n", NEEDS, 1)
    return found


@kept
def achievement(coordinator):
    return credentials.define(
        "foundation",
        version=1,
        name="Foundation",
        description="Knows the ground.",
        criteria="Work that was judged.",
        months=24,
        by=coordinator,
    )


@pytest.fixture(scope="session")
def asking_folder(tmp_path_factory):
    found = tmp_path_factory.mktemp("asking")
    for path, content in asking().items():
        (found / path).parent.mkdir(parents=True, exist_ok=True)
        (found / path).write_bytes(content)
    return found


@kept
def mechanism(asking_folder, coordinator, house, office, achievement, screener, worker):
    """Comes when the screener and the worker are there already."""
    version = mechanisms.adopt_shipped(asking_folder, by=coordinator)
    parts = [("responder", house), ("authority", office), ("coordinator", office)]
    for role, team in parts:
        mechanisms.give_part(version.mechanism, role, team, by=coordinator)
    return version


@kept
def screener(house):
    """Was there before the mechanism asked for anything."""
    return given.make_worker(of=house, role=Role.SCREENER, name="Salma Screener")


@kept
def certified(house, achievement):
    found = given.make_worker(of=house, role=Role.SCREENER, name="Chadi Certified")
    credentials.issue(achievement, found)
    return found
