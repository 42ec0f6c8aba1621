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

NEEDS = b"    access_role: screener\n    certificates: [foundation]\n"


def asking(certificates=True):
    found = files()
    if certificates:
        said = found["mechanism.yaml"]
        assert b"    access_role: screener\n" in said
        found["mechanism.yaml"] = said.replace(b"    access_role: screener\n", NEEDS, 1)
    return found


@pytest.fixture
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


@pytest.fixture
def mechanism(tmp_path, coordinator, house, office, achievement):
    for path, content in asking().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    version = mechanisms.adopt_shipped(tmp_path, by=coordinator)
    parts = [("responder", house), ("authority", office), ("coordinator", office)]
    for role, team in parts:
        mechanisms.give_part(version.mechanism, role, team, by=coordinator)
    return version


@pytest.fixture
def screener(house):
    """Was there before the mechanism asked for anything."""
    return given.a_worker(of=house, role=Role.SCREENER, name="Salma Screener")


@pytest.fixture
def certified(house, achievement):
    found = given.a_worker(of=house, role=Role.SCREENER, name="Chadi Certified")
    credentials.issue(achievement, found, by=None)
    return found
