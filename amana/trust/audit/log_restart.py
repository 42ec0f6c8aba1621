"""Begin a new log after a restoration, which names the last checkpoint that was seen.

What the restored database has of the old log stays, and the new one begins with it: the
tree goes on, under a new name. So the old log's checkpoints are never contradicted, and
those who kept one see from when on entries are missing.
"""

from dataclasses import replace
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from amana.errors import Changed, Refused
from amana.trust.audit import anchor, log, sealing
from amana.trust.audit.log import Actor
from amana.trust.audit.models import Checkpoint, LogStart
from amana.trust.audit.offline_verifier import (
    RESTORED,
    format_checkpoint_name,
    parse_head,
)


def find_last_seen() -> str:
    """Find the newest checkpoint that is known: by the file, a colleague's device or,
    if the file is gone, the database itself.
    """
    known = anchor.read()
    notes = [*known.notes, *([known.doubt.seen] if known.doubt else [])]
    stored = Checkpoint.objects.order_by("-size").values_list("note", flat=True)
    return max(filter(None, notes), key=_place, default=stored.first() or "")


def _place(note: str) -> tuple[int, int]:
    seen = parse_head(note)
    return sealing.get_own_log_number(seen.origin), seen.size


@transaction.atomic
def begin_log(seen: str, *, by: Actor, **details: Any) -> LogStart:
    """Begin a new log because of a restoration; its first own entry names `seen`."""
    with anchor.hold_lock(wait=10) as ours:
        if not ours:
            raise Refused(_("The log is being sealed. Try again in a moment."))
        known = anchor.read()
        if known.doubt is None and not known.lost:
            raise Changed(_("The log is no longer in doubt."))
        # Two people have declared what is lost up to `seen`: what was seen since is
        # more.
        if seen != find_last_seen():
            raise Changed(
                _(
                    "A newer checkpoint has been seen since. Propose the "
                    "restoration again."
                )
            )
        sealing.require_whole()
        start = _start(seen)
        thing = format_checkpoint_name(parse_head(seen))
        event = log.record(RESTORED, by=by, thing=thing, **details)
        note = _sealed(event.pk, start.origin)
        # The old checkpoint is kept in the file until the commit: a crash in between
        # must leave the log in doubt, and not without an anchor.
        anchor.write(replace(known, notes=(*known.notes[:1], note)))
        transaction.on_commit(partial(_begun, note))
    return start


def _start(seen: str) -> LogStart:
    """Start the new log. Raises `Refused` if someone inserted a row into its place."""
    start = LogStart(
        position=sealing.get_tree_size(),
        origin=sealing.format_log_name(
            sealing.get_own_log_number(parse_head(seen).origin) + 1
        ),
        seen=seen,
    )
    try:
        with transaction.atomic():
            start.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(
            _(
                "The database contains a restoration that was not declared here. "
                "Restore a backup made before it."
            )
        ) from error
    return start


def _sealed(event: int, origin: str) -> str:
    try:
        return sealing.seal_first(event, origin)
    except sealing.CannotSeal as error:
        raise Refused(
            _(
                "The list of each case’s last state is not the one that was signed. "
                "Restore the whole database from a backup whose log tables and case "
                "tables are from the same moment."
            )
        ) from error


def _begun(note: str) -> None:
    """End the doubt, after the commit. Another process may have sealed more since, and
    if one holds the file, the next page finds that the log fits.
    """
    with anchor.hold_lock(wait=10) as ours:
        if not ours:
            return
        known = anchor.read()
        notes = (note,) if known.notes[-1:] == (note,) else known.notes
        anchor.write(anchor.LogAnchor(notes))
