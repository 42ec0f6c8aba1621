"""1EdTech's own example, to the last byte: “Linked Data Proof Test Vector for Open
Badges 3.0”, in the implementation guide."""

import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from amana.academy.credentials.engine.canonical import OPEN_BADGES, VC, write_quads
from amana.academy.credentials.engine.multibase import encode_multikey
from amana.academy.credentials.engine.proofs import check, compute_signed_bytes, sign

SECRET = "6241a409e6707bb640a0140a8a32bc3d193c33a661747284d6adfa4ed4180be4"
MULTIKEY = "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi"
ISSUER = "https://example.edu/issuers/565049"
DOCUMENT = {
    "@context": [VC, OPEN_BADGES],
    "id": "http://example.com/credentials/3527",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {
        "id": ISSUER,
        "type": ["Profile"],
        "url": "https://www.imsglobal.org",
        "name": "Example Corp",
    },
    "validFrom": "2010-01-01T00:00:00Z",
    "name": "Teamwork Badge",
    "credentialSubject": {
        "id": "did:example:ebfeb1f712ebc6f1c276e12ec21",
        "type": ["AchievementSubject"],
        "achievement": {
            "id": "https://example.com/achievements/21st-century-skills/teamwork",
            "type": ["Achievement"],
            "criteria": {
                "narrative": "Team members are nominated for this badge by their peers "
                "and recognized upon review by Example Corp management."
            },
            "description": "This badge recognizes the development of the capacity to "
            "collaborate within a group environment.",
            "name": "Teamwork",
        },
    },
}
PROOF = {
    "type": "DataIntegrityProof",
    "created": "2010-01-01T19:23:24Z",
    "verificationMethod": f"{ISSUER}#{MULTIKEY}",
    "cryptosuite": "eddsa-rdfc-2022",
    "proofPurpose": "assertionMethod",
}
DOCUMENT_HASH = "87f65a76d40146205e3b3e06cb0fbd153f97f9ce70372390f52566bb7f9e0773"
PROOF_HASH = "d34009cea0dbc1ca941e09dc01c8c9d3e3ce3c5b853f67ee44698dcea10f5d19"
PROOF_VALUE = (
    "z5x9aCBYovW3CQCbKdNyhEm7ffYSw1YpEdPywQJoNbzDD2gkzQDKJ1sYKJaWvqZtkMtSbz35Hcbg"
    "XVEDYHxCzgkCr"
)


def test_the_hashes_of_the_example_are_ours():
    assert hashlib.sha256(write_quads(DOCUMENT)).hexdigest() == DOCUMENT_HASH
    assert compute_signed_bytes(DOCUMENT, PROOF).hex() == PROOF_HASH + DOCUMENT_HASH


def test_the_signature_of_the_example_is_ours():
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(SECRET))
    method = PROOF["verificationMethod"]

    signed = sign(DOCUMENT, key, method, PROOF["created"])

    assert encode_multikey(key.public_key()) == MULTIKEY
    assert signed["proof"] == PROOF | {"proofValue": PROOF_VALUE}
    assert check(signed, {method: MULTIKEY}) == method
