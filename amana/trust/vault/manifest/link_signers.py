"""Who may sign a link."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from amana.trust.audit import log_keys as log_signing
from amana.trust.vault import roster
from amana.trust.vault.manifest.links import (
    LOG,
    PURPOSE,
    Kind,
    ManifestState,
    StoredLink,
)
from amana.trust.vault.models.sealed_documents import CaseLink
from amana.trust.vault.signing import is_signed


@dataclass(frozen=True)
class LinkSigner:
    """Someone's key to check signatures with, and as whom they hold cases."""

    verify_key: bytes
    holds: frozenset[str]


def find_link_signers(
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
            continue  # names no person's key
        person = known.people.get(key)
        if person is not None:
            teams = {pk for pk, team in known.teams.items() if key in team.holders}
            holds = {f"person:{person.user}", *(f"team:{pk}" for pk in teams)}
            found[signer] = LinkSigner(person.verify, frozenset(holds))
    return found


def is_rightly_signed(
    link: StoredLink, state: ManifestState | None, known: Mapping[str, LinkSigner]
) -> bool:
    """Return whether the right person signed it, or the log, unless it is a whole
    state. What the log has countersigned, it has checked.
    """
    if is_signed_by_log(link.hash, link.countersignature):
        return True
    if link.signer == LOG:
        return link.kind != Kind.STATE and is_signed_by_log(link.hash, link.signature)
    signer = known.get(link.signer)
    if signer is None or not is_signed(
        link.hash, link.signature, by=signer.verify_key, purpose=PURPOSE
    ):
        return False
    return may_sign_link(link.kind, signer, state)


def may_sign_link(kind: str, signer: LinkSigner, state: ManifestState | None) -> bool:
    """Return whether this signer may sign this kind. A holder of the state before signs
    the next; anyone may sign that a consent ends. Everything else that takes something
    away only the log signs: the person would lose by it what she needs.
    """
    if kind == Kind.STATE:
        return state is None or bool(signer.holds & state.held_by)
    return kind == Kind.ENDS


def is_signed_by_log(hash_: bytes, signature: bytes) -> bool:
    if not signature:
        return False
    return log_signing.is_signed(PURPOSE, hash_.hex(), signature.hex())
