"""The signed manifest of a case: what there is of it, who holds it, what she agreed to.

Anyone who can write in the database can put back an older revision, delete a record or
widen a consent, and no seal breaks. So every act that changes a case appends a *link*:
the case's whole state, signed by who acts and chained to the link before, in the same
transaction. What only narrows it (a consent ends, keys are taken, a record is deleted)
is a link too, signed by the log's key where nobody's keys are at hand. What is read is
checked against the last link, and a new state is made from it and never from the rows:
else the next honest act would bless what was altered. Which link is the last, the log
says (`heads`).
"""

import hashlib
import json
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from copy import deepcopy
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.audit import log_keys as log_signing
from amana.trust.vault import altered, heads, roster
from amana.trust.vault.altered import Alteration
from amana.trust.vault.crypto import bind_place
from amana.trust.vault.heads import ChainHead, HeadsAltered
from amana.trust.vault.keys import Keyring, get_keyring
from amana.trust.vault.models import CaseLink, PersonKey, TeamKey
from amana.trust.vault.roster import Holder
from amana.trust.vault.signing import is_signed
from amana.trust.vault.statements import UNREADABLE

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


_changing: ContextVar[Mapping[UUID, ManifestState]] = ContextVar("changing", default={})  # noqa: B039
"""The states that an act is about to sign."""

_seen: ContextVar[dict[UUID, ManifestState] | None] = ContextVar("seen", default=None)
"""What was checked for this page."""


# --- reading


def get_state(case: UUID) -> ManifestState:
    """Get the last state that was signed, checked. Raises `Tampered`."""
    return get_states([case])[case]


type Facts = Callable[[bool], Mapping[str, Any]]
"""What the rows say now, by name, and None for what may not be there; True: read them
from the database again."""


def require_facts(case: UUID, facts: Facts) -> None:
    """Require that the rows have of a case what was signed. Raises `Tampered`."""
    wrong = find_difference(get_state(case), facts(False))
    if wrong is None:
        return
    with transaction.atomic():  # or someone changed it between our queries
        lock_chains([case])
        forget([case])
        wrong = find_difference(get_state(case), facts(True))
    if wrong is not None:
        raise altered.build_case_tampered(wrong, case)


def find_difference(
    state: ManifestState, facts: Mapping[str, Any]
) -> Alteration | None:
    """Find the first of these facts that isn't as it was signed; None: all are."""
    for name, said in facts.items():
        if not _agrees(state.facts.get(name), said):
            return ALTERED[name.split("/")[0]]
    return None


def _agrees(signed: Any, said: Any) -> bool:
    """Return whether every part that is given was signed so; more may have been
    signed.
    """
    if isinstance(said, Mapping) and isinstance(signed, Mapping):
        return all(part in signed and signed[part] == said[part] for part in said)
    return bool(signed == said)


def get_states(cases: Collection[UUID]) -> dict[UUID, ManifestState]:
    """Get the states of several cases, in as many queries as for one. Raises
    `Tampered`.
    """
    changing, seen = _changing.get(), _seen.get()
    # A state that an act is changing comes before what was read: within the act only it
    # has what the act has changed already.
    found = {case: changing[case] for case in cases if case in changing}
    kept = seen if seen is not None else {}
    found |= {c: kept[c] for c in cases if c in kept and c not in found}
    read = load_states([case for case in cases if case not in found])
    kept |= read
    return found | read


@contextmanager
def remember_states() -> Iterator[None]:
    """Check each case once while a page is made, or an act is done. If the rows then
    differ, it is read again before anything is reported.
    """
    if _seen.get() is not None:  # the page around the act does
        yield
        return
    token = _seen.set({})
    try:
        yield
    finally:
        _seen.reset(token)


def forget(cases: Iterable[UUID]) -> None:
    """Forget these, so that they are read again when next needed."""
    seen = _seen.get()
    for case in cases:
        if seen is not None:
            seen.pop(case, None)


def load_states(cases: Collection[UUID]) -> dict[UUID, ManifestState]:
    if not cases:
        return {}
    of_chain = {compute_chain_id(case): case for case in cases}
    try:
        return {of_chain[pk]: chain.state for pk, chain in _load(of_chain).items()}
    except HeadsAltered:
        pass  # or the log was sealed between our queries: look again, with it held
    with transaction.atomic():
        heads.lock_map()
        try:
            return {of_chain[pk]: chain.state for pk, chain in _load(of_chain).items()}
        except HeadsAltered as wrong:
            case = of_chain[wrong.chain or next(iter(of_chain))]
            what = wrong.what
    raise altered.build_case_tampered(what, case)


