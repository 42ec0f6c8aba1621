"""The list of what was erased: outside the database, so that an older copy of it, put
back after a loss, doesn't bring back what was destroyed.

A line says what kind it was, how many, when and why, and never whose. Its tokens are
hashes of the ids of the keys that were destroyed: random ids that no page, address or
log ever named, so only a copy of the database that still has those keys can be compared
with them. Each line is signed by the log's key and names the hash of the one before;
else a list would be a way to destroy.
"""

import fcntl
import hashlib
import json
import logging
import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import TextIO
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.audit import log, log_keys
from amana.trust.vault.models import CompartmentKey, ErasedLine

PURPOSE = "amana erased"

logger = logging.getLogger(__name__)


class ListBroken(Exception):
    """A line was changed, left out, or not signed by us."""


class NotApplied(Refused):
    """This database is older than the list: what was erased would come back."""


@dataclass(frozen=True)
class SignedLine:
    """One line, as it is signed."""

    place: int
    kind: str
    on: str
    why: str
    count: int
    tokens: tuple[str, ...]
    by: tuple[str, ...]
    before: str

    @property
    def text(self) -> str:
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))

    @property
    def hash(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @classmethod
    def of(cls, row: ErasedLine) -> "SignedLine":
        return cls(
            place=row.place,
            kind=row.kind,
            on=row.on.isoformat(),
            why=row.why,
            count=row.count,
            tokens=tuple(row.tokens),
            by=tuple(row.by),
            before=row.before,
        )


@dataclass(frozen=True)
class ErasedList:
    """The whole list, checked."""

    lines: tuple[tuple[SignedLine, str], ...] = ()
    tokens: frozenset[str] = frozenset()


def hash_key_id(key: UUID) -> str:
    """Hash the id of a destroyed key into the token that the list has of it."""
    return hashlib.sha256(f"{PURPOSE}:{key}".encode()).hexdigest()


# --- writing


@transaction.atomic
def add(
    kind: str,
    why: ErasedLine.Why,
    *,
    keys: Iterable[UUID] = (),
    count: int = 1,
    by: Collection[User] = (),
) -> ErasedLine:
    """Add a line, in the transaction that erases; the file has it after the commit."""
    # This locks the last row, so that two lines written at once don't get one place.
    if ErasedLine.objects.select_for_update().order_by("-place").first() is None:
        with _held(_path()):  # killed before it is published, a list lacks its first
            pass  # line, and is not missing
    listed = read()
    before = [*listed.lines, *_fresh(listed)]
    line = SignedLine(
        place=len(before) + 1,
        kind=kind,
        on=timezone.localdate().isoformat(),
        why=why,
        count=count,
        tokens=tuple(sorted(hash_key_id(key) for key in keys)),
        by=tuple(user.actor_id for user in by),
        before=before[-1][0].hash if before else "",
    )
    row = ErasedLine.objects.create(
        **asdict(line), signature=log_keys.sign_text(PURPOSE, line.text)
    )
    row.refresh_from_db()
    # Only after the commit: a line in the file whose transaction was rolled back could
    # never be taken out, since each line names the hash of the one before.
    transaction.on_commit(publish)
    return row


def publish() -> None:
    """Write into the file what the database has and the file lacks."""
    _is_new.cache_clear()
    with _held(_path()) as file:
        text = file.read()
        # A line that was cut off when the power failed would join the next one and
        # break the list: it goes first, and `_fresh` writes it again from the database.
        file.truncate(len(_whole(text).encode()))
        fresh = _fresh(_checked(text))
        file.writelines(_written(*pair) for pair in fresh)
        # After a power failure the list must not lack what the committed database has
        # erased.
        file.flush()
        os.fsync(file.fileno())


@transaction.atomic
def _fresh(listed: ErasedList) -> list[tuple[SignedLine, str]]:
    """List the lines that the database has and the file lacks, checked as the file is.
    A row that the log's key has not signed for its place is not ours: written into the
    file it would keep everything shut, so it is deleted, and the log records that.
    """
    known, good = listed, []
    rows = ErasedLine.objects.filter(place__gt=len(listed.lines)).order_by("place")
    for row in rows:
        pair = SignedLine.of(row), row.signature
        try:
            known = _check(_written(*pair), known)
        except ListBroken as error:
            logger.error("A row of the list of what was erased is not ours: %s", error)
            log.record("dropped foreign line", row, by=None, place=row.place)
            ErasedLine.objects.filter(pk=row.pk).delete()
        else:
            good.append(pair)
    return good


def _written(line: SignedLine, signature: str) -> str:
    return f"{signature} {line.text}\n"


@contextmanager
def _held(path: Path) -> Iterator[TextIO]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        path.chmod(0o600)
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        yield file


# --- reading


def _path() -> Path:
    return Path(settings.ERASED_LIST)


def read(path: Path | None = None) -> ErasedList:
    """Read the list, as checked when the file last changed. Raises `ListBroken`."""
    state = _state(path or _path())
    return _read(*state) if state else ErasedList()


def _state(path: Path) -> tuple[Path, int, int] | None:
    try:
        about = path.stat()
    except FileNotFoundError:
        return None
    return path, about.st_mtime_ns, about.st_size


@lru_cache(maxsize=4)
def _read(path: Path, changed: int, size: int) -> ErasedList:
    return _checked(path.read_text())


class _CheckedList:
    """What was read last, and found right: of a list that has only grown since, the
    new lines alone are checked."""

    text, listed = "", ErasedList()


def _whole(text: str) -> str:
    """Leave out a last line that was only half written, as when the power failed."""
    return text[: text.rfind("\n") + 1]


def _checked(text: str) -> ErasedList:
    text = _whole(text)
    known = _CheckedList.listed if text.startswith(_CheckedList.text) else ErasedList()
    there = "".join(text.splitlines(keepends=True)[len(known.lines) :])
    _CheckedList.listed = _check(there, known)
    _CheckedList.text = text
    return _CheckedList.listed


def _check(text: str, known: ErasedList) -> ErasedList:
    """Check the lines of this text, and return them after those that are known. Raises
    `ListBroken`.
    """
    lines = list(known.lines)
    before = lines[-1][0].hash if lines else ""
    for number, written in enumerate(text.splitlines(), start=len(lines) + 1):
        signature, _space, said = written.partition(" ")
        try:
            plain = json.loads(said)
            plain["tokens"], plain["by"] = tuple(plain["tokens"]), tuple(plain["by"])
            line = SignedLine(**plain)
        except (ValueError, TypeError, KeyError) as error:
            raise ListBroken(f"Line {number} can't be read.") from error
        if not log_keys.is_signed(PURPOSE, line.text, signature):
            raise ListBroken(f"Line {number} is not signed by the log's key.")
        if line.place != number or line.before != before:
            raise ListBroken(f"A line is missing before line {number}.")
        before = line.hash
        lines.append((line, signature))
    fresh_tokens = {t for line, _s in lines[len(known.lines) :] for t in line.tokens}
    return ErasedList(tuple(lines), known.tokens | fresh_tokens)


# --- held to


def require_applied() -> None:
    """Require, before anything is opened, that this database is not older than the
    list: such a one is brought up to date first. Raises `NotApplied`. Asks the database
    once for each state of the file.
    """
    state = _state(_path())
    if state is None:
        _require_new()
        return
    # From here on a missing file means a lost file, not a new installation.
    _is_new.cache_clear()
    try:
        applied = _is_applied(str(connection.settings_dict["NAME"]), *state)
    except ListBroken as error:
        raise NotApplied(
            _(
                "The list of erased records has been changed. Nothing can be opened "
                "until the operator has restored the correct list."
            )
        ) from error
    if not applied:
        # Only a yes may be remembered: the operator applies the list from another
        # process.
        _is_applied.cache_clear()
        raise NotApplied(
            _(
                "This database is older than the list of erased records. Nothing can "
                "be opened until the operator has applied the list (apply_erased)."
            )
        )


@lru_cache(maxsize=2)
def _is_applied(database: str, path: Path, changed: int, size: int) -> bool:
    """Return whether the database has the file's last line, and not only one in its
    place.
    """
    lines = _read(path, changed, size).lines
    if not lines:
        return True
    row = ErasedLine.objects.filter(place=len(lines)).first()
    return row is not None and SignedLine.of(row).hash == lines[-1][0].hash


def _require_new() -> None:
    """Require that nothing was ever erased: without a file, the file has been lost
    otherwise. Raises `NotApplied`.
    """
    if not _is_new(str(connection.settings_dict["NAME"]), _path()):
        _is_new.cache_clear()
        raise NotApplied(
            _(
                "The list of erased records is missing. Nothing can be opened until "
                "the operator has restored and applied it (apply_erased)."
            )
        )


@lru_cache(maxsize=2)
def _is_new(database: str, path: Path) -> bool:
    return not ErasedLine.objects.exists()


def is_key_erased(key: UUID) -> bool:
    """Return whether the list names this key as destroyed: then it opens nothing."""
    tokens = read().tokens
    return bool(tokens) and hash_key_id(key) in tokens


def list_erased_cases(listed: ErasedList) -> tuple[list[UUID], dict[UUID, list[UUID]]]:
    """List the cases of this database all of whose keys are on the list; and, for cases
    with some keys on it, these keys.
    """
    found: dict[UUID, list[UUID]] = {}
    living = set()
    keys = CompartmentKey.objects.values_list("pk", "case").order_by("pk")
    for pk, case in keys.iterator():
        if hash_key_id(pk) in listed.tokens:
            found.setdefault(case, []).append(pk)
        else:
            living.add(case)
    # A person who plants an erased key in a living case must not get the case erased:
    # only the planted key is.
    mixed = {case: keys for case, keys in found.items() if case in living}
    return [case for case in found if case not in living], mixed


@transaction.atomic
def adopt(listed: ErasedList) -> int:
    """Take into the database the lines that it lacks, or has otherwise; how many."""
    there = {row.place: SignedLine.of(row) for row in ErasedLine.objects.all()}
    missing = [pair for pair in listed.lines if there.get(pair[0].place) != pair[0]]
    other = [line.place for line, _signature in missing]
    ErasedLine.objects.filter(place__in=other).delete()
    ErasedLine.objects.bulk_create(
        ErasedLine(**asdict(line), signature=signature) for line, signature in missing
    )
    return len(missing)
