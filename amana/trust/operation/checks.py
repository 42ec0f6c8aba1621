"""Checks that the server does its work; each finding comes with how to fix it.
`manage.py doctor` runs all, the page *Operation* the quick ones.

An upper room adds its own: `CHECKS.append(Check(…))` in its `apps.ready()`."""

import shlex
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import mailers
from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.registry import Registry
from amana.trust.alarms import timer_runs
from amana.trust.alarms.models import TimerRun
from amana.trust.audit import sealing
from amana.trust.audit.models import AuditPending, Checkpoint
from amana.trust.audit.offline_verifier import LogBroken
from amana.trust.backup import archiving, present_backups, restoring
from amana.trust.operation import queue, security_contact
from amana.trust.vault import heartbeat
from amana.ui.labels import format_list
from amana.unattended import format_error_name

GIB = 1024**3
WAIT = timedelta(minutes=5)
"""For what a worker or a sealer does within seconds."""
SILENT = timedelta(minutes=15)
"""The process of the timers tries some each minute, unless one takes its ten."""
BACKUP_AGE = timedelta(days=7)
COPY_AGE = timedelta(days=2)
CHANGES_AGE = timedelta(minutes=20)
"""PostgreSQL completes a segment within five, and the timer seals it within one."""
SOON = timedelta(days=30)
CLOCKS_APART = timedelta(seconds=30)


class RepairUrgency(models.IntegerChoices):
    """How soon a fault has to be fixed. Within one, the order of the checks."""

    FIRST = 1, gettext_lazy("Fix first")
    """No service begins, timers that delete fail, or others read along: nothing else
    can be fixed before."""
    NOW = 2, gettext_lazy("Fix now")
    """People are not reached, or what has to end by the clock does not."""
    TODAY = 3, gettext_lazy("Fix today")
    THIS_WEEK = 4, gettext_lazy("Fix this week")

    @property
    def tone(self) -> str:
        return "late" if self <= RepairUrgency.NOW else "due"


@dataclass(frozen=True)
class RepairPage:
    """A page on which a fault is fixed."""

    label: Promise
    name: str
    """Of its URL."""


TASKS = RepairPage(gettext_lazy("Background tasks"), "operation:tasks")
RETENTION = RepairPage(gettext_lazy("Retention"), "retention:now")


@dataclass(frozen=True)
class CheckFinding:
    """What is wrong, and how to fix it."""

    what: str
    mend: str
    commands: tuple[str, ...] = ()
    """What to type for it on the server. Never what destroys: that is in the
    sentence, behind its condition."""
    page: RepairPage | None = None

    def __str__(self) -> str:
        return " ".join([self.what, self.mend, *self.commands])


@dataclass(frozen=True)
class OperationCheck:
    name: str
    title: Promise
    find: Callable[[], CheckFinding | None]
    is_quick: bool = True
    """Whether a page may ask it: neither the network nor the whole disk."""
    urgency: RepairUrgency = RepairUrgency.TODAY
    needs: str = ""
    """The name of another, before it: while that one is wrong, this can’t be asked."""
    asks_database: bool = True
    """Whether it reads rows, which mean nothing after half a restoration."""
    applies: Callable[[], bool] = lambda: True
    """Whether this installation has what it asks about."""


CHECKS: Registry[OperationCheck] = Registry()


@dataclass(frozen=True)
class CheckResult:
    check: OperationCheck
    finding: CheckFinding | None


def run_checks(*, only_quick: bool = False) -> list[CheckResult]:
    """Run each check and sort the results: what is wrong comes first, the most urgent
    before all. A check that fails itself is a finding, and ends no other."""
    results: list[CheckResult] = []
    for check in CHECKS:
        if (check.is_quick or not only_quick) and _can_be_asked(check, results):
            results.append(CheckResult(check, _found(check)))
    return sorted(results, key=lambda r: (r.finding is None, r.check.urgency))


