"""Seal documents of a case, and reseal them."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Changed
from amana.trust.access.models.organisations import User
from amana.trust.vault import altered, crypto, epochs, erasure, manifest, roster
from amana.trust.vault.altered import Alteration
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.documents.compartments_keys import (
    PAD_TO,
    RECORD,
    bind_document_place,
    bind_file_key_place,
    build_not_held_refusal,
    iterate_opened_keys,
    list_key_place_parts,
    wrap_key_for_holders,
)
from amana.trust.vault.documents.reading import compare_with_signed_revision
from amana.trust.vault.keys.keyring import get_keyring
from amana.trust.vault.keys.team_key_wraps import get_current_key, get_current_keys
from amana.trust.vault.models.sealed_documents import (
    CompartmentKey,
    CompartmentWrap,
    Document,
    SealedFile,
)
from amana.trust.vault.models.team_keys import TeamKey
from amana.trust.vault.roster.checked_roster import Holder


@transaction.atomic
def write(
    case: UUID,
    compartment: Compartment,
    content: Mapping[str, Any],
    *,
    by: User,
    name: str = RECORD,
    replacing: int = 0,
) -> int:
    """Seal a revision in place of revision `replacing` (0: it is new); return its
    number.

    Raises `Changed` when a colleague wrote a revision meanwhile. The caller records the
    act; a write discloses nothing.
    """
    with manifest.change_case(case, by=by) as state:
        key, secret = open_key_for_writing(case, compartment, by=by)
        signed = state.record(compartment, name)
        if replacing and (signed is None or signed[0] != replacing):
            raise Changed(_("A colleague has changed this since you opened it."))
        if not replacing and signed is not None:
            raise _written_meanwhile()
        now = timezone.now()
        _supersede(case, key, name, signed, now)
        document = Document(key=key, name=name, revision=replacing + 1, written_at=now)
        _seal(document, content, secret)
        document.save(force_insert=True)
        state.put(compartment, name, document.revision, document.pk)
    return document.revision


def _supersede(
    case: UUID,
    key: CompartmentKey,
    name: str,
    signed: tuple[int, str] | None,
    now: datetime,
) -> None:
    """Mark the current revision as an earlier one, if it is the one that was signed."""
    history = Document.objects.filter(key=key, name=name)
    if signed is None:
        if history.exists():
            raise altered.build_case_tampered(Alteration.ADDED, case)
        return
    current = history.current().filter(revision=signed[0], pk=signed[1])
    if not current.update(superseded_at=now):
        wrong = (
            compare_with_signed_revision(signed, history.current().first())
            or Alteration.OLDER
        )
        raise altered.build_case_tampered(wrong, case)


@transaction.atomic
def write_each(
    case: UUID,
    compartment: Compartment,
    contents: Mapping[str, Mapping[str, object]],
    *,
    by: User,
) -> None:
    """Seal several new documents, each under its name; as many queries as for one."""
    with manifest.change_case(case, by=by) as state:
        key, secret = open_key_for_writing(case, compartment, by=by)
        if Document.objects.filter(key=key, name__in=list(contents)).exists():
            raise _written_meanwhile()
        now = timezone.now()
        made = [Document(key=key, name=name, written_at=now) for name in contents]
        for document in made:
            _seal(document, contents[document.name], secret)
            state.put(compartment, document.name, document.revision, document.pk)
        Document.objects.bulk_create(made)


@transaction.atomic
def discard(case: UUID, compartment: Compartment, name: str) -> None:
    """Delete a document that nothing refers to any more: what it was written for is
    undone.
    """
    manifest.lock_chains([case])
    rows = Document.objects.filter(
        key__case=case, key__compartment=compartment, name=name
    )
    if rows.delete()[0]:
        manifest.narrow(case, manifest.Kind.FORGETS, f"{compartment}/{name}")
        erasure.clear_traces()


def _seal(document: Document, content: Mapping[str, object], secret: bytes) -> None:
    # Padded to a step of 256 bytes, so that a copy of the database doesn't show how
    # much was written about a person.
    text = json.dumps(dict(content), ensure_ascii=False, default=str).encode()
    padded = crypto.fill_with_spaces(text, PAD_TO)
    document.sealed = crypto.seal(secret, padded, at=bind_document_place(document))


def _written_meanwhile() -> Changed:
    return Changed(_("A colleague has written this since you opened it."))


def open_key_for_writing(
    case: UUID, compartment: Compartment, *, by: User
) -> tuple[CompartmentKey, bytes]:
    """Open the compartment's key for something new, and no key that a leaver could
    have.

    It is locked first: what is sealed while another reseals everything would be lost.
    """
    key = lock_compartment_keys(
        CompartmentKey.objects.filter(case=case, compartment=compartment)
    )
    if not key:
        raise build_not_held_refusal()
    wraps = CompartmentWrap.objects.filter(key=key[0]).select_related("key", "team_key")
    held = dict(iterate_opened_keys(wraps, by=by))
    if not held:
        raise build_not_held_refusal()
    # The team's epoch first: renewing the compartment before it would seal the fresh
    # key to a team key that a leaver may still have.
    if any(w.team_key and w.team_key.exposed_at for w in wraps):
        _renew_team_keys(wraps, by=by)
        wraps = wraps.all()
    if key[0].exposed_at or any(w.team_key and w.team_key.retired_at for w in wraps):
        held = renew(held)
    return next(iter(held.items()))


def _renew_team_keys(wraps: Iterable[CompartmentWrap], *, by: User) -> None:
    """Renew team keys first, so that nothing new is sealed to a key that others may
    have.
    """

    held = get_keyring(by).teams
    if any(wrap.team_key_id in held for wrap in wraps):
        epochs.renew_where_due(by)


def lock_compartment_keys(keys: QuerySet[CompartmentKey]) -> list[CompartmentKey]:
    """Lock these keys: until we commit, no one else renews them or writes under
    them.
    """
    # Always in the order of ids, so that two who lock several don't wait for each
    # other.
    return list(keys.select_for_update(no_key=True).order_by("pk"))


def open_locked_keys(
    keys: Sequence[CompartmentKey], *, by: User
) -> dict[CompartmentKey, bytes]:
    """Open those of these locked keys that `by` holds."""
    wraps = CompartmentWrap.objects.filter(key__in=keys).select_related("key")
    return dict(iterate_opened_keys(wraps, by=by))


def renew(
    secrets: Mapping[CompartmentKey, bytes], holders: Sequence[Holder] = ()
) -> dict[CompartmentKey, bytes]:
    """Give locked compartments fresh keys, and reseal all that is in them.

    They stay with their holders, or go to `holders`. The same number of queries for one
    compartment and for a hundred.
    """
    fresh = {key: crypto.generate_key() for key in secrets}
    wraps = CompartmentWrap.objects.filter(key__in=list(secrets))
    held = {} if holders else _held_now(wraps)
    if held:
        _require_signed_holders(secrets, held)
    wraps.delete()
    CompartmentWrap.objects.bulk_create(
        [
            wrap
            for key, secret in fresh.items()
            for wrap in wrap_key_for_holders(key, secret, holders or held[key.pk])
        ]
    )
    _reseal(secrets, fresh)
    CompartmentKey.objects.filter(pk__in=[key.pk for key in fresh]).exclude(
        exposed_at=None
    ).update(exposed_at=None)
    return fresh


def find_wraps_of_team_keys(team_keys: QuerySet[TeamKey]) -> QuerySet[CompartmentWrap]:
    return CompartmentWrap.objects.filter(team_key__in=team_keys).order_by("pk")


def renew_compartments(some: QuerySet[CompartmentWrap], by: User) -> None:
    """Seal again, under fresh keys, what is in these compartments, for their holders
    now.
    """
    wanted = list(some.values_list("key", flat=True))
    renew(
        open_locked_keys(
            lock_compartment_keys(CompartmentKey.objects.filter(pk__in=wanted)), by=by
        )
    )


def rewrap_compartment_keys(some: QuerySet[CompartmentWrap], by: User) -> None:
    """Seal the keys of compartments, as they are, to their team's current key.

    What they open is not touched: it is damaged, or held by others than was signed. Its
    holders stay the same, and the next writer reseals it.
    """
    wanted = list(some.values_list("key", flat=True))
    keys = lock_compartment_keys(CompartmentKey.objects.filter(pk__in=wanted))
    found = some.select_related("key", "team_key")
    for wrap in found:
        assert wrap.team_key is not None
        secret = get_keyring(by).open([wrap], *list_key_place_parts(wrap.key))
        fresh = wrap_key_for_holders(
            wrap.key, secret, [get_current_key(wrap.team_key.team_id)]
        )
        CompartmentWrap.objects.bulk_create(fresh, ignore_conflicts=True)
        CompartmentWrap.objects.filter(pk=wrap.pk).delete()
    # Still exposed: a leaver may know these keys, which were only wrapped again.
    CompartmentKey.objects.filter(pk__in=[key.pk for key in keys]).update(
        exposed_at=timezone.now()
    )


def get_case_of_wrap(wrap: CompartmentWrap) -> UUID:
    return wrap.key.case


def _held_now(wraps: QuerySet[CompartmentWrap]) -> dict[UUID, list[Holder]]:
    """Find the holders of each key: for a team, whatever the epoch, its current key."""
    found = list(wraps.select_related("team_key", "person_key"))
    roster.vouch(w.person_key for w in found if w.person_key)
    current = get_current_keys({w.team_key.team_id for w in found if w.team_key})
    held: dict[UUID, dict[Holder, None]] = defaultdict(dict)
    for wrap in found:
        holder: Holder | None = wrap.person_key
        if wrap.team_key:
            holder = current[wrap.team_key.team_id]
        assert holder is not None
        held[wrap.key_id][holder] = None
    return {key: list(holders) for key, holders in held.items()}


def _require_signed_holders(
    keys: Iterable[CompartmentKey], held: Mapping[UUID, Iterable[Holder]]
) -> None:
    """Require that the holders of these keys are those whom the manifest names: nothing
    is resealed to a person whose wrap was slipped in. Raises `Tampered`.
    """
    states = manifest.get_states({key.case for key in keys})
    for key in keys:
        holders = {manifest.format_holder(holder) for holder in held[key.pk]}
        if holders != set(states[key.case].holders.get(key.compartment, ())):
            raise altered.build_case_tampered(Alteration.HOLDERS, key.case)


def _reseal(
    old: Mapping[CompartmentKey, bytes], new: Mapping[CompartmentKey, bytes]
) -> None:
    was = {key.pk: secret for key, secret in old.items()}
    now = {key.pk: secret for key, secret in new.items()}
    documents = list(Document.objects.filter(key__in=was))
    for document in documents:
        at = bind_document_place(document)
        plain = crypto.unseal(was[document.key_id], bytes(document.sealed), at=at)
        document.sealed = crypto.seal(now[document.key_id], plain, at=at)
    Document.objects.bulk_update(documents, ["sealed"], batch_size=100)
    files = list(SealedFile.objects.filter(key__in=was).defer("sealed"))
    for file in files:
        at = bind_file_key_place(file)
        own = crypto.unseal(was[file.key_id], bytes(file.own_key), at=at)
        # A file is up to 20 MB and has a key of its own, so that only this key is
        # sealed again and not the file.
        file.own_key = crypto.seal(now[file.key_id], own, at=at)
    SealedFile.objects.bulk_update(files, ["own_key"], batch_size=100)
