"""Make a key for another program: one proposes, another confirms, either revokes."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.exchange.directory_api.models import (
    LONGEST,
    ApiKey,
    PublishedPlace,
)
from amana.exchange.directory_api.rules import confirm_key, propose_key, revoke_key
from amana.trust.access.models import ADMINISTRATORS, Organisation, User
from amana.trust.access.rules import Denied, has_role
from amana.trust.audit import log

PREFIX = "amana_"
"""By which programs that search for leaked keys find one of ours."""
SHOWN = len(PREFIX) + 4


def hash_key(secret: str) -> str:
    """Hash a key, as it is stored."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def propose(
    organisation: Organisation, *, name: str, ends_on: date, by: User
) -> tuple[ApiKey, str]:
    """Propose a key for a program of an organisation; return it with the secret, which
    is stored nowhere. Raises `Refused` where it would be valid too long or ended."""
    if not has_role(by, ADMINISTRATORS):
        raise Denied(propose_key, organisation)
    if organisation.admitted_at is None:
        raise Refused(_("This organisation has not been admitted yet."))
    today = timezone.localdate()
    if not today <= ends_on <= today + LONGEST:
        raise Refused(_("A key is valid for at most one year, from today."))
    # 256 bits: it can't be guessed, so its hash needs no salt and no slowness.
    secret = PREFIX + secrets.token_hex(32)
    key = ApiKey.objects.create(
        name=name,
        organisation=organisation,
        hash=hash_key(secret),
        start=secret[:SHOWN],
        ends_on=ends_on,
        proposed_by=by,
    )
    log.record("proposed API key", key, by=by, organisation=organisation.pk)
    return key, secret


@transaction.atomic
def confirm(key: ApiKey, *, by: User) -> None:
    """Confirm it as the second, of another team: from now on it opens."""
    confirm_key.require(by, key)
    now = timezone.now()
    key.move(Q(confirmed_at=None), confirmed_by=by, confirmed_at=now)
    log.record("confirmed API key", key, by=by)


@transaction.atomic
def revoke(key: ApiKey, *, by: User) -> None:
    """Revoke it: with the next request its program is turned away."""
    revoke_key.require(by, key)
    key.move(Q(), revoked_by=by, revoked_at=timezone.now())
    log.record("revoked API key", key, by=by)


@transaction.atomic
def record_use(key: ApiKey, *, by: None = None) -> None:
    """Record that it is used, once a day: who reads how often concerns no one."""
    today = timezone.localdate()
    if key.used_on == today:
        return
    others = ApiKey.objects.filter(pk=key.pk).exclude(used_on=today)
    if others.update(used_on=today):
        log.record("used API key", key, by=by)


def forget_places(services: Collection[int]) -> None:
    """Forget where services are, in the transaction that made their addresses
    secret."""
    PublishedPlace.objects.filter(service__in=services).delete()
