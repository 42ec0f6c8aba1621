"""Mistakes of an installation, each with the check that finds it."""

import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from amana.trust.alarms.models import TimerRun
from amana.trust.audit import log, sealing
from amana.trust.backup import databases
from amana.trust.operation.checks import GIB
from amana.trust.vault.models import Heartbeat

from .installations import DATA, Post, disk, enqueue, keep_moments, kept

type Plant = Callable[[Any, Path, pytest.MonkeyPatch], None]
PLANTED: dict[str, tuple[Plant, str, str]] = {}
"""By the check that finds it: how it is made, what is said, and how it is mended."""


def mistake(check: str, says: str, mends: str) -> Callable[[Plant], Plant]:
    def note(plant: Plant) -> Plant:
        PLANTED[check] = (plant, says, mends)
        return plant

    return note


@mistake("check_restoration", "restoration was interrupted", "amana restore")
def _(settings: Any, tmp: Path, patch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute(databases.MARK)


@mistake("check_settings", "BACKUP_KEYS_RECIPIENT", "/etc/amana.env")
def _(settings: Any, tmp: Path, patch: pytest.MonkeyPatch) -> None:
    settings.BACKUP_KEYS_RECIPIENT = ""


@mistake("check_security_contact", "security.txt is not shown", "within the next year")
def _(settings: Any, tmp: Path, patch: pytest.MonkeyPatch) -> None:
    settings.SECURITY_CONTACT = "mailto:security@example.org"
    settings.SECURITY_CONTACT_UNTIL = "2020-06-30"


@mistake("check_file_access", "facts_key_file", "chmod go=")
def _(settings: Any, tmp: Path, patch: pytest.MonkeyPatch) -> None:
    Path(settings.FACTS_KEY_FILE).chmod(0o644)


@mistake("check_translations", "ar", "tools.translations compile")
def _(settings: Any, tmp: Path, patch: pytest.MonkeyPatch) -> None:
    (tmp / "locale/ar/LC_MESSAGES/django.mo").unlink()


@mistake("check_migrations", "1", "amana migrate")
def _(settings: Any, tmp: Path, patch: pytest.MonkeyPatch) -> None:
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder.Migration.objects.filter(app="alarms").latest("pk").delete()


@mistake("check_timer_process", "No process", "amana-timers")
def _(settings: Any, tmp: Path, patch: pytest.MonkeyPatch) -> None:
    TimerRun.objects.update(tried_at=timezone.now() - timedelta(hours=1))


@mistake("check_timers", "write_facts (KeyError)", "--only write_facts")
def _(settings: Any, tmp: Path, patch: pytest.MonkeyPatch) -> None:
    row = TimerRun.objects.filter(command="write_facts")
    row.update(unfinished_since=timezone.now() - timedelta(hours=5), error="KeyError")


@mistake("check_worker", "more than five minutes", "amana-tasks")
def _(settings: Any, tmp: Path, patch: pytest.MonkeyPatch) -> None:
    enqueue()
    since = timezone.now() - timedelta(minutes=6)
    DBTaskResult.objects.update(enqueued_at=since)


@mistake("check_failed_tasks", "1", "Background tasks")
def _(settings: Any, tmp: Path, patch: pytest.MonkeyPatch) -> None:
    enqueue()
    DBTaskResult.objects.update(status="FAILED")


@mistake("check_sealer", "sealed", "amana-audit")
def _(settings: Any, tmp: Path, patch: pytest.MonkeyPatch) -> None:
    with time_machine.travel(timezone.now() - timedelta(minutes=6)):
        log.record("timer runs again", by=None)


@mistake("check_log_key", "signed with a different key", "AUDIT_ANCHOR")
def _(settings: Any, tmp: Path, patch: pytest.MonkeyPatch) -> None:
    log.record("timer runs again", by=None)
    sealing.seal_all()
    settings.AUDIT_LOG_KEY_FILE = tmp / "not-copied.key"


@mistake("check_mail", "ConnectionRefusedError", "MAIL_HOST")
def _(settings: Any, tmp: Path, patch: pytest.MonkeyPatch) -> None:
    def refuse(server: Post) -> None:
        raise ConnectionRefusedError("10.0.0.9")

    patch.setattr(Post, "open", refuse)


@mistake("check_clock", "clock may be wrong", "Retention")
def _(settings: Any, tmp: Path, patch: pytest.MonkeyPatch) -> None:
    Heartbeat.objects.update(doubted_at=timezone.now())


@mistake("check_database_connection", "no one else can read", "sslrootcert=FILE")
def _(settings: Any, tmp: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setitem(connection.settings_dict, "HOST", "db.example.org")


@mistake("check_disks", "Disk nearly full", "14 days")
def _(settings: Any, tmp: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(shutil, "disk_usage", lambda path: disk(free=9 * GIB))


@mistake("check_backup", "older than a week", "--only backup")
def _(settings: Any, tmp: Path, patch: pytest.MonkeyPatch) -> None:
    old = (timezone.now() - timedelta(days=8)).timestamp()
    os.utime(tmp / "backups" / DATA, (old, old))


@mistake("check_archiving", "kept for 20 minutes", "--only archive_wal")
def _(settings: Any, tmp: Path, patch: pytest.MonkeyPatch) -> None:
    late = kept(kept_at=timezone.now() - timedelta(minutes=21))
    keep_moments(patch, late)


@mistake("check_archive_settings", "fills its own disk", "max_slot_wal_keep_size")
def _(settings: Any, tmp: Path, patch: pytest.MonkeyPatch) -> None:
    keep_moments(patch, kept(is_bounded=False))
