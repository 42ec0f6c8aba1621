"""A server without the files that belong to its database, or with others, does not
begin; the first one of an installation makes them."""

import os
import shutil
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from amana.academy.credentials.models import IssuerKey
from amana.trust.alarms import clockwork
from amana.trust.audit import anchor, log, sealing
from amana.trust.audit.models import AuditEvent, Checkpoint
from amana.trust.operation import outside
from amana.trust.operation.models import OutsideFile
from amana.trust.operation.outside import OUTSIDE

pytestmark = pytest.mark.django_db

NAMES = sorted(kept.setting for kept in OUTSIDE)
KEYS = ["AUDIT_LOG_KEY_FILE", "LTI_KEY_FILE", "WITNESS_KEY_FILE"]
"""Those whose public half is known; the others change while people work."""


def use(settings: Any, folder: Path) -> None:
    """The files of a server."""
    folder.mkdir(exist_ok=True)
    for name in NAMES:
        setattr(settings, name, folder / name.lower())
    settings.CERTIFICATE_KEYS.mkdir(exist_ok=True)


@pytest.fixture(autouse=True)
def _first(settings: Any, tmp_path: Path) -> None:
    use(settings, tmp_path / "first")


def sentence() -> str:
    with pytest.raises(CommandError) as refused:
        outside.require_files()
    return str(refused.value)


def test_every_file_that_two_servers_share_is_known() -> None:
    assert NAMES == [
        "AUDIT_ANCHOR",
        "AUDIT_LOG_KEY_FILE",
        "CERTIFICATE_KEYS",
        "ERASED_LIST",
        "FACTS_KEY_FILE",
        "LTI_KEY_FILE",
        "WITNESS_KEY_FILE",
    ]


def test_the_first_start_makes_them_and_the_next_changes_nothing(
    tmp_path: Path,
) -> None:
    outside.require_files()
    made = {path.name: path.read_bytes() for path in files(tmp_path / "first")}
    assert sorted(made) == sorted({n.lower() for n in NAMES} - {"certificate_keys"})
    assert all(p.stat().st_mode & 0o77 == 0 for p in files(tmp_path / "first"))
    assert (
        list(OutsideFile.objects.values_list("pk", flat=True).order_by("pk")) == NAMES
    )

    outside.require_files()
    assert made == {p.name: p.read_bytes() for p in files(tmp_path / "first")}


def files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_file()]


def test_work_goes_on_under_what_the_first_start_has_made() -> None:
    outside.require_files()
    log.record("timer runs again", by=None)
    sealing.seal_all()

    assert Checkpoint.objects.exists()
    assert anchor.read().doubt is None
    outside.require_files()


# --- a second server


def test_a_second_server_that_shares_all_begins() -> None:
    outside.require_files()
    log.record("timer runs again", by=None)
    sealing.seal_all()

    outside.require_files()


def test_a_second_server_with_files_of_its_own_does_not_begin(
    settings: Any, tmp_path: Path
) -> None:
    outside.require_files()
    use(settings, tmp_path / "second")

    said = sentence()
    for name in set(NAMES) - {"CERTIFICATE_KEYS"}:
        assert name in said
    assert "Missing here" in said
    assert files(tmp_path / "second") == []  # to look for them makes none


@pytest.mark.parametrize("name", [n for n in NAMES if n != "CERTIFICATE_KEYS"])
def test_a_missing_file_is_named(settings: Any, name: str, tmp_path: Path) -> None:
    outside.require_files()
    setattr(settings, name, tmp_path / "not-copied")

    said = sentence()
    assert f"Missing here: {name} ({getattr(settings, name)})." in said
    assert f"amana lost_file {name}" in said


@pytest.mark.parametrize("name", KEYS)
def test_another_key_is_named(settings: Any, name: str, tmp_path: Path) -> None:
    outside.require_files()
    [kept] = [kept for kept in OUTSIDE if kept.setting == name]
    setattr(settings, name, tmp_path / "another.key")
    kept.make()

    assert f"Don’t belong to this database: {name} (" in sentence()


