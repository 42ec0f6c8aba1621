"""What can be done with a mechanism: bring, draft, discuss, sign, put in force.

A version is written as a draft, discussed as it stands, signed by the organisations
that it names, and never changes after that.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from amana.design.directory.models import Area
from amana.design.mechanism import steps, version_contents
from amana.design.mechanism.events import (
    asked_how_far,
    asked_what_cannot_move,
    version_in_force,
)
from amana.design.mechanism.models import (
    Comment,
    Files,
    Mechanism,
    RoleHolder,
    RolePlayer,
    Signature,
    State,
    Version,
    VersionFile,
    compute_digest,
    compute_fingerprint,
)
from amana.design.mechanism.pack.files import read_folder
from amana.design.mechanism.rules import (
    LOADERS,
    discuss_version,
    edit_version,
    keep_mechanism,
    keep_version,
    see_version,
    settle_comment,
    sign_for_organisation,
)
from amana.design.mechanism.sent import CheckedFile
from amana.design.mechanism.version_contents import FaultyPack
from amana.errors import Changed, Refused
from amana.trust.access.models import Membership, Organisation, Team, User
from amana.trust.access.rules import Denied, has_role
from amana.trust.audit import log

type Change = Callable[[Files], Mapping[str, bytes | None]]
"""From all files to those that are written again, or removed (None)."""


class ChangedMeanwhile(Changed):
    """Another person has written the same piece of a draft; `now` is its content."""

    def __init__(self, now: Any) -> None:
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


# --- bringing and drafting


@transaction.atomic
def load_draft(files: Files, *, by: User, slug: str = "") -> Version:
    """Make a draft from the files of a pack. Raises `FaultyPack` with everything that
    is
    wrong in them.
    """
    if not has_role(by, LOADERS):
        raise Denied(keep_mechanism, by)
    pack, faults = version_contents.read_files(files)
    if pack is None:
        raise FaultyPack(faults)
    title = version_contents.format_title(pack)
    mechanism, _new = Mechanism.objects.get_or_create(
        slug=slug or slugify(title)[:60] or "mechanism", defaults={"title": title}
    )
    version = _new_version(mechanism, by=by, made_from=None)
    _write(version, files)
    _seat(mechanism, version_contents.map_organisation_names(pack))
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


def _seat(mechanism: Mechanism, names: Mapping[str, frozenset[str]]) -> None:
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
    read: Callable[[Files], Any] | None = None,
    seen: Any = None,
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


def is_same_data(one: Any, other: Any) -> bool:
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


# --- discussing


@transaction.atomic
def open_consultation(draft: Version, *, by: User) -> None:
    """Open a draft to everyone, unchanged, for comments and signatures. Raises
    `FaultyPack`
    while it has faults.
    """
    keep_version.require(by, draft)
    _pack, faults = version_contents.read_version(draft)
    if faults:
        raise FaultyPack(faults)
    draft.move(State.CONSULTATION, consulted_at=timezone.now(), consulted_by=by)
    log.record("opened consultation", draft, by=by, sha256=draft.sha256)


@transaction.atomic
def return_to_draft(version: Version, *, by: User) -> None:
    """Return a version in consultation to a draft; signatures of other files don't
    count.
    """
    keep_version.require(by, version)
    # Signatures stay in the table: each names the hash that was agreed to, and counts
    # again only if the files become the same again.
    version.move(State.DRAFT, consulted_at=None, consulted_by=None)
    log.record("took draft back", version, by=by)


@transaction.atomic
def add_comment(version: Version, words: str, *, by: User, step: str = "") -> Comment:
    discuss_version.require(by, version)
    if not words.strip():
        raise Refused(_("Enter a comment."))
    mine = Membership.objects.active().filter(user=by).select_related("team")
    first = mine.order_by("confirmed_at", "pk").first()
    said = Comment.objects.create(
        version=version,
        step=step,
        words=words.strip(),
        by=by,
        organisation_id=first.team.organisation_id if first else None,
    )
    log.record("commented on draft", said, by=by, version=version.pk, step=step)
    return said


@transaction.atomic
def answer_comment(said: Comment, *, by: User, answer: str = "") -> None:
    """Answer a comment: what was changed, or why not."""
    settle_comment.require(by, said)
    now = timezone.now()
    # The filter is the check: of two answers at the same moment only one changes a row.
    free = Comment.objects.open().filter(pk=said.pk)
    if not free.update(settled_at=now, settled_by=by, answer=answer.strip()):
        raise Changed(_("Someone has already answered this comment."))
    said.settled_at, said.settled_by, said.answer = now, by, answer.strip()
    log.record("settled comment", said, by=by, version=said.version_id)


# --- agreeing


@transaction.atomic
def sign(
    version: Version, *, organisation: Organisation, sha256: str, by: User
) -> Signature:
    """Agree, for an organisation that the mechanism names, to exactly these files."""
    see_version.require(by, version)
    sign_for_organisation.require(by, organisation)
    if version.state != State.CONSULTATION:
        raise Refused(_("A version can only be signed during consultation."))
    # The hash comes from the page that was read. Without it, an organisation would sign
    # what was written between its reading and its click.
    if sha256 != version.sha256:
        raise Changed(
            _("The files have changed since you saw them. Please read them again.")
        )
    if organisation.pk not in version_contents.map_signatories(version).values():
        raise Refused(
            _("This mechanism does not ask “%(organisation)s” to sign.")
            % {"organisation": organisation}
        )
    signature, new = Signature.objects.get_or_create(
        version=version,
        organisation=organisation,
        sha256=version.sha256,
        defaults={"by": by},
    )
    if not new:
        raise Refused(
            _("“%(organisation)s” has already signed.") % {"organisation": organisation}
        )
    log.record(
        "signed mechanism",
        version,
        by=by,
        organisation=organisation.pk,
        sha256=version.sha256,
    )
    return signature


@transaction.atomic
def adopt(version: Version, *, by: User) -> None:
    """Adopt a version once all have signed; its files never change any more."""
    keep_version.require(by, version)
    if missing := version_contents.list_unsigned_names(version):
        raise Refused(
            _("Not all organisations have signed yet: %(organisations)s.")
            % {"organisations": ", ".join(missing)}
        )
    _pack, faults = version_contents.read_version(version)
    if faults:
        raise FaultyPack(faults)
    version.move(State.ADOPTED, adopted_at=timezone.now(), adopted_by=by)
    log.record("adopted mechanism", version, by=by, sha256=version.sha256)


@transaction.atomic
def put_in_force(version: Version, *, by: User) -> None:
    """Put a version in force: from now on work follows it, and running cases are moved
    to it.
    """
    keep_version.require(by, version)
    now = timezone.now()
    was = version.mechanism.versions.in_force().first()
    # In this order: the database allows one version in force for each mechanism.
    if was is not None:
        was.move(State.SUPERSEDED, superseded_at=now)
    version.move(State.IN_FORCE, in_force_at=now, in_force_by=by)
    title = version_contents.format_title(version.pack)
    Mechanism.objects.filter(pk=version.mechanism_id).update(title=title)
    version.mechanism.title = title
    # This version may name organisations that the one before did not, and some may have
    # joined since it was loaded.
    _seat(version.mechanism, version_contents.map_organisation_names(version.pack))
    log.record("put mechanism in force", version, by=by, was=was.pk if was else None)
    version_in_force.send(Version, version=version, was=was, by=by)


def list_unplaced(version: Version, *, by: User) -> list[UnplacedRecord]:
    """List what would be left without a place, and why, before a version is put in
    force.
    """
    keep_version.require(by, version)
    answers: list[tuple[Any, Any]] = asked_what_cannot_move.send(
        Version, version=version
    )
    return [left for _receiver, unplaced in answers for left in unplaced or ()]


def find_move_progress(version: Version, *, by: User) -> MoveProgress | None:
    """Find how many running cases have moved to this version. None: nothing follows
    another version, or `by` is not a keeper of the mechanism.
    """
    if not keep_version.permits(by, version):
        return None
    answers: list[tuple[Any, Any]] = asked_how_far.send(Version, version=version, by=by)
    return next((found for _receiver, found in answers if found), None)


# --- who is meant by the names in it


@transaction.atomic
def bind_organisation(
    mechanism: Mechanism, code: str, organisation: Organisation | None, *, by: User
) -> None:
    """Bind an organisation of the pack to an agency here; None ends the binding."""
    keep_mechanism.require(by, mechanism)
    if organisation is None:
        mechanism.seats.filter(code=code).delete()
    else:
        RoleHolder.objects.update_or_create(
            mechanism=mechanism, code=code, defaults={"organisation": organisation}
        )
    log.record(
        "seated organisation",
        mechanism,
        by=by,
        code=code,
        organisation=organisation.pk if organisation else None,
    )


@transaction.atomic
def give_part(
    mechanism: Mechanism, role: str, team: Team, *, by: User, area: Area | None = None
) -> RolePlayer:
    """Assign a role to a team, everywhere or in an area."""
    keep_mechanism.require(by, mechanism)
    part, new = RolePlayer.objects.get_or_create(
        mechanism=mechanism, role=role, team=team, area=area
    )
    if new:
        log.record("gave part", part, by=by, role=role, team=team.pk)
    return part


@transaction.atomic
def end_part(part: RolePlayer, *, by: User) -> None:
    keep_mechanism.require(by, part.mechanism)
    log.record("ended part", part, by=by, role=part.role, team=part.team_id)
    part.delete()


# --- a mechanism that is shipped


@transaction.atomic
def adopt_shipped(folder: Path, *, by: User, slug: str = "") -> Version:
    """Load a pack and put it in force, as the founder of an installation may.

    Only the first version: later ones are signed by those who work by them.
    """
    version = load_draft(read_folder(folder), by=by, slug=slug)
    if version.number > 1:
        raise Refused(_("There is already a mechanism. To change it, make a draft."))
    open_consultation(version, by=by)
    # `adopt` asks for signatures, which the founder of an installation cannot have.
    version.move(State.ADOPTED, adopted_at=timezone.now(), adopted_by=by)
    log.record("adopted mechanism as shipped", version, by=by, sha256=version.sha256)
    put_in_force(version, by=by)
    return version
