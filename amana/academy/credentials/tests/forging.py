"""Ways in which somebody might make a better certificate of the one they have."""

from collections.abc import Callable
from copy import deepcopy

from amana.academy.credentials.engine.canonical import VC, Json
from amana.academy.credentials.engine.tests import making
from amana.academy.credentials.engine.verdicts import VerificationOutcome


def forged(document: Json, what: str) -> tuple[Json, VerificationOutcome]:
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

FORGERIES: dict[str, tuple[Callable[[Json], None], VerificationOutcome]] = {
    "another name": (
        change(f"{SUBJECT}.identifier.0.identityHash", "Someone Else"),
        VerificationOutcome.ALTERED,
    ),
    "a higher level": (
        change(f"{SUBJECT}.result.0.achievedLevel", "https://a.example/#best"),
        VerificationOutcome.ALTERED,
    ),
    "valid for longer": (
        change("validUntil", "2039-11-01T00:00:00Z"),
        VerificationOutcome.ALTERED,
    ),
    "valid for ever": (remove("validUntil"), VerificationOutcome.ALTERED),
    "another place in the list": (
        change("credentialStatus.statusListIndex", "1"),
        VerificationOutcome.ALTERED,
    ),
    "no status": (remove("credentialStatus"), VerificationOutcome.ALTERED),
    "a property that nobody signed": (
        change("honours", "first"),
        VerificationOutcome.ALTERED,
    ),
    "such a property further in": (
        change(f"{SUBJECT}.grade", "A"),
        VerificationOutcome.ALTERED,
    ),
    "a type that nobody signed": (
        change("type", ["VerifiableCredential", "OpenBadgeCredential", "Diploma"]),
        VerificationOutcome.ALTERED,
    ),
    "an address without a beginning": (
        change(f"{SUBJECT}.source", {"id": "me"}),
        VerificationOutcome.ALTERED,
    ),
    "the end under its long name, where no reader looks": (
        lambda d: d.update({UNTIL: {"@type": DATE, "@value": d.pop("validUntil")}}),
        VerificationOutcome.ALTERED,
    ),
    "a short name for the end, brought along": (
        lambda d: d.update(
            {
                "@context": [*d["@context"], {"ende": {"@id": UNTIL, "@type": DATE}}],
                "ende": d.pop("validUntil"),
            }
        ),
        VerificationOutcome.UNREADABLE,
    ),
    "a context of its own further in": (
        change(f"{SUBJECT}.achievement.@context", {"x": "https://x.example/"}),
        VerificationOutcome.ALTERED,
    ),
    "another issuer": (
        change("issuer.id", "did:web:evil.example"),
        VerificationOutcome.FORGED,
    ),
    "the key's name exchanged": (
        lambda d: d["proof"].update(verificationMethod=f"{did(d)}#{THEIR_KEY}"),
        VerificationOutcome.FORGED,
    ),
    "a key that is its own witness": (
        change("proof.verificationMethod", f"did:key:{THEIR_KEY}#{THEIR_KEY}"),
        VerificationOutcome.FORGED,
    ),
    "the proof taken out": (remove("proof"), VerificationOutcome.ALTERED),
    "the signature of something else": (
        change("proof.proofValue", making.status_list()["proof"]["proofValue"]),
        VerificationOutcome.ALTERED,
    ),
    "the signature cut short": (
        change("proof.proofValue", "z1"),
        VerificationOutcome.ALTERED,
    ),
    "another kind of proof": (
        change("proof.cryptosuite", "ecdsa-rdfc-2019"),
        VerificationOutcome.UNREADABLE,
    ),
    "a proof for another purpose": (
        change("proof.proofPurpose", "authentication"),
        VerificationOutcome.UNREADABLE,
    ),
    "a later day of signing": (
        change("proof.created", "2027-01-01T00:00:00Z"),
        VerificationOutcome.ALTERED,
    ),
    "a context that nobody knows": (
        change("@context", [VC, "https://evil.example/context.json"]),
        VerificationOutcome.UNREADABLE,
    ),
    "proofs in a row": (
        lambda d: d.update({"proof": [d["proof"], d["proof"]]}),
        VerificationOutcome.ALTERED,
    ),
}
