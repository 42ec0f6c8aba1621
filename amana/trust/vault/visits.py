"""What a code opened, kept open for a quarter of an hour in the browser that opened it.

A change of language, a mistake in a form and a reload are new requests, and the code
counts once. So the key lies under a random secret that only this browser's cookie
holds: a copy of the database opens nothing, nor does the cookie without the database
and the pepper, nor both after that time, when the row is destroyed.
"""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from amana.errors import Refused
from amana.trust.vault import crypto, erased
from amana.trust.vault.crypto import Unopenable, bind_place
from amana.trust.vault.models import Disclosure, ReturnSlip, Visit

STAYS = timedelta(minutes=15)


@dataclass(frozen=True)
class CodeBearer:
    """The bearer who opens a page with its code: all that the log can hold of them."""

    actor_id: str
    role_names: str = "bearer of a code"


class WrongCode(Refused):
    """The code is not that of this page, or of any slip."""

    destroyed: bool = False
    disclosure: UUID | None = None


def begin(
    kept: dict[str, str],
    *,
    page: UUID | None = None,
    disclosure: Disclosure | None = None,
    slip: ReturnSlip | None = None,
) -> str:
    """Keep something open; what is returned belongs into the cookie alone."""
    visit = Visit(
        page=page,
        disclosure=disclosure,
        slip=slip,
        expires_at=timezone.now() + STAYS,
    )
    secret = crypto.generate_key()
    text = crypto.fill_with_spaces(json.dumps(kept).encode(), 256)
    visit.sealed = crypto.seal(_key(secret), text, at=_at(visit))
    visit.save(force_insert=True)
    return f"{visit.pk.hex}.{base64.urlsafe_b64encode(secret).decode()}"


def find_visit(
    cookie: str, *, page: UUID | None = None
) -> tuple[Visit, dict[str, str]] | None:
    """Find the visit that this cookie opens, while it lasts, and what it kept. It must
    be of this page; None: of a slip.
    """
    # A browser with an old cookie must not read from a restored database what was
    # erased since.
    erased.require_applied()
    number, _dot, said = cookie.partition(".")
    try:
        pk, secret = UUID(hex=number), base64.urlsafe_b64decode(said)
    except (ValueError, binascii.Error):
        return None
    there = Visit.objects.open().filter(pk=pk, page=page)
    visit = there.select_related("disclosure", "slip").first()
    if visit is None or len(secret) != crypto.KEY_BYTES:
        return None
    try:
        plain = crypto.unseal(_key(secret), bytes(visit.sealed), at=_at(visit))
    except Unopenable:
        return None
    kept: dict[str, Any] = json.loads(plain)
    return visit, kept


def is_open(visit: UUID) -> bool:
    """Return whether it has neither run out nor been ended, with its slip or its
    page.
    """
    return Visit.objects.open().filter(pk=visit).exists()


def end(cookie: str) -> None:
    """Close what this browser has open, before it expires."""
    number = cookie.partition(".")[0]
    try:
        Visit.objects.filter(pk=UUID(hex=number)).delete()
    except ValueError:
        return


def clear_expired() -> int:
    """Destroy the visits whose time is over; return how many."""
    return Visit.objects.filter(expires_at__lte=timezone.now()).delete()[0]


def _key(secret: bytes) -> bytes:
    # Under the newest pepper alone: replacing it ends open visits, which last no more
    # than a quarter of an hour.
    pepper = hashlib.sha256(settings.VAULT_PEPPERS[0].encode()).hexdigest()
    return crypto.derive(secret, "visit", pepper)


def _at(visit: Visit) -> bytes:
    return bind_place("visit", visit.pk, visit.page, visit.disclosure_id, visit.slip_id)
