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
from amana.trust.alarms import timers
from amana.trust.alarms.models import TimerRun
from amana.trust.audit import sealing
from amana.trust.audit.models import AuditPending, Checkpoint
from amana.trust.audit.offline_verifier import Wrong
from amana.trust.backup import archiving, kept, restoring
from amana.trust.operation import queue, security_contact
from amana.trust.vault import heartbeat
from amana.ui.sentences import listed
from amana.unattended import name_of

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


class Urgency(models.IntegerChoices):
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
        return "late" if self <= Urgency.NOW else "due"


@dataclass(frozen=True)
class Page:
    """A page on which a fault is fixed."""

    label: Promise
    name: str
    """Of its URL."""


TASKS = Page(gettext_lazy("Background tasks"), "operation:tasks")
RETENTION = Page(gettext_lazy("Retention"), "retention:now")


@dataclass(frozen=True)
class Finding:
    """What is wrong, and how to fix it."""

    what: str
    mend: str
    commands: tuple[str, ...] = ()
    """What to type for it on the server. Never what destroys: that is in the
    sentence, behind its condition."""
    page: Page | None = None

    def __str__(self) -> str:
        return " ".join([self.what, self.mend, *self.commands])


@dataclass(frozen=True)
class Check:
    name: str
    title: Promise
    find: Callable[[], Finding | None]
    is_quick: bool = True
    """Whether a page may ask it: neither the network nor the whole disk."""
    urgency: Urgency = Urgency.TODAY
    needs: str = ""
    """The name of another, before it: while that one is wrong, this can’t be asked."""
    asks_database: bool = True
    """Whether it reads rows, which mean nothing after half a restoration."""
    applies: Callable[[], bool] = lambda: True
    """Whether this installation has what it asks about."""


CHECKS: Registry[Check] = Registry()


@dataclass(frozen=True)
class Result:
    check: Check
    finding: Finding | None


def run(*, only_quick: bool = False) -> list[Result]:
    """Run each check and sort the results: what is wrong comes first, the most urgent
    before all. A check that fails itself is a finding, and ends no other."""
    results: list[Result] = []
    for check in CHECKS:
        if (check.is_quick or not only_quick) and _can_be_asked(check, results):
            results.append(Result(check, _found(check)))
    return sorted(results, key=lambda r: (r.finding is None, r.check.urgency))


def _can_be_asked(check: Check, before: list[Result]) -> bool:
    """Decide whether a check's answer would mean anything after what was found before
    it."""
    wrong = {result.check.name for result in before if result.finding}
    # After half a restoration rows are those of two different times: a check that reads
    # them would report faults that aren't there.
    is_half = _restore_again() in [result.finding for result in before]
    says_nothing = check.needs in wrong or (check.asks_database and is_half)
    return check.applies() and not says_nothing


def _found(check: Check) -> Finding | None:
    try:
        return check.find()
    # Any error: a check runs when the server is already broken, and one that stops the
    # command would hide all the others.
    except Exception as error:
        return Finding(
            _("This could not be checked: %(error)s.") % {"error": name_of(error)},
            _("Fix the other problems listed here, then check again."),
        )


def check(
    title: Promise,
    *,
    quick: bool = True,
    urgency: Urgency = Urgency.TODAY,
    needs: str = "",
    database: bool = True,
    applies: Callable[[], bool] = lambda: True,
) -> Callable[[Callable[[], Finding | None]], Callable[[], Finding | None]]:
    def add(find: Callable[[], Finding | None]) -> Callable[[], Finding | None]:
        name = find.__name__
        CHECKS.append(
            Check(name, title, find, quick, urgency, needs, database, applies)
        )
        return find

    return add


# --- the installation

RESTART = ("systemctl restart amana amana-tasks amana-timers amana-audit",)


