"""The map of heads: which link of each case's manifest is its last.

A log alone shows that a link was there, never that no later one was: old rows with
their old manifest would pass. So whenever the log is sealed, it takes in the links that
wait, and its last entry is the hash of a map that names the last link of every case.
The map lies in buckets: to prove one case, one bucket is read.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from amana.trust.audit import entries, log, log_keys, sealing, tree
from amana.trust.audit import offline_verifier as verifier
from amana.trust.audit.models import AuditEvent, Checkpoint
from amana.trust.vault.altered import Alteration
from amana.trust.vault.models import CaseHead, HeadMap

BUCKETS = 1024
EMPTY = hashlib.sha256().digest()
DID = "recorded last states"


class HeadsAltered(sealing.CannotSeal):
    """What is stored isn't what was signed."""

    def __init__(self, what: Alteration, chain: UUID | None = None) -> None:
        super().__init__(what, chain)
        self.what, self.chain = what, chain


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The last link of a case that the log has taken in."""

    place: int
    hash: bytes


# --- reading


def find_heads(chains: Collection[UUID]) -> dict[UUID, ChainHead]:
    """Find the heads of those of these chains that the log knows, proved by its last
    entry. Two queries; more if the log was sealed since this process last asked.
    """
    tops = _tops()
    if tops is None:
        return {}
    wanted = {get_bucket(chain) for chain in chains}
    buckets = _buckets(wanted, tops)
    found = {pk: head for heads in buckets.values() for pk, head in heads.items()}
    return {chain: found[chain] for chain in chains if chain in found}


def _buckets(wanted: Collection[int], tops: bytes) -> dict[int, dict[UUID, ChainHead]]:
    """Read these buckets, once each is what the map has. One query. Raises
    `HeadsAltered`."""
    found: dict[int, dict[UUID, ChainHead]] = {bucket: {} for bucket in wanted}
    rows = CaseHead.objects.filter(bucket__in=wanted)
    for bucket, chain, place, hash_ in rows.values_list(
        "bucket", "pk", "place", "hash"
    ):
        found[bucket][chain] = ChainHead(place, bytes(hash_))
    for bucket, heads in found.items():
        if tops[bucket * 32 : bucket * 32 + 32] != _hash_of(heads):
            raise HeadsAltered(Alteration.MAP)
    return found


def _hash_of(heads: Mapping[UUID, ChainHead]) -> bytes:
    """Compute the hash of a bucket, in the order of its chains."""
    text = (_entry(pk, heads[pk].place, heads[pk].hash) for pk in sorted(heads))
    return hashlib.sha256(b"".join(text)).digest()


def lock_map() -> None:
    """Keep the log from being sealed before we are done."""
    list(HeadMap.objects.select_for_update(no_key=True).values_list("pk"))


def _tops() -> bytes | None:
    """Read the hashes of all buckets, as the log's last entry has them; None: the log
    has taken in no link yet.
    """
    newest = Checkpoint.objects.order_by("-size").values_list("size", "root").first()
    return _proved(newest[0], bytes(newest[1])) if newest else None


@lru_cache(maxsize=4)
def _proved(size: int, root: bytes) -> bytes | None:
    """Prove the map under one checkpoint: it is signed, and its last entry is the
    map's. Raises `HeadsAltered`.
    """
    note = Checkpoint.objects.filter(size=size).values_list("note", flat=True).first()
    try:
        origin = verifier.parse_head(note or "").origin
        sealing.require_ours(origin)
        said = verifier.read_checkpoint(
            note or "", log_keys.get_public_key().named(origin)
        )
    except verifier.LogBroken as wrong:
        raise HeadsAltered(Alteration.LOG) from wrong
    event = AuditEvent.objects.filter(leaf__position=size - 1).first()
    if said[1:] != (size, root) or event is None:
        raise HeadsAltered(Alteration.LOG)
    [(_pk, text)] = entries.iterate_entries([event.pk])
    proof = tree.prove_inclusion(size - 1, size, sealing.StoredTree().node)
    # A valid signature proves the root, not the row that we read as its last entry:
    # only the inclusion proof ties the two together.
    leaf = verifier.hash_leaf(text.encode())
    if not verifier.is_included(leaf, size - 1, size, proof, root):
        raise HeadsAltered(Alteration.LOG)
    tops = HeadMap.objects.values_list("tops", flat=True).first()
    if event.did != DID:
        # The log has a last entry of another kind only before there was any map.
        if tops is not None:
            raise HeadsAltered(Alteration.MAP)
        return None
    if tops is None or event.thing != format_map_name(bytes(tops)):
        raise HeadsAltered(Alteration.MAP)
    return bytes(tops)


def format_map_name(tops: bytes) -> str:
    """Format the name that the log's entry has for the map: its hash."""
    return f"{HeadMap._meta.label_lower}:{hashlib.sha256(tops).hexdigest()}"


def get_bucket(chain: UUID) -> int:
    return int.from_bytes(chain.bytes[:4], "big") % BUCKETS


def _entry(chain: UUID, place: int, hash_: bytes) -> bytes:
    return chain.bytes + place.to_bytes(8, "big") + hash_


# --- writing, when the log is sealed


def update_heads(moved: Collection[tuple[UUID, ChainHead]]) -> int | None:
    """Update these heads, and write the map's hash into the log. Returns the event,
    which has to be the log's last entry; None: there is no map yet.
    """
    tops = _tops()
    if tops is None and not moved:
        return None
    changed = bytearray(tops or EMPTY * BUCKETS)
    buckets = _buckets({get_bucket(chain) for chain, _head in moved}, bytes(changed))
    for chain, head in moved:
        buckets[get_bucket(chain)][chain] = head
    for bucket, heads in buckets.items():
        changed[bucket * 32 : bucket * 32 + 32] = _hash_of(heads)
    CaseHead.objects.bulk_create(
        [
            CaseHead(chain=pk, bucket=get_bucket(pk), place=head.place, hash=head.hash)
            for pk, head in moved
        ],
        update_conflicts=True,
        unique_fields=["chain"],
        update_fields=["bucket", "place", "hash"],
    )
    HeadMap.objects.update_or_create(pk=1, defaults={"tops": bytes(changed)})
    event = log.write(
        actor=log.SYSTEM,
        role="",
        did=DID,
        thing=format_map_name(bytes(changed)),
        case=None,
        purpose="",
        commitment=log.compute_commitment(b"", {}),
    )
    return event.pk
