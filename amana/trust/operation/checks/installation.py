"""Checks of the installation: settings, files, migrations."""

import shlex
import stat
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.trust.backup import restoring
from amana.trust.operation import security_contact
from amana.trust.operation.checks.check_runs import (
    RESTART,
    SOON,
    CheckFinding,
    RepairUrgency,
    build_restoration_finding,
    check,
)
from amana.ui.labels import format_list


# Before all others: no service begins on it, and its rows are not the right ones yet.
@check(gettext_lazy("Restoration"), urgency=RepairUrgency.FIRST)
def check_restoration() -> CheckFinding | None:
    return build_restoration_finding() if restoring.is_unfinished() else None


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
