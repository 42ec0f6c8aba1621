"""Answers that lie on the device of who gave them, until the server has them.

They are sealed by the browser, to two keys: while unfinished to one whose private half
only the worker's passphrase opens on that device, and once finished to the public half
of a `DraftKey` of the team, so that nothing on the device opens it any more (ADR 48).

Sealing needs no secret; opening needs the team's key.
"""

import base64
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.trust.access.models import Team, User
from amana.trust.vault import crypto, keys
from amana.trust.vault.altered import build_key_tampered
from amana.trust.vault.crypto import BrowserPair, Unopenable, bind_place
from amana.trust.vault.keys import get_current_key, get_keyring, seal_held
from amana.trust.vault.models import DraftKey, TeamKey, WaitingDraft

LARGEST = 256 * 1024
"""Bytes of one sealed draft: forty times what a long first meeting takes."""


class UnreadableDraft(Refused):
    """It was sealed to another key or by another worker, or altered on the way."""


def compute_owner_id(user: User) -> str:
    """Compute an id that tells the workers of one device apart, and reveals nothing
    else.
    """
    # As devices that were made ready before know them.
    made = salted_hmac("amana.care.meetings", str(user.pk), algorithm="sha256")
    return made.hexdigest()[:20]


def get_sealing_key(team: Team, *, by: User) -> dict[str, str]:
    """Get what a page needs to seal to this team."""
    key = get_draft_key(team, by=by)
    return {
        "key": str(key.pk),
        "public": base64.b64encode(bytes(key.public)).decode(),
    }


def list_sending_messages() -> dict[str, str]:
    """List what pages show about a draft that could not be sent, where the server
    can't.
    """
    return {
        "no_network": _(
            "No network. It will be sent when you open Amana with a network connection."
        ),
        "sign_in": _("Sign in to send what is waiting on this device."),
        "sign_in_link": _("Sign in"),
    }


def get_draft_key(team: Team, *, by: User) -> DraftKey:
    """Get the key to which this team's people seal now; made when first needed. Raises
    `Locked` or `Tampered`.
    """
    ring, current = get_keyring(by), get_current_key(team)
    new = DraftKey(team=team, epoch=current.epoch, team_key=current)
    if not ring.holds_one_of([new]):
        raise keys.Locked(_("Only a member who holds this team’s key can open this."))
    found = DraftKey.objects.filter(team=team, epoch=current.epoch).first()
    if found is None:
        found = _make(new, by=by)
    # The row of this epoch must point to the team's key of this epoch, else it was
    # exchanged for an earlier one, which a leaver may have.
    if found.team_key_id != current.pk:
        raise build_key_tampered()
    _pair(found, by=by)  # Tampered, if it was exchanged
    return found


def _make(made: DraftKey, *, by: User) -> DraftKey:
    pair = BrowserPair.new()
    made.public = pair.public
    _seal(made, pair, by=by)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:  # a colleague asked at the same moment
        return DraftKey.objects.get(team=made.team_id, epoch=made.epoch)
    return made


def _seal(key: DraftKey, pair: BrowserPair, *, by: User) -> None:
    """Seal a pair to the team's key, and vouch for it; it is not saved."""
    seal_held(key, pair.secret, *_place_of_key(key))
    team = get_keyring(by).teams[key.team_key_id or 0]
    key.voucher = crypto.derive(team.symmetric, *_vouches(key))


def _vouches(key: DraftKey) -> tuple[object, ...]:
    public = bytes(key.public).hex()
    return ("draft key voucher", key.pk, key.team_id, key.epoch, public)


def _pair(key: DraftKey, *, by: User) -> BrowserPair:
    """Open the pair. Raises `Tampered`: a person who can write in the database can
    exchange both halves, for sealing needs no secret; they can't vouch for what they
    inserted.
    """
    ring = get_keyring(by)
    team = ring.teams.get(key.team_key_id or 0)
    if team is None or not crypto.is_vouched(
        team.symmetric, bytes(key.voucher), *_vouches(key)
    ):
        raise build_key_tampered()
    pair = BrowserPair(ring.open([key], *_place_of_key(key)))
    keys.require_own(pair, bytes(key.public))
    return pair


