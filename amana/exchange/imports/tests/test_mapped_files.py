"""Files that wait for their mapping: kept sealed, explained, read, deleted."""

import json

import pytest
from django.core.exceptions import PermissionDenied

from amana import given
from amana.errors import Refused
from amana.exchange.imports import actions
from amana.exchange.imports.models import ImportRow, MappingVersion, SourceUpload
from amana.exchange.rows import ServiceRow
from amana.exchange.sources.confined_reading import OpenedSource
from amana.exchange.sources.mapping import read_mapping
from amana.exchange.sources.opening import read_file
from amana.trust.access.models import Role, User
from amana.trust.audit.models import AuditEvent
from tests.patching import replace_everywhere

TABLE = b"name,partner,category\nClinic,Port,Doctors\nHouse,Port,Shelter\n"


def kept(by: User, *, origin: str = "city") -> tuple[SourceUpload, str, OpenedSource]:
    file = actions.open_source(TABLE, by=by)
    upload, secret = actions.prepare_upload(file, origin=origin, by=by)
    actions.keep_upload(upload, by=by)
    return upload, secret, file


def test_a_file_opens_by_its_key_alone(coordinator):
    upload, secret, file = kept(coordinator)
    opened = actions.open_upload(upload, secret, by=coordinator)
    assert opened == file.packed
    sketch = actions.open_sketch(upload, secret, by=coordinator)
    assert sketch == file.sketch
    assert sketch.tables[0].rows == 2
    assert sketch.tables[0].examples["name"] == ["Clinic", "House"]
    assert b"Clinic" not in bytes(upload.sketch)

    other, others_secret, _file = kept(coordinator)
    for wrong in ("", "no hex", "00" * 32, others_secret):
        with pytest.raises(Refused, match="Only the browser that sent this file"):
            actions.open_upload(upload, wrong, by=coordinator)
        with pytest.raises(Refused, match="Only the browser that sent this file"):
            actions.open_sketch(upload, wrong, by=coordinator)
    # Copied over another one, it opens by neither key.
    other.sealed = upload.sealed
    with pytest.raises(Refused):
        actions.open_upload(other, secret, by=coordinator)


def test_what_is_decided_is_kept_by_version(coordinator):
    upload, _secret, _file = kept(coordinator)
    mapping = read_mapping(upload.mapping)
    actions.save_mapping(upload, mapping, by=coordinator)
    actions.save_mapping(upload, mapping, by=coordinator)
    assert MappingVersion.objects.count() == 1, "the same again is no new version"

    actions.decide_terms(upload, {"types": {"Shelter": ("SH2",)}}, by=coordinator)
    actions.decide_terms(upload, {"types": {"Doctors": ("HE2",)}}, by=coordinator)
    assert [v.number for v in MappingVersion.objects.order_by("number")] == [1, 2, 3]
    last = actions.find_last_mapping("city")
    assert last is not None
    assert last.terms == {"types": {"Shelter": ("SH2",), "Doctors": ("HE2",)}}
    assert actions.find_last_mapping("town") is None


def test_reading_deletes_the_file_and_stores_its_services(coordinator):
    upload, _secret, file = kept(coordinator)
    mapping = read_mapping(upload.mapping)
    reading = actions.read_by_mapping(file.packed, mapping, by=coordinator)
    read = actions.ReadFile(upload.origin, reading.found)
    prepared = actions.prepare_import(read, by=coordinator)
    brought = actions.record_upload(upload, prepared, by=coordinator)

    assert ImportRow.objects.filter(brought=brought).count() == 2
    assert not SourceUpload.objects.exists()


def test_each_act_is_in_the_log_without_a_word_of_the_file(coordinator):
    upload, _secret, _file = kept(coordinator)
    actions.decide_terms(upload, {"types": {"Shelter": ("SH2",)}}, by=coordinator)
    actions.discard_upload(upload, by=coordinator)

    events = AuditEvent.objects.filter(did__contains="source file").order_by("pk")
    assert [event.did for event in events] == [
        "kept source file",
        "mapped source file",
        "discarded source file",
    ]
    assert "Shelter" not in json.dumps(list(events.values()), default=str)


def test_a_colleague_does_nothing_with_it(coordinator):
    upload, secret, file = kept(coordinator)
    other = given.make_worker(role=Role.COORDINATOR)
    mapping = read_mapping(upload.mapping)
    reading = actions.read_by_mapping(file.packed, mapping, by=coordinator)
    read = actions.ReadFile(upload.origin, reading.found)
    prepared = actions.prepare_import(read, by=coordinator)
    for act in (
        lambda: actions.open_upload(upload, secret, by=other),
        lambda: actions.open_sketch(upload, secret, by=other),
        lambda: actions.save_mapping(upload, mapping, by=other),
        lambda: actions.decide_terms(upload, {}, by=other),
        lambda: actions.record_upload(upload, prepared, by=other),
        lambda: actions.discard_upload(upload, by=other),
    ):
        with pytest.raises(PermissionDenied):
            act()
    worker = given.make_worker()
    with pytest.raises(PermissionDenied):
        actions.open_source(TABLE, by=worker)
    with pytest.raises(PermissionDenied):
        actions.prepare_upload(file, origin="city", by=worker)
    with pytest.raises(PermissionDenied):
        actions.keep_upload(upload, by=worker)
    assert SourceUpload.objects.get() == upload


def test_a_person_has_few_files_waiting(coordinator, monkeypatch):
    replace_everywhere(monkeypatch, actions, "MOST_WAITING", 1)
    kept(coordinator)
    with pytest.raises(Refused, match="wait already"):
        kept(coordinator)
    kept(given.make_worker(role=Role.ADMINISTRATOR))


def test_an_export_of_amana_needs_no_explanation(coordinator):
    ours = {"attributes": [{"taxonomy_term": {"taxonomy": "amana", "code": "x"}}]}
    file = actions.open_source(json.dumps([ours]).encode(), by=coordinator)
    assert actions.is_own_export(file)
    assert not actions.is_own_export(actions.open_source(TABLE, by=coordinator))


def test_a_file_is_read_as_its_pages_suggest(coordinator):
    read = actions.read_as_suggested(read_file(TABLE), origin="city")
    names = [row.values["name"] for row in read.found if isinstance(row, ServiceRow)]
    assert names == ["Clinic", "House"]
