"""The doctor finds each planted mistake, says how to mend it, and finds nothing more
where all is well."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.tasks import TaskResultStatus
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from amana import given
from amana.trust.access.models import Role
from amana.trust.alarms import timer_runs
from amana.trust.alarms.models import TimerRun
from amana.trust.audit import log, sealing
from amana.trust.backup import archiving, databases, restoring
from amana.trust.backup.archiving import ArchivingState
from amana.trust.operation import checks
from amana.trust.operation.checks import CHECKS, GIB, CheckFinding, RepairUrgency
from amana.trust.vault import heartbeat
from amana.trust.vault.models import Heartbeat
from tests.patching import replace_everywhere

pytestmark = pytest.mark.django_db

DATA, KEYS = (f"amana-{part}-20261129T014000Z-a1b2c3.age" for part in ("data", "keys"))


@pytest.fixture(autouse=True)
def _well(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation in which all is well."""
    settings.PRODUCTION = True
    settings.DEMO = False
    settings.ADDRESS = "https://amana.example.org"
    settings.ALLOWED_HOSTS = ["amana.example.org", "testserver"]
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.MAIL_HOST = "localhost"
    settings.BACKUP_DATA_RECIPIENT, settings.BACKUP_KEYS_RECIPIENT = "age1a", "age1b"
    settings.VAR = tmp_path
    settings.BACKUP_FOLDER = str(tmp_path / "backups")
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    for name in ("ERASED_LIST", "FACTS_KEY_FILE", "LTI_KEY_FILE", "WITNESS_KEY_FILE"):
        setattr(settings, name, tmp_path / name.lower())
        (tmp_path / name.lower()).touch(mode=0o600)
    settings.CERTIFICATE_KEYS = tmp_path / "certificates"
    settings.CERTIFICATE_KEYS.mkdir(mode=0o700)
    make_backup(tmp_path / "backups")
    make_translations(tmp_path / "locale")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: disk(free=50 * GIB))
    private = checks.list_private_files
    replace_everywhere(
        monkeypatch,
        checks,
        "list_private_files",  # those of the tests' own database are not looked at
        lambda: [path for path in private() if path.is_relative_to(tmp_path)],
    )
    replace_everywhere(monkeypatch, checks, "mailers", SimpleNamespace(default=Post()))
    TimerRun.objects.all().delete()
    timer_runs.notify_missed()
    TimerRun.objects.update(tried_at=timezone.now())
    heartbeat.record_heartbeat()
    sealing.seal_all()


class Post:
    """A mail server that answers."""

    def open(self) -> None: ...

    def close(self) -> None: ...


def disk(*, free: int, total: int = 100 * GIB) -> Any:
    return SimpleNamespace(free=free, total=total, used=total - free)


def make_backup(folder: Path) -> None:
    folder.mkdir()
    (folder / DATA).write_text("data")
    (folder / KEYS).write_text("keys")


def make_translations(folder: Path) -> None:
    for language in ("ar", "fr"):
        place = folder / language / "LC_MESSAGES"
        place.mkdir(parents=True)
        (place / "django.po").touch()
        (place / "django.mo").touch()


def wrong() -> dict[str, CheckFinding]:
    return {
        r.check.name: r.finding for r in checks.run_checks() if r.finding is not None
    }


def test_nothing_is_wrong_where_all_is_well() -> None:
    assert wrong() == {}
    said = StringIO()
    call_command("doctor", stdout=said)
    assert "Everything is in order." in said.getvalue()


# --- each planted mistake


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


def enqueue() -> None:
    from django_tasks_db.models import get_date_max

    DBTaskResult.objects.create(
        task_path="amana.trust.access.tasks.notify_user",
        args_kwargs={"args": [1], "kwargs": {}},
        backend_name="default",
        run_after=get_date_max(),
    )


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


def kept(**otherwise: Any) -> ArchivingState:
    """Every moment of PostgreSQL is kept as it should be."""
    now = timezone.now()
    well = ArchivingState(True, True, now, now, waits_for=300, is_bounded=True)
    return replace(well, **otherwise)


def keep_moments(patch: pytest.MonkeyPatch, state: ArchivingState) -> None:
    patch.setattr(archiving, "is_wanted", lambda: True)
    patch.setattr(archiving, "read_state", lambda: state)


@mistake("check_archiving", "kept for 20 minutes", "--only archive_wal")
def _(settings: Any, tmp: Path, patch: pytest.MonkeyPatch) -> None:
    late = kept(kept_at=timezone.now() - timedelta(minutes=21))
    keep_moments(patch, late)


@mistake("check_archive_settings", "fills its own disk", "max_slot_wal_keep_size")
def _(settings: Any, tmp: Path, patch: pytest.MonkeyPatch) -> None:
    keep_moments(patch, kept(is_bounded=False))