def bind_to_sender(draft: UUID, key: UUID, sender: User) -> bytes:
    """Bind a finished draft to its place, as the browser does: also to its worker, so
    that a colleague on the same device does not send it in their own name.
    """
    return bind_place("draft", key, draft, compute_owner_id(sender))


def _place_of_key(key: DraftKey) -> tuple[object, ...]:
    return ("draft key", key.pk)


def _place_of_waiting(pk: UUID) -> tuple[object, ...]:
    return ("waiting draft", pk)


def open_finished(
    draft: UUID, sealed: bytes, *, key: DraftKey, sender: User, by: User
) -> dict[str, Any]:
    """Open what was finished without a network. Raises `Locked` or
    `UnreadableDraft`."""
    ring = get_keyring(by)
    if not ring.holds_one_of([key]):
        raise keys.Locked(_("Only a member who holds this team’s key can open this."))
    pair = _pair(key, by=by)
    try:
        content = json.loads(
            pair.open(sealed, at=bind_to_sender(draft, key.pk, sender))
        )
    # The draft comes from a device: deeply nested JSON must be no error of the server.
    except (Unopenable, ValueError, RecursionError) as error:
        raise _unreadable() from error
    if not isinstance(content, dict):
        raise _unreadable()
    return content


def _unreadable() -> UnreadableDraft:
    return UnreadableDraft(
        _(
            "This can’t be opened: a colleague recorded it, it was sealed to another "
            "key, or it is damaged. It stays on the device. Inform your "
            "administrator."
        )
    )


def keep_waiting(draft: UUID, sealed: bytes, *, key: DraftKey) -> WaitingDraft:
    """Keep what has arrived for the first person who unlocks; needs no secret."""
    # Sealed to the team a second time, since the browser's key is not the hybrid one.
    waiting = WaitingDraft(
        pk=draft, draft_key=key, team_key=get_current_key(key.team_id)
    )
    seal_held(waiting, sealed, *_place_of_waiting(draft))
    waiting.save(force_insert=True)
    return waiting


def open_waiting(waiting: WaitingDraft, *, sender: User, by: User) -> dict[str, object]:
    ring = get_keyring(by)
    if not ring.holds_one_of([waiting]):
        raise keys.Locked(_("Only a member who holds this team’s key can open this."))
    sealed = ring.open([waiting], *_place_of_waiting(waiting.pk))
    key = waiting.draft_key
    return open_finished(waiting.pk, sealed, key=key, sender=sender, by=by)


# --- when a colleague has left the team


def find_draft_keys(team_keys: QuerySet[TeamKey]) -> QuerySet[DraftKey]:
    return DraftKey.objects.filter(team_key__in=team_keys).order_by("pk")


def rewrap_draft_keys(some: QuerySet[DraftKey], by: User) -> int:
    def move(key: DraftKey) -> None:
        pair = _pair(key, by=by)
        key.team_key = get_current_key(key.team_id)
        _seal(key, pair, by=by)

    return _move(some, move, "voucher")


def find_waiting_drafts(team_keys: QuerySet[TeamKey]) -> QuerySet[WaitingDraft]:
    return WaitingDraft.objects.filter(team_key__in=team_keys).order_by("pk")


def rewrap_waiting_drafts(some: QuerySet[WaitingDraft], by: User) -> int:
    def move(waiting: WaitingDraft) -> None:
        place = _place_of_waiting(waiting.pk)
        sealed = get_keyring(by).open([waiting], *place)
        assert waiting.team_key is not None
        waiting.team_key = get_current_key(waiting.team_key.team_id)
        seal_held(waiting, sealed, *place)

    return _move(some, move)


def _move(some: QuerySet[Any], move: Callable[[Any], None], *also: str) -> int:
    """Seal these again, to their team's current key; return how many."""
    rows = some.model._default_manager.select_for_update(of=["self"], no_key=True)
    wanted = list(some.values_list("pk", flat=True))
    found = list(rows.filter(pk__in=wanted).select_related("team_key"))
    for row in found:
        move(row)
    some.model._default_manager.bulk_update(found, ["team_key", "sealed", *also])
    return len(found)
