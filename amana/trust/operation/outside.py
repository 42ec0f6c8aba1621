"""Files that lie outside the database and belong to it: keys, and lists that the
database is compared with. Servers that work on one database share them.

The first server of an installation makes them, and the database notes that it has. From
then on a server on which one is missing, or is a different one, does not start: it
would sign with a key that no one trusts, or seal what no one can open.

An upper room adds its own: `OUTSIDE.append(Kept(…))` in its `apps.ready()`."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError
from django.db import Error, transaction
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.registry import Registry
from amana.trust.audit import anchor, log, log_keys
from amana.trust.audit.models import Checkpoint
from amana.trust.operation import checks
from amana.trust.operation.checks import CheckFinding
from amana.trust.operation.models import OutsideFile
from amana.trust.vault.models import ErasedLine
from amana.ui.labels import format_list
from amana.unattended import format_error_name


@dataclass(frozen=True)
class OutsideFolder:
    """A file, or a folder of them, that a setting names."""

    setting: str
    identify: Callable[[], str]
    """Of the file that is there: the public half of its key; empty for one that
    changes. Makes none."""
    make: Callable[[], object] = lambda: None
    """Makes it where an installation begins."""
    is_there: Callable[[], bool] | None = None
    """Where it takes more than that the path exists."""

    @property
    def exists(self) -> bool:
        if self.is_there is not None:
            return self.is_there()
        return Path(getattr(settings, self.setting)).exists()

    @property
    def fingerprint(self) -> str:
        text = self.identify()
        return hashlib.sha256(text.encode()).hexdigest() if text else ""


def skip_fingerprint() -> str:
    """Give a file that changes while people work no fingerprint."""
    return ""


# --- those of the ground floor


def make_anchor() -> None:
    """Write an empty anchor, where no checkpoint has been signed yet."""
    # Only before the first checkpoint. Later a missing anchor means that the log could
    # have been cut back, which an empty one would hide.
    if not anchor.get_path().exists() and not Checkpoint.objects.exists():
        anchor.write(anchor.LogAnchor(notes=("",)))


def make_erased_list() -> None:
    path = Path(settings.ERASED_LIST)
    # A new empty list would bring erased cases back at the next restoration: it names
    # what a backup must not restore (ADR 54).
    if not path.exists() and not ErasedLine.objects.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)


OUTSIDE: Registry[OutsideFolder] = Registry(
    [
        OutsideFolder(
            "AUDIT_LOG_KEY_FILE",
            lambda: log_keys.get_public_half(Path(settings.AUDIT_LOG_KEY_FILE)),
            lambda: log_keys.get_public_half(Path(settings.AUDIT_LOG_KEY_FILE)),
        ),
        OutsideFolder(
            "WITNESS_KEY_FILE",
            lambda: log_keys.get_public_half(Path(settings.WITNESS_KEY_FILE)),
            lambda: log_keys.get_public_half(Path(settings.WITNESS_KEY_FILE)),
        ),
        OutsideFolder("AUDIT_ANCHOR", skip_fingerprint, make_anchor),
        OutsideFolder("ERASED_LIST", skip_fingerprint, make_erased_list),
    ]
)


# --- held against the database


def find_wrong() -> dict[str, list[str]]:
    """Find the settings whose file is missing, and those whose file is a different
    one."""
    rows = OutsideFile.objects.in_bulk()
    known = [(kept, rows[kept.setting]) for kept in OUTSIDE if kept.setting in rows]
    return {
        "missing": [kept.setting for kept, _row in known if not kept.exists],
        "another": [
            kept.setting
            for kept, row in known
            if kept.exists and row.fingerprint != kept.fingerprint
        ],
    }


def check_outside_files() -> CheckFinding | None:
    """Find out whether this server has the files that belong to its database."""
    wrong = find_wrong()
    said = []
    if wrong["missing"]:
        said.append(
            _("Missing here: %(files)s.") % {"files": format_places(wrong["missing"])}
        )
    if wrong["another"]:
        said.append(
            _("Don’t belong to this database: %(files)s.")
            % {"files": format_places(wrong["another"])}
        )
    if not said:
        return None
    names = [*wrong["missing"], *wrong["another"]]
    if is_irreplaceable(names[0]):
        mend = _("Put its copy back: the log key can’t be replaced.")
    else:
        mend = _(
            "Put the right file back, from the safe or from the server that first "
            "used this database: no service starts until then. Only if it is lost "
            "for good: %(command)s"
        ) % {"command": f"amana lost_file {names[0]}"}
    return CheckFinding(" ".join(said), mend)


def format_places(names: list[str]) -> str:
    """Format settings, each with where it expects its file."""
    return format_list([f"{name} ({getattr(settings, name)})" for name in names])


def is_irreplaceable(setting: str) -> bool:
    """Check that what was signed with it can be verified with no other file."""
    return setting == "AUDIT_LOG_KEY_FILE" and Checkpoint.objects.exists()


def require_files() -> None:
    """Require the files that belong to the database before a service starts; the first
    server of an installation makes them. Raises `CommandError` where one is missing or
    differs, or the database does not answer."""
    try:
        _require_right()
        record_new_files()
        _require_right()  # another server may have been the first meanwhile
    except Error as error:
        raise CommandError(
            f"The database does not answer, or “amana migrate” has not run: "
            f"{format_error_name(error)}."
        ) from error


def _require_right() -> None:
    for find in (check_outside_files, checks.check_log_key):
        if finding := find():
            raise CommandError(str(finding))


def record_new_files() -> None:
    """Record the files that the database does not know yet, and make those that are
    missing."""
    known = set(OutsideFile.objects.values_list("pk", flat=True))
    for kept in OUTSIDE:
        if kept.setting in known:
            continue
        kept.make()
        if kept.exists:
            # Two first servers may start together: the row of the earlier one is kept,
            # and the second check in `require_files` stops the other.
            OutsideFile.objects.get_or_create(
                pk=kept.setting, defaults={"fingerprint": kept.fingerprint}
            )


@transaction.atomic
def give_up_file(setting: str) -> bool:
    """Forget a file that is lost for good, so that services start without it. The next
    start makes another where that is possible, or records the one that is there.
    Returns False where none was known; raises `Refused` for the log's key, once it has
    signed."""
    if is_irreplaceable(setting):
        raise Refused(_("Put its copy back: the log key can’t be replaced."))
    gone, _rows = OutsideFile.objects.filter(pk=setting).delete()
    if gone:
        log.record("gave up file", by=None, setting=setting)
    return bool(gone)