# Before all others: no service begins on it, and its rows are not the right ones yet.
@check(gettext_lazy("Restoration"), urgency=Urgency.FIRST)
def restoration_unfinished() -> Finding | None:
    return _restore_again() if restoring.is_unfinished() else None


def _restore_again() -> Finding:
    return Finding(
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
def settings_missing() -> Finding | None:
    missing = listed(sorted(_missing()))
    if settings.DEMO or not missing:
        return None
    return Finding(
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


@check(gettext_lazy("Database connection"), urgency=Urgency.FIRST, database=False)
def database_in_the_clear() -> Finding | None:
    """Find a database on another machine that is reached without TLS, or whose
    certificate is not verified."""
    named = connection.settings_dict
    # A socket or this machine itself: nothing passes over a network.
    is_here = named["HOST"].startswith("/") or named["HOST"] in ("", *settings.HERE)
    if is_here or named["OPTIONS"].get("sslmode") == "verify-full":
        return None
    return Finding(
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


@check(gettext_lazy("Security contact"), urgency=Urgency.THIS_WEEK, database=False)
def security_contact_ends() -> Finding | None:
    """Find a contact that is not valid for another month. To set none is no mistake."""
    now = timezone.now()
    holds = all(security_contact.is_true(at) for at in (now, now + SOON))
    if not settings.SECURITY_CONTACT or holds:
        return None
    return Finding(
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
    urgency=Urgency.FIRST,
    database=False,
)
def files_open_to_others() -> Finding | None:
    """Find keys, the database and its companions that others than their owner can
    read."""
    # The bits of group and others both: `chmod go=` is what the finding proposes.
    wide = [str(p) for p in private_files() if p.stat().st_mode & OTHERS]
    if not wide:
        return None
    return Finding(
        _("Other accounts on this machine can read: %(files)s.")
        % {"files": listed(wide)},
        _("Run on the server:"),
        (f"chmod go= {shlex.join(wide)}",),
    )


OTHERS = stat.S_IRWXG | stat.S_IRWXO


def private_files() -> list[Path]:
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
    urgency=Urgency.THIS_WEEK,
    database=False,
)
def translations_not_compiled() -> Finding | None:
    old = [
        str(source.parents[1].name)
        for folder in settings.LOCALE_PATHS
        for source in sorted(Path(folder).glob("*/LC_MESSAGES/django.po"))
        if _is_older(source.with_suffix(".mo"), source)
    ]
    if not old:
        return None
    return Finding(
        _("Changed but not compiled since: %(languages)s.")
        % {"languages": listed(old)},
        _("Run as root, in /opt/amana:"),
        (".venv/bin/python -m tools.translations compile",),
    )


def _is_older(made: Path, source: Path) -> bool:
    return not made.exists() or made.stat().st_mtime < source.stat().st_mtime


@check(gettext_lazy("Database"), urgency=Urgency.FIRST)
def migrations_pending() -> Finding | None:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return None
    return Finding(
        _("Pending changes to the database: %(number)s.") % {"number": len(plan)},
        _("Make a backup first, then change the database:"),
        ("amana backup", "amana migrate"),
    )


# --- the services


def start(service: str) -> tuple[str, ...]:
    return f"systemctl start {service}", f"journalctl -eu {service}"


@check(gettext_lazy("Timers"), urgency=Urgency.NOW)
def timers_not_running() -> Finding | None:
    last = TimerRun.objects.aggregate(last=Max("tried_at"))["last"]
    if last is not None and last > timezone.now() - SILENT:
        return None
    return Finding(
        _(
            "No process is running the timers: consents don’t end on time, and no "
            "one is notified of late referrals."
        ),
        _("Start its service. If it stops again, its journal shows why:"),
        start("amana-timers"),
    )


@check(gettext_lazy("Each timer"), needs="timers_not_running")
def timers_missed() -> Finding | None:
    """Find timers that fail. Where no process runs any, only that has to be fixed."""
    missed = timers.find_missed(timezone.now())
    if not missed:
        return None
    errors = dict(TimerRun.objects.values_list("command", "error"))
    names = [_with(m.timer.command, errors[m.timer.command]) for m in missed]
    return Finding(
        _("These did not complete when they should have: %(names)s.")
        % {"names": listed(names)},
        _("Run one by hand and read its output:"),
        (f"amana timers --only {missed[0].timer.command}",),
    )


def _with(command: str, error: str) -> str:
    return f"{command} ({error})" if error else command


@check(gettext_lazy("Background task worker"), urgency=Urgency.NOW)
def worker_not_running() -> Finding | None:
    since = timezone.now() - WAIT
    if not queue.waiting().filter(enqueued_at__lt=since).exists():
        return None
    return Finding(
        _("Tasks have been waiting for more than five minutes: messages reach no one."),
        _("Start its service. If it stops again, its journal shows why:"),
        start("amana-tasks"),
    )


@check(gettext_lazy("Background tasks"))
def tasks_failed() -> Finding | None:
    number = queue.all_failed().count()
    if not number:
        return None
    if messages := queue.messages_failed().count():
        return Finding(
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
    return Finding(
        _("Failed background tasks: %(number)s.") % {"number": number},
        _(
            "An administrator or coordinator can run them again under “Oversight › "
            "Background tasks”."
        ),
        page=TASKS,
    )


@check(gettext_lazy("Log sealing"), urgency=Urgency.NOW)
def sealer_not_running() -> Finding | None:
    # Not by time: the few that wait would be looked for among all entries.
    waiting = AuditPending.objects.select_related("event").order_by("pk")
    oldest = waiting.first()
    if oldest is None or oldest.event.at >= timezone.now() - WAIT:
        return None
    return Finding(
        _("Log entries have been waiting to be sealed for more than five minutes."),
        _("Start its service. If it stops again, its journal shows why:"),
        start("amana-audit"),
    )


@check(gettext_lazy("Log key"), urgency=Urgency.FIRST)
def log_key_of_another_server() -> Finding | None:
    """Find a log that was signed with another server's key: this one would make a new
    key, and sign what no one trusts."""
    newest = Checkpoint.objects.order_by("-size").first()
    if newest is None or _is_signed_here(newest.note):
        return None
    return Finding(
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
        sealing.head_signed(note)
    except (Wrong, KeyError):
        return False
    return True


@check(gettext_lazy("Mail"), quick=False, database=False)
def mail_not_answering() -> Finding | None:
    if not settings.MAIL_HOST:
        return None  # named with the settings
    try:
        server = mailers.default
        server.open()
        server.close()
    except (OSError, SMTPException) as error:
        return Finding(
            _("The mail server doesn’t accept our messages: %(error)s.")
            % {"error": name_of(error)},
            _(
                "Check MAIL_HOST, MAIL_PORT, MAIL_USER and MAIL_PASSWORD, and "
                "whether the network allows connections from this server."
            ),
        )
    return None


# --- the machine


@check(gettext_lazy("Clock"), urgency=Urgency.FIRST)
def clock_in_doubt() -> Finding | None:
    if heartbeat.is_in_doubt():
        return Finding(
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
    apart = abs(database_time() - timezone.now())
    if apart < CLOCKS_APART:
        return None
    return Finding(
        _(
            "The clocks of this server and of the database are %(seconds)s seconds "
            "apart."
        )
        % {"seconds": round(apart.total_seconds())},
        _("Set both servers to take the time from the network (NTP)."),
    )


def database_time() -> datetime:
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        [at] = cursor.fetchone()
    found: datetime = at
    return found


@check(gettext_lazy("Disk"), urgency=Urgency.NOW, database=False)
def disk_nearly_full() -> Finding | None:
    kept_in = [Path(settings.WAL_FOLDER)] if settings.WAL_FOLDER else []
    places = [*disks(), *(path for path in kept_in if path.exists())]
    full = [path for path in places if _is_nearly_full(path)]
    if not full:
        return None
    return Finding(
        _("Disk nearly full: %(folders)s.")
        % {"folders": listed([str(path) for path in full])},
        _(
            "Free some space, or use a larger disk. Start with old key archives: "
            "they are kept for 14 days."
        ),
    )


def disks() -> list[Path]:
    folders = [settings.VAR]
    if settings.BACKUP_FOLDER:
        folders.append(Path(settings.BACKUP_FOLDER))
    return [Path(folder) for folder in folders if Path(folder).exists()]


@dataclass(frozen=True)
class Space:
    """A disk, and how much is free on it."""

    label: str | Promise
    free: int


def free_space() -> list[Space]:
    labels = (_("Free for data"), _("Free for backups"))
    sizes = [shutil.disk_usage(path).free for path in disks()]
    return [Space(label, free) for label, free in zip(labels, sizes, strict=False)]


def _is_nearly_full(path: Path) -> bool:
    disk = shutil.disk_usage(path)
    return disk.free < max(GIB, min(disk.total // 10, 10 * GIB))


@check(gettext_lazy("Backup"), database=False)
def backup_missing() -> Finding | None:
    last = kept.last_backup()
    if settings.DEMO or (last and last > timezone.now() - BACKUP_AGE):
        return None
    return Finding(
        _("The last backup is older than a week.")
        if last
        else _("No backup is known here."),
        _("Make one now, and find out why none is made each night:")
        if settings.BACKUP_FOLDER
        else _("Set BACKUP_FOLDER and both recipients, then make one now:"),
        ("amana timers --only backup",),
    )


def keeps_moments() -> bool:
    return archiving.is_wanted()


@check(gettext_lazy("Point-in-time recovery"), applies=keeps_moments)
def moments_not_kept() -> Finding | None:
    """Find why point-in-time recovery would fail. On PostgreSQL, changes are archived
    each minute, in addition to last night's copy."""
    state = archiving.state()
    # In this order: each cause produces the findings below it, so only the first one is
    # worth fixing.
    if not state.may_replicate:
        return Finding(
            _(
                "The database doesn’t allow Amana to keep the changes made since last "
                "night."
            ),
            _("Run as root on the database machine:"),
            (psql("ALTER ROLE amana REPLICATION"),),
        )
    if not state.copied_at or state.copied_at < timezone.now() - COPY_AGE:
        return Finding(
            _("No copy of the database is known here that is less than two days old."),
            _("Make one now, and find out why none is made each night:"),
            ("amana timers --only base_backup",),
        )
    if not state.is_holding:
        return Finding(
            _(
                "The database no longer has the next changes to be kept: you can’t "
                "go back to any moment after that."
            ),
            _("Start again with a copy, and check that WAL_FOLDER has room:"),
            ("amana timers --only base_backup",),
        )
    if state.kept_at and state.kept_at < timezone.now() - CHANGES_AGE:
        return Finding(
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
    needs="moments_not_kept",
    applies=keeps_moments,
)
def moments_not_bounded() -> Finding | None:
    state = archiving.state()
    if not state.is_bounded:
        return Finding(
            _(
                "If WAL_FOLDER can’t be written to for a long time, the database "
                "keeps all changes, fills its own disk and stops."
            ),
            _("Set a limit, as root on the database machine:"),
            (psql("ALTER SYSTEM SET max_slot_wal_keep_size = '10GB'"), RELOAD),
        )
    if not 0 < state.waits_for <= LONGEST_WAIT:
        return Finding(
            _("Changes may wait more than five minutes to be kept."),
            _("Shorten this wait, as root on the database machine:"),
            (psql("ALTER SYSTEM SET archive_timeout = '5min'"), RELOAD),
        )
    return None


def psql(statement: str) -> str:
    return f'runuser -u postgres -- psql -c "{statement}"'


RELOAD = psql("SELECT pg_reload_conf()")
