"""Two people who explain the first file of a source at the same moment."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.models import QuerySet

from amana import given
from amana.exchange.imports import actions
from amana.exchange.imports.models import MappingVersion, SourceUpload
from amana.exchange.sources.mapping import read_mapping
from amana.trust.access.models import Role, User
from tests.races import at_once

TABLE = b"name,partner,category\nClinic,Port,Doctors\nHouse,Port,Shelter\n"

type Explained = tuple[SourceUpload, User, str]


@pytest.fixture
def two(transactional_db: None, tmp_path: object) -> Iterator[list[Explained]]:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time.")
    given.people._founders.clear()
    people = [given.make_worker(role=Role.COORDINATOR) for _ in range(2)]
    file = actions.open_source(TABLE, by=people[0])
    made: list[Explained] = []
    for person, code in zip(people, ("SH2", "SH4"), strict=True):
        upload, _secret = actions.prepare_upload(file, origin="city", by=person)
        actions.keep_upload(upload, by=person)
        made.append((upload, person, code))
    yield made
    given.people._founders.clear()


def test_both_keep_what_they_have_decided(two: list[Explained]) -> None:
    def decide(upload: SourceUpload, person: User, code: str) -> None:
        actions.decide_terms(upload, {"types": {"Shelter": (code,)}}, by=person)

    came = at_once(*(lambda said=said: decide(*said) for said in two))
    assert came == [None, None]
    versions = MappingVersion.objects.order_by("number")
    assert [version.number for version in versions] == [1, 2]
    decided = {
        read_mapping(version.content).terms["types"]["Shelter"][0]
        for version in versions
    }
    assert decided == {"SH2", "SH4"}


def test_a_number_that_is_taken_meanwhile_is_not_taken_twice(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same on any database: the other one's version appears after it was looked
    for."""
    person = given.make_worker(role=Role.COORDINATOR)
    file = actions.open_source(TABLE, by=person)
    upload, _secret = actions.prepare_upload(file, origin="city", by=person)
    actions.keep_upload(upload, by=person)
    look = QuerySet.first
    others: list[MappingVersion] = []

    def overtaken(rows: QuerySet[MappingVersion]) -> MappingVersion | None:
        found = look(rows)
        if rows.model is MappingVersion and not others:
            other = MappingVersion(origin="city", number=1, content={}, made_by=person)
            others.append(other)
            other.save()
        return found

    monkeypatch.setattr(QuerySet, "first", overtaken)
    actions.save_mapping(upload, read_mapping(upload.mapping), by=person)
    found = MappingVersion.objects.order_by("number")
    assert [version.number for version in found] == [1, 2]
    assert found[1].content == upload.mapping
