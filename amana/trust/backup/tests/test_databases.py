"""PostgreSQL's own programs go the way to the database that the pages go."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from amana.database import PLANNING, parse_database_url
from amana.errors import Refused
from amana.trust.backup import databases, restore_drill

ELSEWHERE = (
    "postgresql://amana:p%40ss@db.example.org:5433/amana"
    "?sslmode=verify-full&sslrootcert=/etc/ca.pem"
)
TLS = {"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem"}


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in parse_database_url(ELSEWHERE, tmp_path).items():
        monkeypatch.setitem(connection.settings_dict, name, value)
    # Under this name Django would not know that closing it throws SQLite's memory away.
    monkeypatch.setattr(connection, "close", lambda: None)


def test_a_restoration_checks_the_certificate_of_the_database(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases.PostgreSQL, "_empty", lambda self: None)
    settings.POSTGRES_PROGRAMS = str(tmp_path)
    program = tmp_path / "pg_restore"
    program.write_text('#!/bin/sh\nenv >"$0.env"\necho "$@" >"$0.words"\nexit 1\n')
    program.chmod(0o755)

    with pytest.raises(Refused, match="pg_restore failed"):
        databases.PostgreSQL().load(tmp_path / "data", tmp_path / "keys")

    lines = (tmp_path / "pg_restore.env").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if line.startswith("PG"))
    assert given == {
        "PGHOST": "db.example.org",
        "PGPORT": "5433",
        "PGUSER": "amana",
        "PGPASSWORD": "p@ss",
        "PGDATABASE": "amana",
        "PGOPTIONS": PLANNING,
        "PGSSLMODE": "verify-full",
        "PGSSLROOTCERT": "/etc/ca.pem",
    }
    assert "p@ss" not in (tmp_path / "pg_restore.words").read_text()


def test_what_is_asked_beside_them_checks_it_too() -> None:
    assert databases.get_address().items() >= TLS.items()


def test_the_database_of_a_drill_is_reached_in_the_same_way(tmp_path: Path) -> None:
    scratch = parse_database_url(restore_drill.build_url("amana_drill_1"), tmp_path)

    assert (scratch["NAME"], scratch["HOST"]) == ("amana_drill_1", "db.example.org")
    assert (scratch["USER"], scratch["PASSWORD"]) == ("amana", "p@ss")
    assert scratch["OPTIONS"] == TLS | {"port": "5433", "options": PLANNING}


def test_an_operator_can_have_it_plan_for_other_disks(tmp_path: Path) -> None:
    address = f"{ELSEWHERE}&options=-c%20random_page_cost%3D4"
    options = parse_database_url(address, tmp_path)["OPTIONS"]
    assert options == TLS | {"options": "-c random_page_cost=4"}


def test_what_django_alone_understands_is_not_told_to_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options = TLS | {"assume_role": "owner"}
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", options)
    assert "assume_role" not in databases.get_address()