def compute_chain_id(case: UUID) -> UUID:
    """Compute the id of a case's chain, which doesn't reveal the case."""
    return UUID(bytes=hashlib.sha256(bind_place("chain", case.hex)).digest()[:16])


def _load(chains: Collection[UUID]) -> dict[UUID, "LinkChain"]:
    last = heads.find_heads(chains)
    found = _links(chains)
    known = _signers(
        link.signer
        for chain, links in found.items()
        for link in links
        if not _is_in_log(link, last.get(chain))
    )
    return {
        chain: LinkChain(
            _fold(chain, last.get(chain), found[chain], known),
            found[chain],
            last.get(chain),
        )
        for chain in chains
    }


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


@dataclass(frozen=True, slots=True)
class LinkChain:
    """The links of a chain that were read and found right: whatever the log vouches
    for or takes in is one of these, and never read again."""

    state: ManifestState
    links: list[StoredLink]
    head: ChainHead | None
    """The last one that the log has."""

    @property
    def last(self) -> ChainHead:
        return ChainHead(self.links[-1].place, self.links[-1].hash)

    @property
    def waiting(self) -> list[StoredLink]:
        return [link for link in self.links if not _is_in_log(link, self.head)]


def _links(chains: Collection[UUID]) -> dict[UUID, list[StoredLink]]:
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


def _blob(said: Any) -> bytes:
    """Read what a column holds, if it holds bytes."""
    return bytes(said) if isinstance(said, (bytes, memoryview)) else b""


def _is_in_log(link: StoredLink, head: ChainHead | None) -> bool:
    return head is not None and link.place <= head.place


def _fold(
    chain: UUID,
    head: ChainHead | None,
    links: list[StoredLink],
    known: Mapping[str, "LinkSigner"],
) -> ManifestState:
    """Fold a chain into its last state, if it is whole, reaches what the log has, and
    continues from there with nothing but what was rightly signed. Raises
    `HeadsAltered`.
    """
    wrong = HeadsAltered(Alteration.HISTORY, chain)
    if not links:
        raise wrong
    if links[0].kind == Kind.ERASES:  # and what was before it is gone
        if not _is_whole(chain, links[0], head) or len(links) > 1:
            raise wrong
        return ManifestState(erased=True)
    first, last = links[0].place, links[-1].place
    # The log knows nothing of this chain, so it must begin at its first link, and no
    # link may claim to have been taken in.
    if head is None and (first != 0 or any(link.taken_in for link in links)):
        raise HeadsAltered(Alteration.LOG, chain)
    if head is not None and not first <= head.place <= last:
        raise wrong
    state: ManifestState | None = None
    before: StoredLink | None = None
    for link in links:
        if before and (link.before, link.place) != (before.hash, before.place + 1):
            raise wrong
        if compute_link_hash(chain, link) != link.hash:
            raise wrong
        if head and link.place == head.place and link.hash != head.hash:
            raise wrong
        # What the log has taken in was checked then, with the roster of that time: the
        # signer may have lost the key since.
        if not _is_in_log(link, head) and not _rightly_signed(link, state, known):
            raise wrong
        try:
            state, before = _after(state, link), link
        except UNREADABLE as error:
            raise wrong from error
    if state is None:
        raise wrong
    return state


def _is_whole(chain: UUID, link: StoredLink, head: ChainHead | None) -> bool:
    """Return whether the last link of an erased case is what the log has, or signed by
    it.
    """
    if compute_link_hash(chain, link) != link.hash:
        return False
    if head and link.place <= head.place:
        return (link.place, link.hash) == (head.place, head.hash)
    return link.signer == LOG and _signed_by_log(link.hash, link.signature)


def _after(state: ManifestState | None, link: StoredLink) -> ManifestState | None:
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


# --- who may sign


@dataclass(frozen=True)
class LinkSigner:
    """Someone's key to check signatures with, and as whom they hold cases."""

    verify_key: bytes
    holds: frozenset[str]