@pytest.mark.parametrize("check", sorted(PLANTED))
def test_the_doctor_names_the_planted_mistake_and_says_how_to_mend_it(
    check: str, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant, says, mends = PLANTED[check]
    plant(settings, tmp_path, monkeypatch)

    found = wrong()

    assert set(found) == {check}
    assert says in found[check].what
    assert mends in " ".join([found[check].mend, *found[check].commands])
    said = StringIO()
    with pytest.raises(CommandError, match="1 to fix"):
        call_command("doctor", stdout=said)
    for line in (found[check].mend, *found[check].commands):
        assert line in said.getvalue()


def test_a_database_that_shows_its_certificate_is_well(monkeypatch: Any) -> None:
    options = connection.settings_dict["OPTIONS"] | {"sslmode": "verify-full"}
    monkeypatch.setitem(connection.settings_dict, "HOST", "db.example.org")
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", options)
    assert wrong() == {}


def test_each_check_finds_a_planted_mistake() -> None:
    here = {c.name for c in CHECKS if c.find.__module__.startswith(checks.__name__)}
    assert here == PLANTED.keys()


# --- in which order, and no more than helps

ON_A_WHOLE_DATABASE = sorted(PLANTED.keys() - {"check_restoration"})


def restore_by_half() -> None:
    """Leave what a restoration leaves that was killed after its first table."""
    with connection.cursor() as cursor:
        cursor.execute(databases.MARK)
        cursor.execute("ALTER TABLE alarms_timerrun RENAME TO not_there_yet")


def test_a_half_restoration_is_named_first_and_nothing_else_is_asked_of_it(
    settings: Any,
) -> None:
    """Neither is said to be missing what is only not there yet."""
    settings.BACKUP_KEYS_RECIPIENT = ""
    restore_by_half()

    results = checks.run_checks()

    found = [result.check.name for result in results if result.finding]
    assert found == ["check_restoration", "check_settings"]
    assert not any(r.check.asks_database for r in results[1:])
    said = StringIO()
    with pytest.raises(CommandError, match="2 to fix"):
        call_command("doctor", stdout=said)
    assert said.getvalue().startswith("  WRONG Restoration\n")


def test_the_page_names_a_half_restoration_first() -> None:
    enqueue()
    DBTaskResult.objects.update(status="FAILED")
    with connection.cursor() as cursor:
        cursor.execute(databases.MARK)
    page = given.sign_in(given.make_worker(role=Role.ADMINISTRATOR)).get(
        reverse("operation:state")
    )
    wrong = page.context["wrong"]
    assert [result.check.name for result in wrong] == ["check_restoration"]
    assert "Run “amana restore” again" in page.content.decode()


def test_where_it_could_not_be_asked_the_others_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away() -> bool:
        raise OperationalError("no route")

    monkeypatch.setattr(restoring, "is_unfinished", away)
    assert set(wrong()) == {"check_restoration"}
    assert "check_migrations" in {r.check.name for r in checks.run_checks()}


def test_what_is_most_urgent_comes_first(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for check in ON_A_WHOLE_DATABASE:
        PLANTED[check][0](settings, tmp_path, monkeypatch)
    results = checks.run_checks()
    found = [r.check.urgency for r in results if r.finding]
    assert found == sorted(found)
    assert {*found} == {*RepairUrgency}
    assert all(r.finding is None for r in results[len(found) :])


def test_the_doctor_says_how_urgent_it_is() -> None:
    TimerRun.objects.update(tried_at=timezone.now() - timedelta(hours=1))
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("doctor", stdout=said)
    assert said.getvalue().startswith("  WRONG Timers\n")
    assert "→ Fix now. Start its service." in said.getvalue()


def test_where_no_process_runs_the_timers_they_are_not_named_one_by_one() -> None:
    long_ago = timezone.now() - timedelta(days=3)
    TimerRun.objects.update(at=long_ago, tried_at=long_ago, known_since=long_ago)
    assert set(wrong()) == {"check_timer_process"}
    assert "check_timers" not in {r.check.name for r in checks.run_checks()}  # nor well

    TimerRun.objects.filter(command="watch_log").update(tried_at=timezone.now())
    assert set(wrong()) == {"check_timers"}


def test_a_command_to_type_gives_nothing_up(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is lost by it stands in the sentence, behind its condition."""
    for check in ON_A_WHOLE_DATABASE:
        PLANTED[check][0](settings, tmp_path, monkeypatch)
    typed = [command for finding in wrong().values() for command in finding.commands]
    assert len(typed) > 9
    assert [c for c in typed if re.search(r"\b(rm|lost_file|discard|drop)\b", c)] == []


def test_the_page_leads_to_where_it_is_mended() -> None:
    enqueue()
    DBTaskResult.objects.update(status="FAILED")
    Heartbeat.objects.update(doubted_at=timezone.now())
    page = given.sign_in(given.make_worker(role=Role.ADMINISTRATOR)).get(
        reverse("operation:state")
    )
    main = page.content.decode().partition("<main")[2]
    for name in ("operation:tasks", "retention:now"):
        assert f'class="button" data-kind="plain" href="{reverse(name)}"' in main


# --- what else may be wrong


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
