"""Take a pack, revoke it, answer the device that holds it."""

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.packs import pack_exports
from amana.care.packs.models import HOURS, OfflinePack
from amana.care.packs.rules import revoke_pack
from amana.errors import Changed, Refused
from amana.trust.access.models import Suspension, User
from amana.trust.alarms.actions import raise_alarm_once
from amana.trust.alarms.models import ActivityKind
from amana.trust.audit import log
from amana.trust.exports.models import Export
from amana.trust.exports.rules import take_export


class IssuedPack(NamedTuple):
    """A pack, and the two secrets that its device alone gets."""

    pack: OfflinePack
    contact: str
    duress: str


@transaction.atomic
def take_pack(export: Export, *, hours: int, browser: str, by: User) -> IssuedPack:
    """Record which device takes which cases until when; one pack for each export.
    Raises `Changed` when it was taken before."""
    take_export.require(by, export)
    if export.kind != pack_exports.PACK or not export.is_open:
        raise Refused(_("This export is no longer available. Ask for it again."))
    if hours not in HOURS:
        raise Refused(_("A pack opens for 72 hours at most."))
    contact, duress = secrets.token_hex(16), secrets.token_hex(16)
    now = timezone.now()
    try:
        # The one-to-one relation to the export decides between two pages that take it
        # at once; the savepoint keeps the outer transaction usable.
        with transaction.atomic():
            pack = OfflinePack.objects.create(
                export=export,
                by=by,
                taken_at=now,
                until=now + timedelta(hours=hours),
                browser=browser,
                contact=_digest(contact),
                duress=_digest(duress),
            )
    except IntegrityError as error:
        raise Changed(_("This pack was taken already. Ask for another one.")) from error
    log.record(
        "took offline pack",
        pack,
        by=by,
        cases=export.things,
        purpose=f"export: {export.why}",
        until=pack.until.isoformat(),
    )
    return IssuedPack(pack, contact, duress)


@transaction.atomic
def revoke(pack: OfflinePack, *, by: User) -> None:
    """Revoke a pack: the device deletes it when it next has a network."""
    revoke_pack.require(by, pack)
    now = timezone.now()
    free = OfflinePack.objects.filter(pk=pack.pk, revoked_at=None)
    if not free.update(revoked_at=now, revoked_by=by):
        raise Changed(_("A colleague has revoked this already."))
    log.record("revoked offline pack", pack, by=by)


@transaction.atomic
def answer_device(pack: OfflinePack, secret: str, *, gone: bool) -> bool:
    """Answer a device that asks about its pack: whether it may keep it."""
    said = _digest(secret)
    if hmac.compare_digest(said, bytes(pack.duress)):
        # The duress phrase opens nothing but this secret. Two other people are
        # notified; the answer is the one of any pack that is over, so that the person
        # who forces the worker sees no difference (ADR 64).
        _note_gone(pack)
        raise_alarm_once(pack.by, ActivityKind.DURESS)
        return False
    if not hmac.compare_digest(said, bytes(pack.contact)):
        return False
    if gone:
        _note_gone(pack)
        return False
    return may_keep(pack)


def may_keep(pack: OfflinePack) -> bool:
    """Ask whether the pack is not revoked, not over, and each case is still that
    worker's."""
    user = User.objects.filter(pk=pack.by_id, is_active=True).first()
    suspended = Suspension.objects.current().filter(user=user)
    if user is None or suspended.exists() or not pack.is_live:
        return False
    found = pack_exports.find_cases(user, pack.export.things)
    return len(found) == pack.export.count  # of an erased one nothing is left there


def _note_gone(pack: OfflinePack) -> None:
    left = OfflinePack.objects.filter(pk=pack.pk, gone_at=None)
    if left.update(gone_at=timezone.now()):
        log.record("offline pack deleted", pack, by=None)


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
