"""Change what a case's manifest says."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import asdict
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.trust.access.models.organisations import User
from amana.trust.audit import log_keys as log_signing
from amana.trust.vault import altered, roster
from amana.trust.vault.altered import Alteration
from amana.trust.vault.keys.keyring import Keyring, get_keyring
from amana.trust.vault.manifest.chain_reading import (
    changing_states,
    compute_chain_id,
    forget,
    load_states,
    lock_chains,
    seen_states,
)
from amana.trust.vault.manifest.link_signers import find_link_signers, may_sign_link
from amana.trust.vault.manifest.links import (
    LOG,
    PURPOSE,
    Kind,
    ManifestState,
    compute_link_hash,
    narrow_state,
)
from amana.trust.vault.models.sealed_documents import CaseLink


@contextmanager
def change_case(case: UUID, *, by: User, new: bool = False) -> Iterator[ManifestState]:
    """Yield the state of a case, to be changed; when this is over, `by` signs it.

    No one else changes the case before we commit. Inside another such act it is a part
    of that one, with one link for all. Raises `Tampered` for a case that was erased.
    """
    outer = changing_states.get().get(case)
    if outer is not None:
        before, is_done = deepcopy(outer), False
        try:
            yield outer
            is_done = True
        finally:
            # A part that fails and is caught must leave nothing in the state that the
            # act around it will sign.
            if not is_done:
                outer.__dict__.update(before.__dict__)
        return
    with transaction.atomic():
        lock_chains([case])
        state = ManifestState() if new else load_states([case])[case]
        if state.erased:
            raise altered.build_case_tampered(Alteration.ERASED, case)
        was = deepcopy(state)
        token = changing_states.set({**changing_states.get(), case: state})
        try:
            yield state
        finally:
            changing_states.reset(token)
        # An act that changed nothing adds no link.
        if new or state != was:
            signed = None if new else was
            _append(case, Kind.STATE, {"state": asdict(state)}, by=by, before=signed)
        seen = seen_states.get()
        if seen is not None:
            seen[case] = state


def narrow(case: UUID, kind: Kind, what: str, *, by: User | None = None) -> None:
    """Append a link that takes something away. The log signs if `by` has no keys at
    hand: a consent can be withdrawn though the colleague who hears of it opens nothing.
    It is appended even if the chain is broken: nothing may prevent the withdrawal.
    """
    changed = changing_states.get().get(case)
    if changed is not None:
        narrow_state(changed, kind, what)
        return
    forget([case])
    with transaction.atomic():
        lock_chains([case])
        _append(case, kind, {"what": what}, by=by)


def _append(
    case: UUID,
    kind: Kind,
    body: Mapping[str, object],
    *,
    by: User | None,
    before: ManifestState | None = None,
) -> None:
    chain = compute_chain_id(case)
    links = roster.annotate_head(CaseLink.objects.filter(chain=chain))
    last = links.order_by("-place").first()
    ring = _ring_that_signs(kind, before, last, by=by)
    signer = f"key:{ring.person_key_id}" if ring else LOG
    if last is None and kind != Kind.STATE:
        return  # nothing was ever sealed for it
    # Salted, because a body has few possible values: its hash, which outlives it, could
    # be guessed.
    text = json.dumps(
        {**body, "salt": os.urandom(16).hex()}, sort_keys=True, separators=(",", ":")
    )
    link = CaseLink(
        chain=chain,
        place=last.place + 1 if last else 0,
        before=bytes(last.hash) if last else b"",
        kind=kind,
        body=text,
        signer=signer,
    )
    link.hash = compute_link_hash(chain, link)
    if ring:
        link.signature = ring.signing.sign(link.hash, purpose=PURPOSE)
    else:
        link.signature = bytes.fromhex(log_signing.sign_text(PURPOSE, link.hash.hex()))
    link.save(force_insert=True)


def _ring_that_signs(
    kind: Kind, before: ManifestState | None, last: CaseLink | None, *, by: User | None
) -> Keyring | None:
    """Choose the keyring of `by`, if their signature will be believed later; None: the
    log signs. Raises `Refused` where it can't: one wrong link would shut the case for
    good.
    """
    if kind == Kind.STATE and by:
        get_keyring(by)  # who changes it has to have unlocked
    ring = by.keyring if by else None
    if isinstance(ring, Keyring) and _is_believed(kind, before, last, ring):
        return ring
    if kind == Kind.STATE:
        raise Refused(_("You do not hold the key to this part of the case."))
    return None


def _is_believed(
    kind: Kind, before: ManifestState | None, last: CaseLink | None, ring: Keyring
) -> bool:
    name = f"key:{ring.person_key_id}"
    try:
        signer = find_link_signers([name], last).get(name)
    except Refused:  # the roster is broken, and a consent ends all the same
        if kind == Kind.STATE:
            raise
        return False
    if signer is None or signer.verify_key != ring.signing.public:
        return False
    return may_sign_link(kind, signer, before)


def erase(case: UUID) -> None:
    """Delete all of a case's manifest but that it was erased."""
    narrow(case, Kind.ERASES, "")
    links = CaseLink.objects.filter(chain=compute_chain_id(case))
    links.exclude(kind=Kind.ERASES).delete()
