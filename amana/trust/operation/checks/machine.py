"""Checks of the machine: clock, disk, backups."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.trust.backup import archiving, present_backups
from amana.trust.operation.checks.check_runs import (
    BACKUP_AGE,
    CHANGES_AGE,
    CLOCKS_APART,
    COPY_AGE,
    GIB,
    RETENTION,
    CheckFinding,
    RepairUrgency,
    check,
)
from amana.trust.vault import heartbeat
from amana.ui.labels import format_list


@check(gettext_lazy("Clock"), urgency=RepairUrgency.FIRST)
def check_clock() -> CheckFinding | None:
    if heartbeat.is_in_doubt():
        return CheckFinding(
            _(
                "The server’s clock may be wrong. Meanwhile, nothing is deleted based "
                "on it."
            ),
            _(
                "Correct the clock, then confirm the time under “Oversight › "
                "Retention”."
            ),
            page=RETENTION,
        )
    # Rows get times from both clocks, and what ends by the clock compares them.
    apart = abs(read_database_time() - timezone.now())
    if apart < CLOCKS_APART:
        return None
    return CheckFinding(
        _(
            "The clocks of this server and of the database are %(seconds)s seconds "
            "apart."
        )
        % {"seconds": round(apart.total_seconds())},
        _("Set both servers to take the time from the network (NTP)."),
    )


def read_database_time() -> datetime:
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        [at] = cursor.fetchone()
    found: datetime = at
    return found


@check(gettext_lazy("Disk"), urgency=RepairUrgency.NOW, database=False)
def check_disks() -> CheckFinding | None:
    kept_in = [Path(settings.WAL_FOLDER)] if settings.WAL_FOLDER else []
    places = [*list_disks(), *(path for path in kept_in if path.exists())]
    full = [path for path in places if _is_nearly_full(path)]
    if not full:
        return None
    return CheckFinding(
        _("Disk nearly full: %(folders)s.")
        % {"folders": format_list([str(path) for path in full])},
        _(
            "Free some space, or use a larger disk. Start with old key archives: "
            "they are kept for 14 days."
        ),
    )


def list_disks() -> list[Path]:
    folders = [settings.VAR]
    if settings.BACKUP_FOLDER:
        folders.append(Path(settings.BACKUP_FOLDER))
    return [Path(folder) for folder in folders if Path(folder).exists()]


@dataclass(frozen=True)
class DiskSpace:
    """A disk, and how much is free on it."""

    label: str | Promise
    free: int


def measure_free_space() -> list[DiskSpace]:
    labels = (_("Free for data"), _("Free for backups"))
    sizes = [shutil.disk_usage(path).free for path in list_disks()]
    return [DiskSpace(label, free) for label, free in zip(labels, sizes, strict=False)]


def _is_nearly_full(path: Path) -> bool:
    disk = shutil.disk_usage(path)
    return disk.free < max(GIB, min(disk.total // 10, 10 * GIB))


@check(gettext_lazy("Backup"), database=False)
def check_backup() -> CheckFinding | None:
    last = present_backups.get_last_backup()
    if settings.DEMO or (last and last > timezone.now() - BACKUP_AGE):
        return None
    return CheckFinding(
        _("The last backup is older than a week.")
        if last
        else _("No backup is known here."),
        _("Make one now, and find out why none is made each night:")
        if settings.BACKUP_FOLDER
        else _("Set BACKUP_FOLDER and both recipients, then make one now:"),
        ("amana timers --only backup",),
    )


def needs_archiving() -> bool:
    return archiving.is_wanted()


@check(gettext_lazy("Point-in-time recovery"), applies=needs_archiving)
def check_archiving() -> CheckFinding | None:
    """Find why point-in-time recovery would fail. On PostgreSQL, changes are archived
    each minute, in addition to last night's copy."""
    state = archiving.read_state()
    # In this order: each cause produces the findings below it, so only the first one is
    # worth fixing.
    if not state.may_replicate:
        return CheckFinding(
            _(
                "The database doesn’t allow Amana to keep the changes made since last "
                "night."
            ),
            _("Run as root on the database machine:"),
            (format_psql_command("ALTER ROLE amana REPLICATION"),),
        )
    if not state.copied_at or state.copied_at < timezone.now() - COPY_AGE:
        return CheckFinding(
            _("No copy of the database from the last two days is known here."),
            _("Make one now, and find out why none is made each night:"),
            ("amana timers --only base_backup",),
        )
    if not state.is_holding:
        return CheckFinding(
            _(
                "The database no longer has the next changes to be kept: you can’t "
                "go back to any moment after that."
            ),
            _("Start again with a copy, and check that WAL_FOLDER has room:"),
            ("amana timers --only base_backup",),
        )
    if state.kept_at and state.kept_at < timezone.now() - CHANGES_AGE:
        return CheckFinding(
            _(
                "No changes have been kept for 20 minutes. They would be lost with "
                "the disk, and they fill the database’s disk until they are kept."
            ),
            _("Try it by hand and read the output:"),
            ("amana timers --only archive_wal",),
        )
    return None


LONGEST_WAIT = 300
"""Seconds after which PostgreSQL completes a segment that is not full."""


@check(
    gettext_lazy("Database settings"),
    needs="check_archiving",
    applies=needs_archiving,
)
def check_archive_settings() -> CheckFinding | None:
    state = archiving.read_state()
    if not state.is_bounded:
        return CheckFinding(
            _(
                "If WAL_FOLDER can’t be written to for a long time, the database "
                "keeps all changes, fills its own disk and stops."
            ),
            _("Set a limit, as root on the database machine:"),
            (
                format_psql_command("ALTER SYSTEM SET max_slot_wal_keep_size = '10GB'"),
                RELOAD,
            ),
        )
    if not 0 < state.waits_for <= LONGEST_WAIT:
        return CheckFinding(
            _("Changes may wait more than five minutes to be kept."),
            _("Shorten this wait, as root on the database machine:"),
            (format_psql_command("ALTER SYSTEM SET archive_timeout = '5min'"), RELOAD),
        )
    return None


def format_psql_command(statement: str) -> str:
    return f'runuser -u postgres -- psql -c "{statement}"'


RELOAD = format_psql_command("SELECT pg_reload_conf()")