def _can_be_asked(check: OperationCheck, before: list[CheckResult]) -> bool:
    """Decide whether a check's answer would mean anything after what was found before
    it."""
    wrong = {result.check.name for result in before if result.finding}
    # After half a restoration rows are those of two different times: a check that reads
    # them would report faults that aren't there.
    is_half = _restore_again() in [result.finding for result in before]
    says_nothing = check.needs in wrong or (check.asks_database and is_half)
    return check.applies() and not says_nothing


def _found(check: OperationCheck) -> CheckFinding | None:
    try:
        return check.find()
    # Any error: a check runs when the server is already broken, and one that stops the
    # command would hide all the others.
    except Exception as error:
        return CheckFinding(
            _("This could not be checked: %(error)s.")
            % {"error": format_error_name(error)},
            _("Fix the other problems listed here, then check again."),
        )


def check(
    title: Promise,
    *,
    quick: bool = True,
    urgency: RepairUrgency = RepairUrgency.TODAY,
    needs: str = "",
    database: bool = True,
    applies: Callable[[], bool] = lambda: True,
) -> Callable[[Callable[[], CheckFinding | None]], Callable[[], CheckFinding | None]]:
    def add(
        find: Callable[[], CheckFinding | None],
    ) -> Callable[[], CheckFinding | None]:
        name = find.__name__
        CHECKS.append(
            OperationCheck(name, title, find, quick, urgency, needs, database, applies)
        )
        return find

    return add


# --- the installation

RESTART = ("systemctl restart amana amana-tasks amana-timers amana-audit",)


# Before all others: no service begins on it, and its rows are not the right ones yet.
@check(gettext_lazy("Restoration"), urgency=RepairUrgency.FIRST)
def check_restoration() -> CheckFinding | None:
    return _restore_again() if restoring.is_unfinished() else None


def _restore_again() -> CheckFinding:
    return CheckFinding(
        _(
            "A restoration was interrupted, so no service works with this database. "
            "Until it is completed, nothing else in the database is checked."
        ),
        _(
            "Run “amana restore” again with the same archives and keys, as described "
            "in docs/operations/backup.md. You don’t have to delete anything first."
        ),
    )


@check(gettext_lazy("Settings"), database=False)
def check_settings() -> CheckFinding | None:
    missing = format_list(sorted(_missing()))
    if settings.DEMO or not missing:
        return None
    return CheckFinding(
        _("Not set, or still set for development: %(names)s.") % {"names": missing},
        _(
            "Set them in /etc/amana.env as described in docs/operations/settings.md, "
            "then restart the services."
        ),
        RESTART,
    )


def _missing() -> Iterator[str]:
    if not settings.PRODUCTION:
        yield "AMANA_PRODUCTION"
    if not settings.ADDRESS.startswith("https://"):
        yield "ADDRESS"
    if {*settings.ALLOWED_HOSTS} <= {*settings.HERE}:
        yield "ALLOWED_HOSTS"
    if not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        yield "TRUSTED_PROXIES"
    for name in ("MAIL_HOST", "BACKUP_FOLDER", *RECIPIENTS):
        if not getattr(settings, name):
            yield name


RECIPIENTS = ("BACKUP_DATA_RECIPIENT", "BACKUP_KEYS_RECIPIENT")


@check(gettext_lazy("Database connection"), urgency=RepairUrgency.FIRST, database=False)
def check_database_connection() -> CheckFinding | None:
    """Find a database on another machine that is reached without TLS, or whose
    certificate is not verified."""
    named = connection.settings_dict
    # A socket or this machine itself: nothing passes over a network.
    is_here = named["HOST"].startswith("/") or named["HOST"] in ("", *settings.HERE)
    if is_here or named["OPTIONS"].get("sslmode") == "verify-full":
        return None
    return CheckFinding(
        _(
            "Nothing verifies that the database is yours, or that no one else can "
            "read what is sent to it."
        ),
        _(
            "Add ?sslmode=verify-full&sslrootcert=FILE after the address in "
            "DATABASE_URL. FILE contains the certificate of the authority that "
            "signed the database’s certificate."
        ),
    )


