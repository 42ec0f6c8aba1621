"""The houses of `houses`, made once for all tests here."""

import os
import shutil
from collections.abc import Callable, Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoDbBlocker

from amana.trust.backup import restore_drill
from tests.databases import save
from tests.reliability.houses import (
    ERASED,
    KEPT,
    House,
    Story,
    load_into,
    talk,
)


@pytest.fixture(scope="session")
def places(
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Callable[..., House]]:
    """Makes places, empty or migrated, beside the keys of their backups; their
    databases go at the end."""
    home = tmp_path_factory.mktemp("places")
    call_command("backup_keys", str(home / "keys"), stdout=StringIO())
    made: list[str] = []
    migrated_one = home / "migrated"  # before a test has a transaction of its own
    with django_db_blocker.unblock():
        save(migrated_one)

    def place(name: str, *, migrated: bool = False) -> House:
        (home / name).mkdir()
        database = f"backup_{os.getpid()}_{name}"
        with django_db_blocker.unblock():
            if connection.vendor == "sqlite":
                if migrated:
                    shutil.copy(migrated_one, home / name / "amana.sqlite3")
                return House(home / name)
            talk(f"CREATE DATABASE {database}")
            made.append(database)
            if migrated:
                load_into(database, migrated_one)
            return House(home / name, restore_drill.build_url(database))

    yield place
    with django_db_blocker.unblock():
        for database in made:
            talk(f"DROP DATABASE {database} WITH (FORCE)")


@pytest.fixture(scope="session")
def story(places: Callable[..., House]) -> Story:
    """Four people who are helped, two whose time is over."""
    house = places("house", migrated=True)
    house.keeps("open", str(len(KEPT)), str(len(ERASED)))
    old = house.backup("old")
    before = house.keeps("look")
    assert house.keeps("erase")["erased"] == len(ERASED)
    return Story(house, old, house.backup("new"), before)
