"""Ways in which somebody might make a better certificate of the one they have."""

from collections.abc import Callable
from copy import deepcopy

from amana.academy.credentials.engine.canonical import VC, Json
from amana.academy.credentials.engine.tests import making
from amana.academy.credentials.engine.verdicts import Outcome


def forged(document: Json, what: str) -> tuple[Json, Outcome]:
    """A copy spoilt in this way, and what it has to be called."""
    spoil, outcome = FORGERIES[what]
    copy = deepcopy(document)
    spoil(copy)
    return copy, outcome


def did(document: Json) -> str:
    return str(document["proof"]["verificationMethod"]).partition("#")[0]


def change(path: str, value: object) -> Callable[[Json], None]:
    def do(document: Json) -> None:
        *way, last = path.split(".")
        inner: object = document
        for step in way:
            inner = inner[int(step) if step.isdigit() else step]  # type: ignore[index]
        inner[int(last) if last.isdigit() else last] = value  # type: ignore[index]

    return do


def rename(old: str, new: str) -> Callable[[Json], None]:
    def do(document: Json) -> None:
        document[new] = document.pop(old)

    return do


def remove(name: str) -> Callable[[Json], None]:
    def do(document: Json) -> None:
        del document[name]

    return do


SUBJECT = "credentialSubject"
UNTIL = "https://www.w3.org/2018/credentials#validUntil"
DATE = "http://www.w3.org/2001/XMLSchema#dateTime"
THEIR_KEY = making.THEIRS.public.multikey

FORGERIES: dict[str, tuple[Callable[[Json], None], Outcome]] = {
    "another name": (
        change(f"{SUBJECT}.identifier.0.identityHash", "Someone Else"),
        Outcome.ALTERED,
    ),
    "a higher level": (
        change(f"{SUBJECT}.result.0.achievedLevel", "https://a.example/#best"),
        Outcome.ALTERED,
    ),
    "valid for longer": (change("validUntil", "2039-11-01T00:00:00Z"), Outcome.ALTERED),
    "valid for ever": (remove("validUntil"), Outcome.ALTERED),
    "another place in the list": (
        change("credentialStatus.statusListIndex", "1"),
        Outcome.ALTERED,
    ),
    "no status": (remove("credentialStatus"), Outcome.ALTERED),
    "a property that nobody signed": (change("honours", "first"), Outcome.ALTERED),
    "such a property further in": (change(f"{SUBJECT}.grade", "A"), Outcome.ALTERED),
    "a type that nobody signed": (
        change("type", ["VerifiableCredential", "OpenBadgeCredential", "Diploma"]),
        Outcome.ALTERED,
    ),
    "an address without a beginning": (
        change(f"{SUBJECT}.source", {"id": "me"}),
        Outcome.ALTERED,
    ),
    "the end under its long name, where no reader looks": (
        lambda d: d.update({UNTIL: {"@type": DATE, "@value": d.pop("validUntil")}}),
        Outcome.ALTERED,
    ),
    "a short name for the end, brought along": (
        lambda d: d.update(
            {
                "@context": [*d["@context"], {"ende": {"@id": UNTIL, "@type": DATE}}],
                "ende": d.pop("validUntil"),
            }
        ),
        Outcome.UNREADABLE,
    ),
    "a context of its own further in": (
        change(f"{SUBJECT}.achievement.@context", {"x": "https://x.example/"}),
        Outcome.ALTERED,
    ),
    "another issuer": (change("issuer.id", "did:web:evil.example"), Outcome.FORGED),
    "the key's name exchanged": (
        lambda d: d["proof"].update(verificationMethod=f"{did(d)}#{THEIR_KEY}"),
        Outcome.FORGED,
    ),
    "a key that is its own witness": (
        change("proof.verificationMethod", f"did:key:{THEIR_KEY}#{THEIR_KEY}"),
        Outcome.FORGED,
    ),
    "the proof taken out": (remove("proof"), Outcome.ALTERED),
    "the signature of something else": (
        change("proof.proofValue", making.status_list()["proof"]["proofValue"]),
        Outcome.ALTERED,
    ),
    "the signature cut short": (change("proof.proofValue", "z1"), Outcome.ALTERED),
    "another kind of proof": (
        change("proof.cryptosuite", "ecdsa-rdfc-2019"),
        Outcome.UNREADABLE,
    ),
    "a proof for another purpose": (
        change("proof.proofPurpose", "authentication"),
        Outcome.UNREADABLE,
    ),
    "a later day of signing": (
        change("proof.created", "2027-01-01T00:00:00Z"),
        Outcome.ALTERED,
    ),
    "a context that nobody knows": (
        change("@context", [VC, "https://evil.example/context.json"]),
        Outcome.UNREADABLE,
    ),
    "proofs in a row": (
        lambda d: d.update({"proof": [d["proof"], d["proof"]]}),
        Outcome.ALTERED,
    ),
}
