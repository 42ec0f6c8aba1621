"""For someone without the system: what was shared, on a page that opens once.

The sender gives the code by voice, to a person whom they know, and never in the same
message as the address of the page. The key of the disclosure lies under the code, a
salt and the pepper; a thief of the database has neither code nor pepper. The fifth
wrong code destroys the page, and so does opening it. What was opened stays for a
quarter of an hour in the browser that opened it (`visits`), and a return slip goes with
it (`slips`).
"""

import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
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
from amana.trust.vault import crypto, disclosures, erased, erasure, keys, slips, visits
from amana.trust.vault.crypto import Unopenable, bind_place
from amana.trust.vault.models import (
    Disclosure,
    DisclosureMessage,
    ReturnSlip,
    SealedPage,
    Visit,
)
from amana.trust.vault.visits import CodeBearer, WrongCode

__all__ = ["CodeBearer", "WrongCode"]

CODE_BITS = 60
"""Twelve signs to read out; with Argon2id, the pepper and five tries, plenty."""
MOST_TRIES = 5
OPEN_FOR = timedelta(days=7)


@dataclass(frozen=True)
class IssuedPage:
    """The page to open, and the code that is told by voice and stored nowhere."""

    offer: SealedPage
    code: str


@transaction.atomic
def offer(disclosure: Disclosure, *, by: User) -> IssuedPage:
    """Make a page for this disclosure that a code opens once; an earlier one ends."""
    if disclosure.held_back:
        raise Refused(
            _("The recipient has not accepted yet. Nothing is given out until then.")
        )
    secret = disclosures.open_valid_secret(disclosure, by=by)
    code, salt = codes.create_code(CODE_BITS), os.urandom(16)
    cost = keys.get_current_cost()
    # Only one page at a time: with two, five tries would become ten.
    close(disclosure.pk)
    made = SealedPage(
        disclosure=disclosure,
        salt=salt,
        cost=cost,
        expires_at=min(timezone.now() + OPEN_FOR, disclosure.expires_at),
    )
    key = keys.derive_secret_key(codes.parse_code(code), salt, cost)
    made.sealed = crypto.seal(key, secret, at=_at(made))
    made.save(force_insert=True)
    log.record(
        "offered sealed page",
        made,
        by=by,
        case=disclosure.case,
        disclosure=disclosure.pk,
    )
    return IssuedPage(made, code)


type Written = list[tuple[DisclosureMessage, dict[str, object]]]


@dataclass(frozen=True)
class TriedPage:
    """A page whose code was right, and that is not open yet."""

    offer: SealedPage
    secret: bytes = field(repr=False)

    @property
    def bearer(self) -> CodeBearer:
        return CodeBearer(f"page:{self.offer.pk}")


@dataclass(frozen=True)
class OpenedDisclosure:
    """What was shared, in the browser that opened it, while the visit lasts."""

    page: UUID
    disclosure: Disclosure
    content: dict[str, Any]
    letters: Written
    slip: str
    """The code of the return slip that goes with the page; empty: it has been revoked,
    or another has taken its place."""
    letterbox: bytes
    visit: UUID
    until: datetime

    @property
    def bearer(self) -> CodeBearer:
        return CodeBearer(f"page:{self.page}")


def try_code(offer_id: UUID, code: str) -> TriedPage:
    """Check the code of a page, which counts as a try; nothing is opened yet."""
    erased.require_applied()
    try:
        secret_code = codes.parse_code(code)
    except codes.MisreadCode as error:
        raise Refused(_("A character of this code is wrong or missing.")) from error
    _take_a_try(offer_id)
    found = SealedPage.objects.open().filter(pk=offer_id).select_related("disclosure")
    made = found.first()
    if made is None or made.disclosure.expires_at <= timezone.now():
        raise _gone()
    try:
        key = keys.derive_secret_key(secret_code, bytes(made.salt), made.cost)
        secret = crypto.unseal(key, bytes(made.sealed), at=_at(made))
    except Unopenable as error:
        raise _wrong(made, CodeBearer(f"page:{made.pk}")) from error
    return TriedPage(made, secret)


