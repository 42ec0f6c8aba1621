"""Keys of the compartments of a case."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.trust.access.models.organisations import Team, User
from amana.trust.vault import crypto, erased, manifest, roster
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.crypto import bind_place
from amana.trust.vault.keys.keyring import get_keyring
from amana.trust.vault.keys.team_key_wraps import (
    assign_holder,
    get_current_key,
    seal_held,
)
from amana.trust.vault.models.sealed_documents import (
    CompartmentKey,
    CompartmentWrap,
    Document,
    SealedFile,
)
from amana.trust.vault.models.team_keys import PersonKey
from amana.trust.vault.roster.checked_roster import Holder

RECORD = "record"
"""The name of a compartment's main document, whose fields a consent can name."""


PAD_TO = 256


LARGEST_FILE = 20 * 1024 * 1024


@dataclass(frozen=True)
class OpenedDocument:
    """A document in the clear, for as long as the request lasts."""

    compartment: Compartment
    name: str
    revision: int
    content: dict[str, Any]
    written_at: datetime


@transaction.atomic
def make_compartments(
    case: UUID,
    compartments: Iterable[Compartment] = Compartment,
    *,
    team: Team | None = None,
    people: Iterable[User] = (),
    by: User,
) -> None:
    """Give a new case its keys: held by `team`, or by the named `people` only."""
    holders = list_vouched_holders(
        team, PersonKey.objects.filter(user__in=list(people))
    )
    made = [CompartmentKey(case=case, compartment=c) for c in compartments]
    with manifest.change_case(case, by=by, new=True) as state:
        CompartmentKey.objects.bulk_create(made)
        CompartmentWrap.objects.bulk_create(
            [
                wrap
                for key in made
                for wrap in wrap_key_for_holders(key, crypto.generate_key(), holders)
            ]
        )
        state.give(
            [key.compartment for key in made], map(manifest.format_holder, holders)
        )


def list_vouched_holders(
    team: Team | None, people: Iterable[PersonKey]
) -> list[Holder]:
    holders: list[Holder] = []
    if team:
        key = get_current_key(team)
        roster.require_homes([team], as_of_=key)
        if team.organisation.admitted_at:  # else its sphere is still to be signed for
            roster.require_spheres([team], as_of_=key)
        holders = [key]
    holders += roster.vouch(people)
    if not holders:
        raise Refused(_("At least one person must hold the keys of a case."))
    return holders


def wrap_key_for_holders(
    key: CompartmentKey, secret: bytes, holders: Iterable[Holder]
) -> Iterator[CompartmentWrap]:
    for holder in holders:
        yield seal_held(
            assign_holder(CompartmentWrap(key=key), holder),
            secret,
            *list_key_place_parts(key),
        )


def list_key_place_parts(key: CompartmentKey) -> tuple[object, ...]:
    return ("compartment", key.case, key.compartment, key.pk)


def bind_document_place(document: Document) -> bytes:
    """Bind a document to its place. Its id is part of that, so that the manifest
    needn't know what is sealed: under one id only one text is ever sealed.
    """
    place = (document.key_id, document.name, document.revision, document.pk.hex)
    return bind_place("document", *place)


def open_compartment_keys(
    case: UUID, compartments: Iterable[Compartment], *, by: User
) -> dict[Compartment, tuple[CompartmentKey, bytes]]:
    """Open the compartment keys of a case that `by` holds. One query."""
    wraps = CompartmentWrap.objects.filter(
        key__case=case, key__compartment__in=list(compartments)
    ).select_related("key")
    return map_keys_by_compartment(wraps, by=by)


def map_keys_by_compartment(
    wraps: Iterable[CompartmentWrap], *, by: User
) -> dict[Compartment, tuple[CompartmentKey, bytes]]:
    return {
        Compartment(key.compartment): (key, secret)
        for key, secret in iterate_opened_keys(wraps, by=by)
    }


def iterate_opened_keys(
    wraps: Iterable[CompartmentWrap], *, by: User
) -> Iterator[tuple[CompartmentKey, bytes]]:
    ring = get_keyring(by)
    by_key: dict[CompartmentKey, list[CompartmentWrap]] = defaultdict(list)
    for wrap in wraps:
        by_key[wrap.key].append(wrap)
    for key, held in by_key.items():
        # A restored database may have keys again that were destroyed for erasing.
        if ring.holds_one_of(held) and not erased.is_key_erased(key.pk):
            yield key, ring.open(held, *list_key_place_parts(key))


def build_not_held_refusal() -> Refused:
    return Refused(_("You do not hold the key to this part of the case."))


def bind_file_key_place(file: SealedFile) -> bytes:
    return bind_place("key of a file", file.key_id, file.pk)


def bind_file_place(file: SealedFile) -> bytes:
    return bind_place("file", file.key_id, file.pk)
