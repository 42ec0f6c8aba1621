"""The address of a safe house: sealed to its team, and nowhere else in the database."""

import json
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import QuerySet

from amana.design.directory.models import HiddenAddress, Service
from amana.design.directory.rules import see_hidden_address
from amana.trust.access.models import User
from amana.trust.audit import log
from amana.trust.vault import crypto
from amana.trust.vault.crypto import bind_place
from amana.trust.vault.keys import get_current_key, get_keyring, seal_held
from amana.trust.vault.models import TeamKey


@dataclass(frozen=True)
class Address:
    address: str
    lat: float | None = None
    lon: float | None = None


def seal_address(service: Service, address: Address) -> None:
    """Seal an address: everyone who may edit the service can, but only its team can
    open it."""
    # A new key each time: a person who had the old one can't read what is written now.
    secret = crypto.generate_key()
    hidden = HiddenAddress(service=service, team_key=get_current_key(service.team_id))
    seal_held(hidden, secret, *_place(service))
    text = json.dumps(asdict(address), ensure_ascii=False)
    hidden.body = crypto.seal(secret, text.encode(), at=bind_place(*_place(service)))
    HiddenAddress.objects.filter(service=service).delete()
    hidden.save(force_insert=True)


def find_held_addresses(keys: QuerySet[TeamKey]) -> QuerySet[HiddenAddress]:
    return HiddenAddress.objects.filter(team_key__in=keys).order_by("pk")


def seal_addresses_again(some: QuerySet[HiddenAddress], by: User) -> int:
    """Seal addresses again for their team, after a colleague has left it."""
    hidden = list(some.select_related("service"))
    for address in hidden:
        seal_address(address.service, _in_clear(address, by=by))
    return len(hidden)


@transaction.atomic
def open_address(service: Service, *, by: User) -> Address | None:
    """Open the address, with an audit event; None where none was given."""
    see_hidden_address.require(by, service)
    hidden = HiddenAddress.objects.filter(service=service).first()
    if hidden is None:
        return None
    # Before it is opened: what can't be logged isn't shown.
    log.record("opened hidden address", service, by=by)
    return _in_clear(hidden, by=by)


def _in_clear(hidden: HiddenAddress, *, by: User) -> Address:
    place = _place(hidden.service)
    secret = get_keyring(by).open([hidden], *place)
    plain = crypto.unseal(secret, bytes(hidden.body), at=bind_place(*place))
    return Address(**json.loads(plain))


def _place(service: Service) -> tuple[object, ...]:
    return ("hidden address", service.pk)
