"""Checks that find more than one mistake, or that fail themselves."""

import os
import shutil
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import OperationalError
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from amana.trust.audit import log, sealing
from amana.trust.operation import checks
from amana.trust.operation.checks import GIB
from amana.trust.vault import heartbeat
from tests.patching import replace_everywhere

from .installations import DATA, KEYS, disk, enqueue, keep_moments, kept, wrong

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("well")]


@pytest.mark.parametrize(
    ("error", "is_of_mail"),
    [
        ("builtins.ConnectionRefusedError", True),
        ("smtplib.SMTPRecipientsRefused", False),
        ("smtplib.SMTPServerDisconnected", True),
        ("builtins.ValueError", False),
    ],
)
def test_a_mail_server_that_takes_nothing_is_named_with_the_tasks(
    error: str, is_of_mail: bool
) -> None:
    enqueue()
    DBTaskResult.objects.update(
        status=TaskResultStatus.FAILED, exception_class_path=error
    )

    finding = wrong()["check_failed_tasks"]

    assert ("accepted no message" in finding.what) is is_of_mail
    assert ("MAIL_HOST" in finding.mend) is is_of_mail


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PRODUCTION", False),
        ("ADDRESS", "http://localhost:8000"),
        ("ALLOWED_HOSTS", ["localhost"]),
        ("ALLAUTH_TRUSTED_PROXY_COUNT", 0),
        ("MAIL_HOST", ""),
    ],
)
def test_each_setting_is_named(settings: Any, name: str, value: object) -> None:
    setattr(settings, name, value)
    assert set(wrong()) == {"check_settings"}


def test_translations_that_are_older_than_their_source_are_named(
    tmp_path: Path,
) -> None:
    made = tmp_path / "locale/fr/LC_MESSAGES/django.mo"
    os.utime(made, (1, 1))
    assert "fr" in wrong()["check_translations"].what


@pytest.mark.parametrize(
    ("otherwise", "mends"),
    [
        ({"may_replicate": False}, "ALTER ROLE amana REPLICATION"),
        ({"copied_at": None}, "--only base_backup"),
        ({"copied_at": datetime(2026, 1, 1, tzinfo=UTC)}, "--only base_backup"),
        ({"is_holding": False}, "--only base_backup"),
        ({"waits_for": 0}, "archive_timeout = '5min'"),
        ({"waits_for": 600}, "archive_timeout = '5min'"),
    ],
)
def test_what_ends_the_moments_of_postgresql_is_named(
    otherwise: dict[str, Any], mends: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_moments(monkeypatch, kept())
    assert wrong() == {}
    keep_moments(monkeypatch, kept(**otherwise))
    [found] = wrong().values()
    assert mends in str(found)


@pytest.mark.parametrize("lost", [DATA, KEYS])
def test_half_a_backup_is_none(tmp_path: Path, lost: str) -> None:
    (tmp_path / "backups" / lost).unlink()
    assert "No backup" in wrong()["check_backup"].what


def test_an_empty_archive_is_no_backup(tmp_path: Path) -> None:
    (tmp_path / "backups" / KEYS).write_text("")
    assert "check_backup" in wrong()


def test_to_look_for_the_key_makes_none(settings: Any, tmp_path: Path) -> None:
    log.record("timer runs again", by=None)
    sealing.seal_all()
    settings.AUDIT_LOG_KEY_FILE = tmp_path / "not-copied.key"
    assert "check_log_key" in wrong()
    assert not (tmp_path / "not-copied.key").exists()


def test_a_small_disk_needs_a_gigabyte(monkeypatch: pytest.MonkeyPatch) -> None:
    small = disk(free=GIB - 1, total=5 * GIB)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: small)
    assert "check_disks" in wrong()


def test_clocks_that_are_apart_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    late = timezone.now() - timedelta(minutes=2)
    replace_everywhere(monkeypatch, checks, "read_database_time", lambda: late)
    assert "apart" in wrong()["check_clock"].what


def test_a_check_that_fails_itself_ends_no_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "locale/ar/LC_MESSAGES/django.mo").unlink()

    def away() -> None:
        raise OperationalError("password=secret host=10.0.0.7")

    monkeypatch.setattr(heartbeat, "is_in_doubt", away)
    found = wrong()
    assert set(found) == {"check_clock", "check_translations"}
    assert "OperationalError" in found["check_clock"].what
    assert "secret" not in found["check_clock"].what


def test_a_mail_server_that_never_answers_is_given_up(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A listening socket that says nothing, as a firewall that swallows does."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.undo()
        settings.MAILERS = {
            "default": {
                "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
                "OPTIONS": {
                    "host": "127.0.0.1",
                    "port": silent.getsockname()[1],
                    "timeout": 0.3,
                },
            }
        }
        finding = checks.check_mail()
    assert finding is not None
    assert "smtplib.SMTPServerDisconnected" in finding.what


def test_a_secret_that_is_missing_is_said_in_one_sentence() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor"],
        cwd=configured.ROOT,
        env={"PATH": os.environ["PATH"], "AMANA_PRODUCTION": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.strip() == "SECRET_KEY must be set in production."