def test_a_missing_key_of_certificates_is_named() -> None:
    outside.require_files()
    IssuerKey.objects.create(multikey="z6Mk-not-here", jwk={})

    assert "CERTIFICATE_KEYS" in sentence()


def test_a_log_that_another_key_has_signed_is_not_taken_over(
    settings: Any, tmp_path: Path
) -> None:
    """Before an update nothing was noted: the log itself says whose it is."""
    log.record("timer runs again", by=None)
    sealing.seal_all()
    settings.AUDIT_LOG_KEY_FILE = tmp_path / "not-copied.key"

    assert "signed with a different key" in sentence()
    assert not OutsideFile.objects.exists()


def test_of_two_that_begin_at_once_the_second_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    note = outside.record_new_files

    def late() -> None:
        OutsideFile.objects.create(pk="LTI_KEY_FILE", fingerprint="of the first")
        note()

    monkeypatch.setattr(outside, "record_new_files", late)
    assert "LTI_KEY_FILE" in sentence()


SERVICES = {
    "seal_audit": {"every": 5.0},
    "serve": {},
    "tasks": {},
    "timers": {},
}


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_no_service_begins_without_them(
    service: str, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begins(*_words: object) -> None:
        raise AssertionError("it began")

    for place, name in ((os, "execv"), (sealing, "seal_all"), (clockwork, "claim")):
        monkeypatch.setattr(place, name, begins)
    outside.require_files()
    settings.FACTS_KEY_FILE = tmp_path / "not-copied"

    with pytest.raises(CommandError, match="FACTS_KEY_FILE"):
        call_command(service, stdout=StringIO(), **SERVICES[service])


def test_a_database_that_is_away_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away() -> None:
        raise OperationalError("secret detail")

    monkeypatch.setattr(outside, "find_wrong", away)
    said = sentence()
    assert "does not answer" in said
    assert "secret detail" not in said


# --- what is lost


def test_a_file_that_is_lost_for_good_is_given_up_and_made_anew(
    settings: Any, tmp_path: Path
) -> None:
    outside.require_files()
    Path(settings.FACTS_KEY_FILE).unlink()
    assert "FACTS_KEY_FILE" in sentence()

    said = StringIO()
    call_command("lost_file", "FACTS_KEY_FILE", stdout=said)
    outside.require_files()

    assert "given up" in said.getvalue()
    assert Path(settings.FACTS_KEY_FILE).exists()
    assert AuditEvent.objects.filter(did="gave up file").count() == 1


def test_a_lost_anchor_is_not_made_anew_where_something_was_signed(
    settings: Any,
) -> None:
    """Else nobody would learn that the log had been cut back: two people declare it."""
    outside.require_files()
    log.record("timer runs again", by=None)
    sealing.seal_all()
    Path(settings.AUDIT_ANCHOR).unlink()
    assert outside.give_up_file("AUDIT_ANCHOR")

    outside.require_files()

    assert not Path(settings.AUDIT_ANCHOR).exists()


def test_the_logs_key_can_not_be_given_up_once_it_has_signed(settings: Any) -> None:
    outside.require_files()
    log.record("timer runs again", by=None)
    sealing.seal_all()
    key = Path(settings.AUDIT_LOG_KEY_FILE)
    kept = key.rename(key.with_name("in-the-safe"))

    assert "the log key can’t be replaced" in sentence()
    with pytest.raises(CommandError, match="can’t be replaced"):
        call_command("lost_file", "AUDIT_LOG_KEY_FILE")
    kept.rename(key)
    outside.require_files()


def test_what_nobody_knew_of_cannot_be_lost() -> None:
    with pytest.raises(CommandError, match="has no record of a file"):
        call_command("lost_file", "LTI_KEY_FILE")
    assert not AuditEvent.objects.filter(did="gave up file").exists()


# --- the doctor


def test_the_doctor_names_each(settings: Any, tmp_path: Path) -> None:
    assert outside.check_outside_files() is None
    outside.require_files()
    assert outside.check_outside_files() is None

    shutil.rmtree(tmp_path / "first")
    found = outside.check_outside_files()

    assert found is not None
    for name in set(NAMES) - {"CERTIFICATE_KEYS"}:
        assert name in found.what
