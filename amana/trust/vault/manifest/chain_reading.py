"""Read the chain of a case, and compare rows with it."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from amana.trust.vault import altered, heads
from amana.trust.vault.altered import Alteration
from amana.trust.vault.crypto import bind_place
from amana.trust.vault.heads import ChainHead, HeadsAltered
from amana.trust.vault.manifest.link_signers import (
    LinkSigner,
    find_link_signers,
    is_rightly_signed,
    is_signed_by_log,
)
from amana.trust.vault.manifest.links import (
    ALTERED,
    LOG,
    Kind,
    ManifestState,
    StoredLink,
    apply_link,
    compute_link_hash,
    find_links_by_chain,
    is_link_in_log,
)
from amana.trust.vault.models.sealed_documents import CaseLink
from amana.trust.vault.statements.roster_state import UNREADABLE

changing_states: ContextVar[Mapping[UUID, ManifestState]] = ContextVar(
    "changing",
    default={},  # noqa: B039
)
"""The states that an act is about to sign."""


seen_states: ContextVar[dict[UUID, ManifestState] | None] = ContextVar(
    "seen", default=None
)
"""What was checked for this page."""


def get_state(case: UUID) -> ManifestState:
    """Get the last state that was signed, checked. Raises `Tampered`."""
    return get_states([case])[case]


type Facts = Callable[[bool], Mapping[str, object]]
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


def _agrees(signed: object, said: object) -> bool:
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
    changing, seen = changing_states.get(), seen_states.get()
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
    if seen_states.get() is not None:  # the page around the act does
        yield
        return
    token = seen_states.set({})
    try:
        yield
    finally:
        seen_states.reset(token)


def forget(cases: Iterable[UUID]) -> None:
    """Forget these, so that they are read again when next needed."""
    seen = seen_states.get()
    for case in cases:
        if seen is not None:
            seen.pop(case, None)


def load_states(cases: Collection[UUID]) -> dict[UUID, ManifestState]:
    if not cases:
        return {}
    of_chain = {compute_chain_id(case): case for case in cases}
    try:
        return {
            of_chain[pk]: chain.state
            for pk, chain in load_link_chains(of_chain).items()
        }
    except HeadsAltered:
        pass  # or the log was sealed between our queries: look again, with it held
    with transaction.atomic():
        heads.lock_map()
        try:
            return {
                of_chain[pk]: chain.state
                for pk, chain in load_link_chains(of_chain).items()
            }
        except HeadsAltered as wrong:
            case = of_chain[wrong.chain or next(iter(of_chain))]
            what = wrong.what
    raise altered.build_case_tampered(what, case)


def compute_chain_id(case: UUID) -> UUID:
    """Compute the id of a case's chain, which doesn't reveal the case."""
    return UUID(bytes=hashlib.sha256(bind_place("chain", case.hex)).digest()[:16])


def load_link_chains(chains: Collection[UUID]) -> dict[UUID, "LinkChain"]:
    last = heads.find_heads(chains)
    found = find_links_by_chain(chains)
    known = find_link_signers(
        link.signer
        for chain, links in found.items()
        for link in links
        if not is_link_in_log(link, last.get(chain))
    )
    return {
        chain: LinkChain(
            _fold(chain, last.get(chain), found[chain], known),
            found[chain],
            last.get(chain),
        )
        for chain in chains
    }


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
        return [link for link in self.links if not is_link_in_log(link, self.head)]


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
        if not is_link_in_log(link, head) and not is_rightly_signed(link, state, known):
            raise wrong
        try:
            state, before = apply_link(state, link), link
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
    return link.signer == LOG and is_signed_by_log(link.hash, link.signature)


def lock_chains(cases: Collection[UUID]) -> None:
    """Lock these chains: no one else appends to them before we commit."""
    chains = [compute_chain_id(case) for case in cases]
    # The first link represents the chain, and always in one order, so that two acts on
    # several cases don't wait for each other.
    first = CaseLink.objects.filter(chain__in=chains, place=0).order_by("chain")
    list(first.select_for_update(no_key=True).values_list("pk"))
