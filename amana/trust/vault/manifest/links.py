"""Links of a case's manifest, as they are stored, and the state that they say."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from amana.trust.vault.altered import Alteration
from amana.trust.vault.crypto import bind_place
from amana.trust.vault.heads import ChainHead, HeadsAltered
from amana.trust.vault.models.sealed_documents import CaseLink
from amana.trust.vault.models.team_keys import TeamKey
from amana.trust.vault.roster.checked_roster import Holder

PURPOSE = "link of a case"


LOG = "log"


Kind = CaseLink.Kind


ALTERED = {
    "case": Alteration.CASE,
    "consent": Alteration.CONSENT,
    "shared": Alteration.CONSENT,
    "reader": Alteration.CONSENT,
}
"""What it means where a fact of this kind differs."""


@dataclass
class ManifestState:
    """What a case's last link says of it."""

    holders: dict[str, list[str]] = field(default_factory=dict)
    """Of each compartment that it has, who holds the key: `team:` or `person:`, and
    the id."""
    documents: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Of each record, the current revision and its id, to which its seal is bound."""
    facts: dict[str, Any] = field(default_factory=dict)
    """What upper rooms have to keep true about it, by name."""
    erased: bool = False

    def of(self, part: str, names: Collection[str] | None = None) -> set[str]:
        """Find the names of the records in a compartment, or those of `names`."""
        found = {
            name.removeprefix(f"{part}/")
            for name in self.documents
            if name.startswith(f"{part}/")
        }
        return found if names is None else found & set(names)

    def record(self, part: str, name: str) -> tuple[int, str] | None:
        return self.documents.get(f"{part}/{name}")

    @property
    def held_by(self) -> set[str]:
        """Those who hold something of it."""
        return {holder for holders in self.holders.values() for holder in holders}

    def give(self, parts: Iterable[str], holders: Iterable[str]) -> None:
        """Set these as the holders of these compartments, and no one else."""
        named = sorted(set(holders))
        self.holders |= {str(part): named for part in parts}

    def share(self, parts: Iterable[str], holders: Collection[str]) -> None:
        """Add these to the holders."""
        for part in parts:
            self.give([part], {*self.holders.get(part, ()), *holders})

    def put(self, part: str, name: str, revision: int, pk: UUID) -> None:
        self.documents[f"{part}/{name}"] = (revision, pk.hex)

    def forget(self, part: str, name: str) -> None:
        self.documents.pop(f"{part}/{name}", None)


def format_holder(holder: Holder) -> str:
    """Format a holder's name: a team by its own id, whatever the epoch of its key; a
    person likewise.
    """
    if isinstance(holder, TeamKey):
        return f"team:{holder.team_id}"
    return f"person:{holder.user_id}"


LINKS = """
    SELECT chain, taken_in, place, before, kind, body, signer, signature,
        countersignature, hash
    FROM vault_caselink AS link
    WHERE chain IN ({}) AND place >= COALESCE((
        SELECT MAX(place) FROM vault_caselink AS earlier
        WHERE earlier.chain = link.chain
        AND (earlier.kind = 'state' AND earlier.taken_in OR earlier.kind = 'erases')
        ), 0)
    ORDER BY chain, place
"""
"""From the last state that the log has taken in, or the end."""


@dataclass(frozen=True, slots=True)
class StoredLink:
    """A link as it is stored."""

    taken_in: bool
    place: int
    before: bytes
    kind: str
    body: str
    signer: str
    signature: bytes
    countersignature: bytes
    hash: bytes


def find_links_by_chain(chains: Collection[UUID]) -> dict[UUID, list[StoredLink]]:
    stored = CaseLink._meta.get_field("chain").get_db_prep_value
    found: dict[UUID, list[StoredLink]] = {chain: [] for chain in chains}
    marks = ",".join(["%s"] * len(found))
    with connection.cursor() as cursor:
        cursor.execute(LINKS.format(marks), [stored(c, connection) for c in found])
        for chain, taken_in, place, before, kind, body, signer, *rest in cursor:
            pk = chain if isinstance(chain, UUID) else UUID(chain)
            # SQLite keeps whatever type was written into a column.
            if not isinstance(place, int):
                raise HeadsAltered(Alteration.HISTORY, pk)
            blobs = [_blob(said) for said in (before, *rest)]
            found[pk].append(
                StoredLink(
                    bool(taken_in), place, blobs[0], kind, body, signer, *blobs[1:]
                )
            )
    return found


def _blob(said: object) -> bytes:
    """Read what a column holds, if it holds bytes."""
    return bytes(said) if isinstance(said, (bytes, memoryview)) else b""


def is_link_in_log(link: StoredLink, head: ChainHead | None) -> bool:
    return head is not None and link.place <= head.place


def apply_link(state: ManifestState | None, link: StoredLink) -> ManifestState | None:
    body = json.loads(link.body)
    if link.kind == Kind.STATE:
        return _read_state(**body["state"])
    if state is not None:
        narrow_state(state, Kind(link.kind), body["what"])
    return state


def _read_state(
    *,
    holders: Mapping[str, Iterable[str]],
    documents: Mapping[str, tuple[int, str]],
    facts: Mapping[str, Any],
    erased: bool,
) -> ManifestState:
    """Read a state as it was written. Raises `ValueError` and the like where it is
    none.
    """
    return ManifestState(
        {part: [*map(str, held)] for part, held in holders.items()},
        {name: (int(number), str(pk)) for name, (number, pk) in documents.items()},
        dict(facts.items()),
        erased is True,
    )


def narrow_state(state: ManifestState, kind: Kind, what: str) -> None:
    """Apply to a state what a link that isn't a whole state changes."""
    if kind == Kind.ENDS:
        state.facts.pop(what, None)
    elif kind == Kind.RELEASES:
        for part, holders in state.holders.items():
            state.give([part], set(holders) - {what})
    elif kind == Kind.RETURNS:
        part, holder = what.split("/")
        state.share([part], {holder})
    elif kind == Kind.FORGETS:
        state.documents.pop(what, None)
    elif kind == Kind.SHREDS:
        state.holders.pop(what, None)
        for name in state.of(what):
            state.forget(what, name)


def compute_link_hash(chain: UUID, link: StoredLink | CaseLink) -> bytes:
    place = (chain.hex, link.place, link.before.hex(), link.kind, link.signer)
    return hashlib.sha256(bind_place("link", *place, link.body)).digest()
