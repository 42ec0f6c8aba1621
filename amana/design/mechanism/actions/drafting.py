"""Bring and draft a version."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from amana.design.mechanism import pack_memory, steps, version_contents
from amana.design.mechanism.fingerprints import compute_digest, compute_fingerprint
from amana.design.mechanism.models.agreement import RoleHolder
from amana.design.mechanism.models.versions import (
    Files,
    Mechanism,
    State,
    Version,
    VersionFile,
)
from amana.design.mechanism.pack_memory import FaultyPack
from amana.design.mechanism.rules import (
    LOADERS,
    edit_version,
    keep_mechanism,
    see_version,
)
from amana.design.mechanism.sent import CheckedFile
from amana.errors import Changed, Refused
from amana.trust.access.models.organisations import Organisation, User
from amana.trust.access.rules import Denied, has_role
from amana.trust.audit import log

type Change = Callable[[Files], Mapping[str, bytes | None]]
"""From all files to those that are written again, or removed (None)."""


class ChangedMeanwhile(Changed):
    """Another person has written the same piece of a draft; `now` is its content."""

    def __init__(self, now: object) -> None:
        super().__init__(_("Someone else has changed this in the meantime."))
        self.now = now


@dataclass(frozen=True)
class UnplacedRecord:
    """Something that runs by the version in force and has no place in the next."""

    what: str
    why: str


@dataclass(frozen=True)
class MoveProgress:
    """How far what runs has come after a version that was put in force."""

    moved: int
    total: int
    set_aside: int
    """How many could not be moved."""
    ended_at: datetime | None
    which_url: str
    """Where those are listed; empty for who may not see them."""
    again_url: str
    """Where they are tried again."""


@transaction.atomic
def load_draft(files: Files, *, by: User) -> Version:
    """Make a draft from the files of a pack: of the mechanism that they name, which is
    new where its id is. Raises `FaultyPack` with everything that is wrong in them.
    """
    if not has_role(by, LOADERS):
        raise Denied(keep_mechanism, by)
    pack, faults = pack_memory.read_files(files)
    if pack is None:
        raise FaultyPack(faults)
    title = version_contents.format_title(pack)
    mechanism, _new = Mechanism.objects.get_or_create(
        code=pack.id, defaults={"title": title}
    )
    version = _new_version(mechanism, by=by, made_from=None)
    _write(version, files)
    bind_organisations_by_name(mechanism, version_contents.map_organisation_names(pack))
    log.record("brought mechanism", version, by=by, files=len(files))
    return version


@transaction.atomic
def begin_draft(version: Version, *, by: User) -> Version:
    """Make a draft with the same content as a version, to be changed."""
    see_version.require(by, version)
    keep_mechanism.require(by, version.mechanism)
    draft = _new_version(version.mechanism, by=by, made_from=version)
    _write(draft, version.content())
    log.record("began draft", draft, by=by, made_from=version.pk)
    return draft


def _new_version(
    mechanism: Mechanism, *, by: User, made_from: Version | None
) -> Version:
    latest = mechanism.versions.aggregate(latest=Max("number"))["latest"] or 0
    return Version.objects.create(
        mechanism=mechanism, number=latest + 1, made_from=made_from, begun_by=by
    )


def _write(version: Version, files: Mapping[str, bytes | None]) -> None:
    """Write some files of a draft, delete those that are None, and update its
    fingerprint.
    """
    gone = [path for path, content in files.items() if content is None]
    version.files.filter(path__in=gone).delete()
    VersionFile.objects.bulk_create(
        [
            VersionFile(
                version=version,
                path=path,
                content=content,
                sha256=compute_digest(content),
            )
            for path, content in files.items()
            if content is not None
        ],
        update_conflicts=True,
        unique_fields=["version", "path"],
        update_fields=["content", "sha256"],
    )
    # Organisations sign this one hash, so it has to follow in the same transaction as
    # the files that it names.
    version.sha256 = compute_fingerprint(version.files.values_list("path", "sha256"))
    version.save(update_fields=["sha256"])


def bind_organisations_by_name(
    mechanism: Mechanism, names: Mapping[str, frozenset[str]]
) -> None:
    """Bind the organisations whose names are those that the pack gives them."""
    # What a coordinator bound by hand has priority over what a name suggests.
    seated = set(mechanism.seats.values_list("code", flat=True))
    wanted = {code: of for code, of in names.items() if code not in seated}
    every_name = frozenset().union(*wanted.values()) if wanted else frozenset()
    found = {o.name: o for o in Organisation.objects.filter(name__in=every_name)}
    for code, of in wanted.items():
        if organisation := next((found[name] for name in of if name in found), None):
            RoleHolder.objects.create(
                mechanism=mechanism, code=code, organisation=organisation
            )


@transaction.atomic
def edit_draft(
    draft: Version,
    change: Change,
    *,
    by: User,
    piece: str = "",
    read: Callable[[Files], object] | None = None,
    seen: object = None,
) -> Version:
    """Write a piece of a draft; `seen` is what it was when the change was made.

    `piece` names it for the log, `read` finds it in the files. Raises
    `ChangedMeanwhile` when the piece is no longer what the editor saw.
    """
    edit_version.require(by, draft)
    # Held before the files are read: of two people who save at once, the second
    # compares with what the first has written, and loses nothing unseen.
    _hold(draft)
    files = draft.content()
    if read is not None and not is_same_data(now := read(files), seen):
        raise ChangedMeanwhile(now)
    # Only files that differ are written, so a colleague's change to another piece of
    # the draft stays.
    new = {
        path: content
        for path, content in change(files).items()
        if files.get(path) != content
    }
    _write(draft, new)
    log.record("changed draft", draft, by=by, piece=piece, files=sorted(new))
    return draft


def is_same_data(one: object, other: object) -> bool:
    """Compare two pieces of data by what they contain, not by type: one was a form
    meanwhile.
    """
    first, second = (
        json.dumps(each, sort_keys=True, default=str) for each in (one, other)
    )
    return first == second


def _hold(draft: Version) -> None:
    """Keep others from changing the draft until the transaction ends."""
    # One conditional UPDATE locks the row and checks the state at once; a read before
    # it would leave a moment for another person to open the consultation.
    mine = Version.objects.filter(pk=draft.pk, state=State.DRAFT)
    if not mine.update(revision=F("revision") + 1):
        raise Refused(_("This version is no longer a draft."))
    draft.refresh_from_db(fields=["revision", "sha256", "state"])


@transaction.atomic
def rename_step(draft: Version, step: str, to: str, *, by: User) -> Version:
    """Give a step another code everywhere; cases that are at it will follow."""
    outline = version_contents.read_outline(draft)
    if step not in outline.steps:
        raise Refused(_("This step no longer exists."))
    if to in outline.steps:
        raise Refused(_("Another step already has this code."))
    place = outline.steps[step].place
    edit_draft(
        draft,
        lambda files: steps.rename_step_in_files(files, place, to),
        by=by,
        piece=step,
    )
    # A step may get a third code before the draft is in force. Cases know only the
    # first, so that one stays the key.
    first = next((old for old, new in draft.renamed.items() if new == step), step)
    draft.renamed = {**draft.renamed, first: to}
    draft.save(update_fields=["renamed"])
    return draft


def put_file_in_draft(draft: Version, file: CheckedFile, *, by: User) -> Version:
    """Add a form to a draft, or replace a file that it has."""
    new = {file.path: file.content}
    return edit_draft(draft, lambda files: new, by=by, piece=file.path)


@transaction.atomic
def discard(draft: Version, *, by: User) -> None:
    """Delete a draft that no one has commented on, signed or made another version
    from."""
    edit_version.require(by, draft)
    if draft.comments.exists() or draft.signatures.exists():
        raise Refused(
            _("Others have commented on or signed this draft, so it can’t be deleted.")
        )
    if Version.objects.filter(made_from=draft).exists():
        raise Refused(
            _("Another version was made from this draft, so it can’t be deleted.")
        )
    log.record("discarded draft", draft, by=by, number=draft.number)
    draft.delete()