@check(
    gettext_lazy("Security contact"), urgency=RepairUrgency.THIS_WEEK, database=False
)
def check_security_contact() -> CheckFinding | None:
    """Find a contact that is not valid for another month. To set none is no mistake."""
    now = timezone.now()
    holds = all(security_contact.is_valid(at) for at in (now, now + SOON))
    if not settings.SECURITY_CONTACT or holds:
        return None
    return CheckFinding(
        _(
            "/.well-known/security.txt is not shown, or only for a few more weeks: "
            "SECURITY_CONTACT or SECURITY_CONTACT_UNTIL is not valid."
        ),
        _(
            "Enter addresses that begin with mailto:, tel: or https:, and a date "
            "within the next year until which someone is certain to read them. Then "
            "restart the services."
        ),
        RESTART,
    )


@check(
    gettext_lazy("Access to files"),
    quick=False,
    urgency=RepairUrgency.FIRST,
    database=False,
)
def check_file_access() -> CheckFinding | None:
    """Find keys, the database and its companions that others than their owner can
    read."""
    # The bits of group and others both: `chmod go=` is what the finding proposes.
    wide = [str(p) for p in list_private_files() if p.stat().st_mode & OTHERS]
    if not wide:
        return None
    return CheckFinding(
        _("Other accounts on this machine can read: %(files)s.")
        % {"files": format_list(wide)},
        _("Run on the server:"),
        (f"chmod go= {shlex.join(wide)}",),
    )


OTHERS = stat.S_IRWXG | stat.S_IRWXO


def list_private_files() -> list[Path]:
    keys = [
        settings.AUDIT_LOG_KEY_FILE,
        settings.AUDIT_ANCHOR,
        settings.WITNESS_KEY_FILE,
        settings.FACTS_KEY_FILE,
        settings.CERTIFICATE_KEYS,
        settings.LTI_KEY_FILE,
        settings.ERASED_LIST,
    ]
    found = [Path(key) for key in keys]
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        # SQLite's companions hold the same rows as the database itself.
        found += [Path(name + end) for end in ("", "-wal", "-shm")]
    return sorted(path for path in found if path.exists())


@check(
    gettext_lazy("Translations"),
    quick=False,
    urgency=RepairUrgency.THIS_WEEK,
    database=False,
)
def check_translations() -> CheckFinding | None:
    old = [
        str(source.parents[1].name)
        for folder in settings.LOCALE_PATHS
        for source in sorted(Path(folder).glob("*/LC_MESSAGES/django.po"))
        if _is_older(source.with_suffix(".mo"), source)
    ]
    if not old:
        return None
    return CheckFinding(
        _("Changed but not compiled since: %(languages)s.")
        % {"languages": format_list(old)},
        _("Run as root, in /opt/amana:"),
        (".venv/bin/python -m tools.translations compile",),
    )


def _is_older(made: Path, source: Path) -> bool:
    return not made.exists() or made.stat().st_mtime < source.stat().st_mtime


@check(gettext_lazy("Database"), urgency=RepairUrgency.FIRST)
def check_migrations() -> CheckFinding | None:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return None
    return CheckFinding(
        _("Pending changes to the database: %(number)s.") % {"number": len(plan)},
        _("Make a backup first, then change the database:"),
        ("amana backup", "amana migrate"),
    )


# --- the services


def list_start_commands(service: str) -> tuple[str, ...]:
    return f"systemctl start {service}", f"journalctl -eu {service}"


@check(gettext_lazy("Timers"), urgency=RepairUrgency.NOW)
def check_timer_process() -> CheckFinding | None:
    last = TimerRun.objects.aggregate(last=Max("tried_at"))["last"]
    if last is not None and last > timezone.now() - SILENT:
        return None
    return CheckFinding(
        _(
            "No process is running the timers: consents don’t end on time, and no "
            "one is notified of late referrals."
        ),
        _("Start its service. If it stops again, its journal shows why:"),
        list_start_commands("amana-timers"),
    )


