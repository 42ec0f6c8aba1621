"""Discuss, sign, adopt, put in force."""

from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.design.mechanism import version_contents
from amana.design.mechanism.actions.drafting import (
    MoveProgress,
    UnplacedRecord,
    bind_organisations_by_name,
    load_draft,
)
from amana.design.mechanism.events import (
    asked_how_far,
    asked_what_cannot_move,
    version_in_force,
)
from amana.design.mechanism.models.agreement import Comment, Signature
from amana.design.mechanism.models.versions import Mechanism, State, Version
from amana.design.mechanism.pack.files import read_folder
from amana.design.mechanism.pack_memory import FaultyPack
from amana.design.mechanism.rules import (
    discuss_version,
    keep_version,
    see_version,
    settle_comment,
    sign_for_organisation,
)
from amana.errors import Changed, Refused
from amana.trust.access.models.organisations import Membership, Organisation, User
from amana.trust.audit import log


@transaction.atomic
def open_consultation(draft: Version, *, by: User) -> None:
    """Open a draft to everyone, unchanged, for comments and signatures. Raises
    `FaultyPack`
    while it has faults.
    """
    keep_version.require(by, draft)
    pack, faults = version_contents.read_version(draft)
    if pack is None:
        raise FaultyPack(faults)
    if pack.id != draft.mechanism.code:
        raise Refused(
            _(
                "These files are of another mechanism, “%(other)s”. Write “%(id)s” as "
                "the id in mechanism.yaml, or load them as a mechanism of their own."
            )
            % {"other": pack.id, "id": draft.mechanism.code}
        )
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
    _require_second_keeper(version, by=by)
    _put_in_force(version, by=by)


def _require_second_keeper(version: Version, *, by: User) -> None:
    """Require two people where a mechanism begins next to others: it takes new cases of
    all, and its terms of keeping hold for all."""
    began = version.mechanism.versions.filter(in_force_at__isnull=False)
    others = Version.objects.in_force().exclude(mechanism=version.mechanism_id)
    is_alone = version.adopted_by_id == by.pk
    if is_alone and not began.exists() and others.exists():
        raise Refused(
            _(
                "A mechanism that begins next to others needs two people. Ask another "
                "coordinator or administrator to bring it into force."
            )
        )


def _put_in_force(version: Version, *, by: User) -> None:
    now = timezone.now()
    was = version.mechanism.versions.in_force().first()
    # In this order: the database allows one version in force for each mechanism.
    if was is not None:
        was.move(State.SUPERSEDED, superseded_at=now)
    version.move(State.IN_FORCE, in_force_at=now, in_force_by=by)
    title = version_contents.format_title(version.pack)
    named = Mechanism.objects.filter(pk=version.mechanism_id)
    named.update(title=title)
    if was is None:  # it had ended, and is in use again
        named.update(retires_on=None, successor=None)
    version.mechanism.refresh_from_db()
    # This version may name organisations that the one before did not, and some may have
    # joined since it was loaded.
    bind_organisations_by_name(
        version.mechanism, version_contents.map_organisation_names(version.pack)
    )
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


@transaction.atomic
def adopt_shipped(folder: Path, *, by: User) -> Version:
    """Load a pack and put it in force, as the founder of an installation may.

    Only the first version: later ones are signed by those who work by them.
    """
    version = load_draft(read_folder(folder), by=by)
    if version.number > 1:
        raise Refused(_("There is already a mechanism. To change it, make a draft."))
    open_consultation(version, by=by)
    # `adopt` asks for signatures, which the founder of an installation cannot have.
    version.move(State.ADOPTED, adopted_at=timezone.now(), adopted_by=by)
    log.record("adopted mechanism as shipped", version, by=by, sha256=version.sha256)
    _put_in_force(version, by=by)
    return version