def _take_a_try(offer_id: UUID) -> None:
    """Count the try before it is made, so that many at once are no more than five."""
    free = SealedPage.objects.open().filter(pk=offer_id, tries__lt=MOST_TRIES)
    if not free.update(tries=F("tries") + 1):
        raise _gone()


@transaction.atomic
def open_once(tried: TriedPage) -> str:
    """Open the page, and so delete it. What is returned belongs in the cookie of the
    browser that opened it and nowhere else: it keeps the page readable there for a
    while. A return slip goes with it.
    """
    made = tried.offer
    # Deleting the row decides between two browsers that open the page at once.
    if not SealedPage.objects.filter(pk=made.pk).delete()[0]:
        raise _gone()  # the other of two at once was first
    shared = made.disclosure
    log.record(
        "opened sealed page",
        shared,
        by=tried.bearer,
        case=shared.case,
        purpose="referral",
    )
    erasure.clear_traces()
    slip = slips.make_slip(shared, tried.secret, way=ReturnSlip.Way.PAGE, page=made.pk)
    return visits.begin(
        {"secret": tried.secret.hex(), "slip": slip.code, "box": slip.letterbox.hex()},
        page=made.pk,
        disclosure=shared,
    )


def find_opened_page(page: UUID, cookie: str) -> OpenedDisclosure | None:
    """Find what is open in this browser, with the key that its cookie holds; else
    None.
    """
    found = visits.find_visit(cookie, page=page)
    if found is None:
        return None
    visit, kept = found
    shared, secret = visit.disclosure, bytes.fromhex(kept["secret"])
    assert shared is not None
    if shared.expires_at <= timezone.now():
        return None
    try:
        content = disclosures.read(shared, secret)
        letters = disclosures.read_letters(shared, secret)
    except Unopenable:  # resealed since
        return None
    there = ReturnSlip.objects.good().filter(page=page).exists()
    return OpenedDisclosure(
        page=page,
        disclosure=shared,
        content=content,
        letters=letters,
        slip=kept["slip"] if there else "",
        letterbox=bytes.fromhex(kept["box"]),
        visit=visit.pk,
        until=visit.expires_at,
    )


@transaction.atomic
def _wrong(made: SealedPage, bearer: CodeBearer) -> WrongCode:
    """Record a wrong code; the last one destroys the page."""
    case = made.disclosure.case
    log.record("tried a wrong code", made.disclosure, by=bearer, case=case)
    # The tries are compared in the same statement: `made` was read before this try.
    used_up = SealedPage.objects.filter(pk=made.pk, tries__gte=MOST_TRIES)
    if used_up.delete()[0]:
        log.record("destroyed sealed page", made.disclosure, by=None, case=case)
        last = WrongCode(
            _(
                "That was the last attempt, and the page has been deleted. Ask for a "
                "new one."
            )
        )
        last.destroyed = True
        return last
    return WrongCode(_("This is not the code for this page."))


def close(disclosure: UUID) -> None:
    """Destroy the page of what was shared, opened or not: there is an outcome now."""
    SealedPage.objects.filter(disclosure=disclosure).delete()
    Visit.objects.filter(disclosure=disclosure).delete()


def clear_expired() -> int:
    """Destroy the pages that were not opened in time, and what was open long enough;
    return how many pages.
    """
    slips.clear_expired()
    visits.clear_expired()
    return SealedPage.objects.filter(expires_at__lte=timezone.now()).delete()[0]


def _gone() -> Refused:
    # One answer for a page that was opened, has expired or never existed: a person who
    # guesses addresses learns nothing.
    return Refused(
        _("There is nothing to open here now. Ask the person who sent you here.")
    )


def _at(made: SealedPage) -> bytes:
    return bind_place("offer", made.pk, made.disclosure_id)
