"""Certificates for the tests of this folder, with keys that are the same each time."""

from dataclasses import replace
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from amana.academy.credentials.engine import documents, issuers, statuses, tokens
from amana.academy.credentials.engine.canonical import Json
from amana.academy.credentials.engine.documents import Award, Criterion, CriterionLevel
from amana.academy.credentials.engine.multibase import encode_multikey
from amana.academy.credentials.engine.proofs import sign

HOST = "https://academy.example.org"
DID = issuers.build_did(HOST)
LIST = f"{HOST}/certificates/revoked/1"
PLACE = 94567
AT = "2026-11-01T00:00:00Z"


class Pair:
    def __init__(self, seed: str) -> None:
        raw = sha256(seed.encode()).digest()
        self.proof = Ed25519PrivateKey.from_private_bytes(raw)
        self.token = derive_private_key(int.from_bytes(raw, "big") >> 1, SECP256R1())
        self.public = issuers.PublicKeys(
            encode_multikey(self.proof.public_key()),
            tokens.encode_jwk(self.token.public_key()),
        )


OURS, THEIRS = Pair("ours"), Pair("theirs")
DID_DOCUMENT = issuers.build_did_document(DID, [OURS.public])
TRUSTED = issuers.read_trusted(DID_DOCUMENT)
METHOD = OURS.public.method(DID)

ACHIEVEMENT = documents.AchievementDocument(
    address=f"{HOST}/certificates/for/practitioner/1",
    name="Certified Referral Mechanism Practitioner",
    description="Runs a referral mechanism.",
    criteria="Six modules, and three cases scored on what was done.",
    rubric=(
        Criterion(
            "consent",
            "Consent before sharing",
            (
                CriterionLevel("absent", "Absent", "Shared without consent."),
                CriterionLevel(
                    "met", "Met", "Consent was scoped, recorded and honoured."
                ),
            ),
            "met",
        ),
        Criterion(
            "loop",
            "Closes the loop",
            (
                CriterionLevel("absent", "Absent", "No outcome."),
                CriterionLevel("met", "Met", "The outcome came in time."),
            ),
            "met",
        ),
    ),
)
AWARD = Award(
    id="urn:uuid:0f8b7e9c-6a53-4f6e-b1c2-6a2f5b0d3e11",
    subject="urn:uuid:7b0e4a0e-5d3c-4a3f-9a55-0a8cf3b3f0a1",
    issuer=DID,
    issuer_name="Referral Academy",
    issuer_address=HOST,
    achievement=ACHIEVEMENT,
    valid_from=AT,
    valid_until="2029-11-01T00:00:00Z",
    status=statuses.build_entry(LIST, PLACE),
    name="Amina Diallo",
    levels=(("consent", "met"), ("loop", "met")),
    evidence=(
        documents.Evidence(
            "Exercise", "simulation", "ab" * 32, "Three invented cases; 41 acts."
        ),
    ),
)


def signed(award: Award = AWARD, *, by: Pair = OURS, **changes: str) -> Json:
    document = documents.build_document(replace(award, **changes))  # type: ignore[arg-type]
    return sign(document, by.proof, by.public.method(DID), AT)


def status_list(*revoked: int, by: Pair = OURS, at: str = AT) -> Json:
    # Far off: a verifier that we didn't write looks at the real day.
    until = "2099-12-01T00:00:00Z"
    whole = statuses.build_status_list(LIST, DID, revoked, at, until)
    return sign(whole, by.proof, by.public.method(DID), at)
