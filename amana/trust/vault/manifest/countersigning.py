"""What the log takes in of each case."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from amana.trust.access.models.organisations import User
from amana.trust.audit import log_keys as log_signing
from amana.trust.vault import heads
from amana.trust.vault.heads import ChainHead, HeadsAltered
from amana.trust.vault.manifest.chain_reading import LinkChain, load_link_chains
from amana.trust.vault.manifest.links import (
    PURPOSE,
    Kind,
    StoredLink,
    compute_link_hash,
)
from amana.trust.vault.models.sealed_documents import CaseLink
from amana.trust.vault.models.team_keys import PersonKey


def countersign(user: User) -> None:
    """Countersign, with the log's key, what `user` has signed and the log has not taken
    in: they are about to lose the key, or the team, with which that could be checked.
    """
    held = PersonKey.objects.filter(user=user).values_list("pk", flat=True)
    keys = [f"key:{pk}" for pk in held]
    rows = CaseLink.objects.filter(signer__in=keys, taken_in=False)
    right = _right_ones(set(rows.values_list("chain", flat=True)))
    for pk, chain in right.items():
        for link in chain.waiting:
            if link.signer in keys and not link.countersignature:
                _countersign(pk, link)


def _countersign(chain: UUID, link: StoredLink) -> None:
    signature = log_signing.sign_text(PURPOSE, compute_link_hash(chain, link).hex())
    row = CaseLink.objects.filter(chain=chain, place=link.place)
    row.update(countersignature=bytes.fromhex(signature))


@transaction.atomic
def record_last_states() -> int | None:
    """Give the log what waits; return the event that names the map of all last
    links.
    """
    heads.lock_map()
    return heads.update_heads(_take_in())


def _take_in() -> list[tuple[UUID, ChainHead]]:
    """Check what waits; return the last link of each case that is right, now the
    log's.
    """
    waiting = CaseLink.objects.filter(taken_in=False)
    right = _right_ones(set(waiting.values_list("chain", flat=True)))
    for pk, chain in right.items():
        links = CaseLink.objects.filter(chain=pk)
        links.filter(place__lte=chain.last.place, taken_in=False).update(taken_in=True)
        states = [link.place for link in chain.links if link.kind == Kind.STATE]
        if states:
            # An earlier state has been replaced: its hash is enough for the chain, and
            # its text, which names who held what, is not kept.
            links.filter(place__lt=max(states)).exclude(body="").update(body="")
    return [(pk, right[pk].last) for pk in sorted(right)]


def _right_ones(chains: set[UUID]) -> dict[UUID, LinkChain]:
    """Find those of these that are right; what isn't waits, and is named when it is
    read.
    """
    if not chains:
        return {}
    try:
        return load_link_chains(chains)
    except HeadsAltered:
        # One broken chain must not keep the log from taking in all others.
        return {pk: right for pk in chains for right in _if_right(pk)}


def _if_right(chain: UUID) -> Iterable[LinkChain]:
    try:
        return load_link_chains([chain]).values()
    except HeadsAltered:
        return ()
