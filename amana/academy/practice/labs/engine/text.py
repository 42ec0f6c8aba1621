"""The one text: which clauses are agreed, and the mechanism's file that they make."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from amana.academy.practice.labs.engine.lab import LabScript
from amana.design.mechanism import writing


@dataclass(frozen=True)
class ClauseProposal:
    """An option that a party proposed for a clause, and who accepted it."""

    clause: str
    option: str
    accepted: frozenset[str]


class NoAgreement(ValueError):
    """A clause is still open."""


def map_agreed(
    offers: Iterable[ClauseProposal], parties: Collection[str]
) -> dict[str, str]:
    """Map each clause to the option that every party accepted."""
    return {
        # At most one of each clause: to accept an option is to give up another one.
        offer.clause: offer.option
        for offer in offers
        if parties and offer.accepted >= set(parties)
    }


def write_agreed(
    lab: LabScript, files: Mapping[str, bytes], agreed: Mapping[str, str]
) -> dict[str, bytes]:
    """Write what was agreed into the files of the mechanism; the rest stays as its
    author wrote it. Raises `NoAgreement` while a clause is open."""
    if set(lab.clauses) - set(agreed):
        raise NoAgreement
    by_file: dict[str, dict[tuple[str | int, ...], object]] = {}
    for code, clause in lab.clauses.items():
        value = clause.options[agreed[code]].value
        by_file.setdefault(clause.file, {})[clause.place] = value
    # Under an id of its own: loaded where the negotiated mechanism is in force, it must
    # not become that one's next version.
    own = f"{lab.pack.replace('-', '_')}_negotiated"
    by_file.setdefault("mechanism.yaml", {})["id",] = own
    written = dict(files)
    for path, values in by_file.items():
        # By the code of the web editor, which changes these values alone: what is
        # signed is a mechanism that loads (ADR 20).
        written |= writing.write_values(written, path, values)
    return written


def compute_fingerprint(agreed: Mapping[str, str]) -> str:
    """Compute the hash of the text that the parties sign."""
    # Sorted, because clauses are agreed in any order.
    lines = "\n".join(f"{clause} {agreed[clause]}" for clause in sorted(agreed))
    return sha256(lines.encode()).hexdigest()
