"""For someone without the system: what was shared, on a page that opens once.

The sender tells the code by voice, to a person whom they know, and never in the same
message as the address of the page. The key of the disclosure lies under the code, a
salt and the pepper; whoever copies the database has neither. The fifth wrong code
destroys the page, and so does opening it.
"""

import os
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.trust.access import codes
from amana.trust.access.models import User
from amana.trust.audit import log
from amana.trust.vault import crypto, disclosures, erasure, keys
from amana.trust.vault.crypto import Unopenable, bound
from amana.trust.vault.models import Disclosure, Letter, Offer

CODE_BITS = 60
"""Twelve signs to read out; with Argon2id, the pepper and five tries, plenty."""
MOST_TRIES = 5
OPEN_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Offered:
    """The page to open, and the code that is told by voice and stored nowhere."""

    offer: Offer
    code: str


@dataclass(frozen=True)
class Bearer:
    """Whoever opens a page with its code: all that the log can say of them."""

    actor_id: str
    role_names: str = "bearer of a code"


@transaction.atomic
def offer(disclosure: Disclosure, *, by: User) -> Offered:
    """Make a page for this disclosure that a code opens once; an earlier one ends."""
    if disclosure.held_back:
        raise Refused(_("They have not said yes. Until then nothing is given out."))
    secret = disclosures.secret_of(disclosure, by=by)
    code, salt = codes.new(CODE_BITS), os.urandom(16)
    cost = keys.cost_now()
    Offer.objects.filter(disclosure=disclosure).delete()
    made = Offer(
        disclosure=disclosure,
        salt=salt,
        cost=cost,
        expires_at=min(timezone.now() + OPEN_FOR, disclosure.expires_at),
    )
    key = keys.secret_key(codes.read(code), salt, cost)
    made.sealed = crypto.seal(key, secret, at=_at(made))
    made.save(force_insert=True)
    log.record(
        "offered sealed page",
        made,
        by=by,
        case=disclosure.case,
        disclosure=disclosure.pk,
    )
    return Offered(made, code)


def redeem(offer_id: UUID, code: str) -> dict[str, Any]:
    """What was shared, once: the page is destroyed in the transaction that opens it.

    One answer for a page that never was, is used up, or has expired."""
    return redeem_with_letters(offer_id, code)[0]


type Written = list[tuple[Letter, dict[str, Any]]]


def redeem_with_letters(offer_id: UUID, code: str) -> tuple[dict[str, Any], Written]:
    """The same, with what the sender wrote to go with it."""
    try:
        secret_code = codes.read(code)
    except codes.Misread as error:
        raise Refused(_("A character of this code is wrong or missing.")) from error
    _take_a_try(offer_id)
    return _opened(offer_id, secret_code)


def _take_a_try(offer_id: UUID) -> None:
    """Count the try before it is made, so that many at once are no more than five."""
    free = Offer.objects.open().filter(pk=offer_id, tries__lt=MOST_TRIES)
    if not free.update(tries=F("tries") + 1):
        raise _gone()


def _opened(offer_id: UUID, code: str) -> tuple[dict[str, Any], Written]:
    found = Offer.objects.open().filter(pk=offer_id).select_related("disclosure")
    made = found.first()
    if made is None or made.disclosure.expires_at <= timezone.now():
        raise _gone()
    bearer = Bearer(f"page:{made.pk}")
    try:
        key = keys.secret_key(code, bytes(made.salt), made.cost)
        secret = crypto.unseal(key, bytes(made.sealed), at=_at(made))
    except Unopenable as error:
        raise _wrong(made, bearer) from error
    return _given_out(made, secret, bearer)


@transaction.atomic
def _given_out(
    made: Offer, secret: bytes, bearer: Bearer
) -> tuple[dict[str, Any], Written]:
    if not Offer.objects.filter(pk=made.pk).delete()[0]:
        raise _gone()  # the other of two at once was first
    log.record(
        "opened sealed page",
        made.disclosure,
        by=bearer,
        case=made.disclosure.case,
        purpose="referral",
    )
    erasure.clear_traces()
    shared = made.disclosure
    return disclosures.read(shared, secret), disclosures.read_letters(shared, secret)


@transaction.atomic
def _wrong(made: Offer, bearer: Bearer) -> Refused:
    """Note a wrong code; the last one destroys the page."""
    case = made.disclosure.case
    log.record("tried a wrong code", made.disclosure, by=bearer, case=case)
    used_up = Offer.objects.filter(pk=made.pk, tries__gte=MOST_TRIES)
    if used_up.delete()[0]:
        log.record("destroyed sealed page", made.disclosure, by=None, case=case)
        return Refused(
            _("This was the last try, and the page is gone. Ask for a new one.")
        )
    return Refused(_("This is not the code of this page."))


def clear_expired() -> int:
    """Destroy the pages that nobody opened in time; how many."""
    return Offer.objects.filter(expires_at__lte=timezone.now()).delete()[0]


def _gone() -> Refused:
    return Refused(
        _("There is nothing to open here (any more). Ask whoever sent you here.")
    )


def _at(made: Offer) -> bytes:
    return bound("offer", made.pk, made.disclosure_id)
