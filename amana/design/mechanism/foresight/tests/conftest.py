"""Merravia's mechanism and its district's, and who may look ahead in them."""

import pytest
from django.conf import settings

from amana import given
from amana.design.mechanism import actions
from amana.design.mechanism.pack import files
from amana.trust.access.models import Role


@pytest.fixture
def coordinator(db):
    return given.a_worker(role=Role.COORDINATOR, name="Coordinator")


@pytest.fixture
def worker(db):
    return given.a_worker(name="Worker")


@pytest.fixture
def stranger(db):
    return given.a_user(name="Stranger")


@pytest.fixture
def version(coordinator):
    return brought("district-health", coordinator)


def brought(name, by):
    folder = settings.ROOT / "mechanisms" / name
    return actions.load(files.of_folder(folder), by=by, slug=name)