@check(gettext_lazy("Each timer"), needs="check_timer_process")
def check_timers() -> CheckFinding | None:
    """Find timers that fail. Where no process runs any, only that has to be fixed."""
    missed = timer_runs.find_missed(timezone.now())
    if not missed:
        return None
    errors = dict(TimerRun.objects.values_list("command", "error"))
    names = [_with(m.timer.command, errors[m.timer.command]) for m in missed]
    return CheckFinding(
        _("These did not complete when they should have: %(names)s.")
        % {"names": format_list(names)},
        _("Run one by hand and read its output:"),
        (f"amana timers --only {missed[0].timer.command}",),
    )


def _with(command: str, error: str) -> str:
    return f"{command} ({error})" if error else command


@check(gettext_lazy("Background task worker"), urgency=RepairUrgency.NOW)
def check_worker() -> CheckFinding | None:
    since = timezone.now() - WAIT
    if not queue.find_waiting_tasks().filter(enqueued_at__lt=since).exists():
        return None
    return CheckFinding(
        _("Tasks have been waiting for more than five minutes: messages reach no one."),
        _("Start its service. If it stops again, its journal shows why:"),
        list_start_commands("amana-tasks"),
    )


@check(gettext_lazy("Background tasks"))
def check_failed_tasks() -> CheckFinding | None:
    number = queue.find_failed_tasks().count()
    if not number:
        return None
    if messages := queue.find_failed_messages().count():
        return CheckFinding(
            _(
                "Failed background tasks: %(number)s. For %(messages)s of them, the "
                "mail server accepted no message. People can still see in Amana what "
                "is new."
            )
            % {"number": number, "messages": messages},
            _(
                "Check the mail server and MAIL_HOST, MAIL_PORT, MAIL_USER and "
                "MAIL_PASSWORD. Then run the tasks again under “Oversight › Background "
                "tasks”."
            ),
            page=TASKS,
        )
    return CheckFinding(
        _("Failed background tasks: %(number)s.") % {"number": number},
        _(
            "An administrator or coordinator can run them again under “Oversight › "
            "Background tasks”."
        ),
        page=TASKS,
    )


@check(gettext_lazy("Log sealing"), urgency=RepairUrgency.NOW)
def check_sealer() -> CheckFinding | None:
    # Not by time: the few that wait would be looked for among all entries.
    waiting = AuditPending.objects.select_related("event").order_by("pk")
    oldest = waiting.first()
    if oldest is None or oldest.event.at >= timezone.now() - WAIT:
        return None
    return CheckFinding(
        _("Log entries have been waiting to be sealed for more than five minutes."),
        _("Start its service. If it stops again, its journal shows why:"),
        list_start_commands("amana-audit"),
    )


@check(gettext_lazy("Log key"), urgency=RepairUrgency.FIRST)
def check_log_key() -> CheckFinding | None:
    """Find a log that was signed with another server's key: this one would make a new
    key, and sign what no one trusts."""
    newest = Checkpoint.objects.order_by("-size").first()
    if newest is None or _is_signed_here(newest.note):
        return None
    return CheckFinding(
        _(
            "The log was signed with a different key from the one in "
            "AUDIT_LOG_KEY_FILE here."
        ),
        _(
            "Stop this server. Copy to it the key and the anchor (AUDIT_ANCHOR) of "
            "the server that signed the log, then start it again."
        ),
    )


def _is_signed_here(note: str) -> bool:
    if not Path(settings.AUDIT_LOG_KEY_FILE).exists():
        return False  # to ask for it would make one
    try:
        sealing.read_signed_head(note)
    except (LogBroken, KeyError):
        return False
    return True


@check(gettext_lazy("Mail"), quick=False, database=False)
def check_mail() -> CheckFinding | None:
    if not settings.MAIL_HOST:
        return None  # named with the settings
    try:
        server = mailers.default
        server.open()
        server.close()
    except (OSError, SMTPException) as error:
        return CheckFinding(
            _("The mail server doesn’t accept our messages: %(error)s.")
            % {"error": format_error_name(error)},
            _(
                "Check MAIL_HOST, MAIL_PORT, MAIL_USER and MAIL_PASSWORD, and "
                "whether the network allows connections from this server."
            ),
        )
    return None


# --- the machine


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
            _("No copy of the database is known here that is less than two days old."),
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