def _signers(
    signers: Iterable[str], last: CaseLink | None = None
) -> dict[str, LinkSigner]:
    """Find the keys with which these links are checked, by the roster. One query at
    most.
    """
    wanted = set(signers) - {LOG}
    if not wanted:
        return {}
    known = roster.get_roster_as_of(last) if last else roster.get_roster()
    found = {}
    for signer in wanted:
        try:
            key = int(signer.removeprefix("key:"))
        except (ValueError, AttributeError):
            continue  # nobody
        person = known.people.get(key)
        if person is not None:
            teams = {pk for pk, team in known.teams.items() if key in team.holders}
            holds = {f"person:{person.user}", *(f"team:{pk}" for pk in teams)}
            found[signer] = LinkSigner(person.verify, frozenset(holds))
    return found


def _rightly_signed(
    link: StoredLink, state: ManifestState | None, known: Mapping[str, LinkSigner]
) -> bool:
    """Return whether the right person signed it, or the log, unless it is a whole
    state. What the log has countersigned, it has checked.
    """
    if _signed_by_log(link.hash, link.countersignature):
        return True
    if link.signer == LOG:
        return link.kind != Kind.STATE and _signed_by_log(link.hash, link.signature)
    signer = known.get(link.signer)
    if signer is None or not is_signed(
        link.hash, link.signature, by=signer.verify_key, purpose=PURPOSE
    ):
        return False
    return _may_sign(link.kind, signer, state)


def _may_sign(kind: str, signer: LinkSigner, state: ManifestState | None) -> bool:
    """Return whether this signer may sign this kind. A holder of the state before signs
    the next; anyone may sign that a consent ends. Everything else that takes something
    away only the log signs: the person would lose by it what she needs.
    """
    if kind == Kind.STATE:
        return state is None or bool(signer.holds & state.held_by)
    return kind == Kind.ENDS


def _signed_by_log(hash_: bytes, signature: bytes) -> bool:
    if not signature:
        return False
    return log_signing.is_signed(PURPOSE, hash_.hex(), signature.hex())


# --- writing


@contextmanager
def change_case(case: UUID, *, by: User, new: bool = False) -> Iterator[ManifestState]:
    """Yield the state of a case, to be changed; when this is over, `by` signs it.

    No one else changes the case before we commit. Inside another such act it is a part
    of that one, with one link for all. Raises `Tampered` for a case that was erased.
    """
    outer = _changing.get().get(case)
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
        token = _changing.set({**_changing.get(), case: state})
        try:
            yield state
        finally:
            _changing.reset(token)
        # An act that changed nothing adds no link.
        if new or state != was:
            signed = None if new else was
            _append(case, Kind.STATE, {"state": asdict(state)}, by=by, before=signed)
        seen = _seen.get()
        if seen is not None:
            seen[case] = state


def lock_chains(cases: Collection[UUID]) -> None:
    """Lock these chains: no one else appends to them before we commit."""
    chains = [compute_chain_id(case) for case in cases]
    # The first link represents the chain, and always in one order, so that two acts on
    # several cases don't wait for each other.
    first = CaseLink.objects.filter(chain__in=chains, place=0).order_by("chain")
    list(first.select_for_update(no_key=True).values_list("pk"))


def narrow(case: UUID, kind: Kind, what: str, *, by: User | None = None) -> None:
    """Append a link that takes something away. The log signs if `by` has no keys at
    hand: a consent can be withdrawn though the colleague who hears of it opens nothing.
    It is appended even if the chain is broken: nothing may prevent the withdrawal.
    """
    changed = _changing.get().get(case)
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
    body: Mapping[str, Any],
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
        signer = _signers([name], last).get(name)
    except Refused:  # the roster is broken, and a consent ends all the same
        if kind == Kind.STATE:
            raise
        return False
    if signer is None or signer.verify_key != ring.signing.public:
        return False
    return _may_sign(kind, signer, before)


def erase(case: UUID) -> None:
    """Delete all of a case's manifest but that it was erased."""
    narrow(case, Kind.ERASES, "")
    links = CaseLink.objects.filter(chain=compute_chain_id(case))
    links.exclude(kind=Kind.ERASES).delete()


# --- the log takes in


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
        return _load(chains)
    except HeadsAltered:
        # One broken chain must not keep the log from taking in all others.
        return {pk: right for pk in chains for right in _if_right(pk)}


def _if_right(chain: UUID) -> Iterable[LinkChain]:
    try:
        return _load([chain]).values()
    except HeadsAltered:
        return ()
