"""A return slip: an answer-only code for those without the system, until the outcome.

The slip must not open what was shared, nor a letter about it, and yet its bearer's
words have to be read by those who hold the case, and only by them. So each disclosure
gets a letterbox, a key pair whose private half lies under the disclosure's key, and the
code of a slip seals its public half. A bearer of the code can put letters in, and open
none; an intruder who writes in the database can't have them sealed to a key of their
own. The seal proves the code at the same time: no other verifier is stored. (ADR 0043)
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.trust.access import codes
from amana.trust.access.models import User
from amana.trust.audit import log
from amana.trust.vault import crypto, disclosures, erased, keys, visits
from amana.trust.vault.crypto import Unopenable, bind_place
from amana.trust.vault.models import Disclosure, DisclosureMessage, ReturnSlip
from amana.trust.vault.visits import CodeBearer, WrongCode

CODE_BITS = 80
"""Sixteen signs and a check: four find the slip, twelve open it (60 bits)."""
NUMBER_SIGNS = 4
MOST_TRIES = 5
AFTERWARDS = timedelta(days=30)
"""How long after the end of the consent its bearer can still be told to destroy."""


@dataclass(frozen=True)
class IssuedSlip:
    """A slip and its code, which is shown once and stored nowhere."""

    slip: ReturnSlip
    code: str
    letterbox: bytes = field(repr=False)


@dataclass(frozen=True)
class OpenedSlip:
    """A slip that was opened with its code, in the browser that did."""

    slip: ReturnSlip
    letterbox: bytes = field(repr=False)
    visit: UUID

    @property
    def bearer(self) -> CodeBearer:
        return CodeBearer(f"slip:{self.slip.pk}")


@transaction.atomic
def offer_slip(disclosure: Disclosure, *, way: ReturnSlip.Way, by: User) -> IssuedSlip:
    """Make a slip for a recipient without the system; an earlier one of the same way
    ends.
    """
    secret = disclosures.open_valid_secret(disclosure, by=by)
    ReturnSlip.objects.filter(disclosure=disclosure.pk, way=way).delete()
    made = make_slip(disclosure, secret, way=way)
    log.record(
        "offered return slip",
        made.slip,
        by=by,
        case=disclosure.case,
        disclosure=disclosure.pk,
        way=way,
    )
    return made


def make_slip(
    disclosure: Disclosure,
    secret: bytes,
    *,
    way: ReturnSlip.Way,
    page: UUID | None = None,
) -> IssuedSlip:
    """Make a slip, where the disclosure's key is at hand; the caller has recorded
    it.
    """
    public = disclosures.get_letterbox(disclosure, secret)
    for _again in range(20):  # until the number is free
        code, salt = codes.create_code(CODE_BITS), os.urandom(16)
        whole, cost = codes.parse_code(code), keys.get_current_cost()
        slip = ReturnSlip(
            number=whole[:NUMBER_SIGNS],
            disclosure=disclosure.pk,
            page=page,
            way=way,
            salt=salt,
            cost=cost,
            # Longer than the consent: the bearer still has to learn that their copies
            # must go.
            expires_at=disclosure.expires_at + AFTERWARDS,
        )
        if ReturnSlip.objects.filter(number=slip.number).exists():
            continue
        key = keys.derive_secret_key(whole, salt, cost)
        slip.sealed = crypto.seal(key, public, at=_at(slip))
        try:
            with transaction.atomic():
                slip.save(force_insert=True)
        except IntegrityError:
            continue
        return IssuedSlip(slip, code, public)
    raise RuntimeError("no number is free for a return slip")


def open_slip(code: str) -> tuple[str, ReturnSlip]:
    """Open the slip of this code; return the secret for the cookie of the browser that
    did, and the slip. Raises `Refused`, in the same words for every reason.
    """
    erased.require_applied()
    try:
        whole = codes.parse_code(code)
    except codes.MisreadCode as error:
        raise Refused(_("A character of this code is wrong or missing.")) from error
    slip = _take_a_try(whole[:NUMBER_SIGNS])
    try:
        key = keys.derive_secret_key(whole, bytes(slip.salt), slip.cost)
        public = crypto.unseal(key, bytes(slip.sealed), at=_at(slip))
    except Unopenable as error:
        raise _wrong(slip) from error
    with transaction.atomic():
        # The tries end with a right code: a slip is used for weeks, and mistyped now
        # and then.
        if not ReturnSlip.objects.filter(pk=slip.pk).update(tries=0):
            raise build_not_valid()  # revoked at this moment
        log.record("opened return slip", slip, by=CodeBearer(f"slip:{slip.pk}"))
        return visits.begin({"box": public.hex()}, slip=slip), slip


def find_open_slip(cookie: str) -> OpenedSlip | None:
    """Find the slip that is open in this browser; else None."""
    found = visits.find_visit(cookie)
    if found is None:
        return None
    visit, kept = found
    slip = visit.slip
    if slip is None or slip.expires_at <= timezone.now():
        return None
    return OpenedSlip(slip, bytes.fromhex(kept["box"]), visit.pk)


def revoke(disclosure: UUID) -> int:
    """End every slip of what was shared, and what is open by one; return how many."""
    there = ReturnSlip.objects.filter(disclosure=disclosure)
    gone = there.count()
    there.delete()
    return gone


def write_letter(
    disclosure: UUID, letterbox: bytes, name: str, content: Mapping[str, Any]
) -> DisclosureMessage:
    """Seal a letter into the letterbox; the caller records the act. Its writer can read
    none.
    """
    # The disclosure is locked, because a renewal of its key seals the letters again.
    locked = Disclosure.objects.select_for_update(no_key=True).filter(pk=disclosure)
    current = locked.first()
    if current is None:
        raise Refused(_("The shared information is gone."))
    return disclosures.seal_letter_from_outside(current, letterbox, name, content)


def clear_expired() -> int:
    return ReturnSlip.objects.filter(expires_at__lte=timezone.now()).delete()[0]


def _take_a_try(number: str) -> ReturnSlip:
    """Count the try before it is made, so that many at once are no more than five."""
    free = ReturnSlip.objects.good().filter(number=number, tries__lt=MOST_TRIES)
    if not free.update(tries=F("tries") + 1):
        raise build_not_valid()
    slip = ReturnSlip.objects.filter(number=number).first()
    if slip is None:
        raise build_not_valid()
    return slip


@transaction.atomic
def _wrong(slip: ReturnSlip) -> WrongCode:
    """Record a wrong code; the last one destroys the slip."""
    bearer = CodeBearer(f"slip:{slip.pk}")
    log.record("tried a wrong code", slip, by=bearer)
    wrong = WrongCode(str(build_not_valid()))
    wrong.disclosure = slip.disclosure
    if ReturnSlip.objects.filter(pk=slip.pk, tries__gte=MOST_TRIES).delete()[0]:
        log.record("destroyed return slip", slip, by=None)
        wrong.destroyed = True
    return wrong


def build_not_valid() -> Refused:
    return Refused(
        _(
            "No return slip has this code, or it is no longer valid. Call the team "
            "that sent it."
        )
    )


def _at(slip: ReturnSlip) -> bytes:
    return bind_place("slip", slip.pk, slip.number, slip.disclosure)
