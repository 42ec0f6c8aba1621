"""The signature inside the certificate: Data Integrity, `eddsa-rdfc-2022`.

Data Integrity EdDSA Cryptosuites 1.0 (W3C, 2025), section 3.2."""

import hashlib
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from amana.academy.credentials.engine.canonical import Json, write_quads
from amana.academy.credentials.engine.faults import (
    AlteredCertificate,
    ForgedCertificate,
    UnreadableCertificate,
)
from amana.academy.credentials.engine.multibase import (
    decode_base58,
    decode_multikey,
    encode_base58,
)

KIND = {
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-rdfc-2022",
    "proofPurpose": "assertionMethod",
}

type Keys = Mapping[str, str]
"""Multikeys that we trust, by their id; an id is the issuer's, “#” and a name."""


def sign(document: Json, key: Ed25519PrivateKey, method: str, created: str) -> Json:
    proof = {**KIND, "created": created, "verificationMethod": method}
    value = "z" + encode_base58(key.sign(compute_signed_bytes(document, proof)))
    return {**document, "proof": {**proof, "proofValue": value}}


def check(document: Json, keys: Keys) -> str:
    """Check the proof, and return the id of the key by which the issuer signed. Raises
    the fault that was found."""
    issuer, proof = get_issuer(document), document.get("proof")
    if not isinstance(proof, dict) or not isinstance(proof.get("proofValue"), str):
        raise AlteredCertificate("no proof")
    if any(proof.get(name) != value for name, value in KIND.items()):
        raise UnreadableCertificate("not an eddsa-rdfc-2022 assertion")
    method = proof.get("verificationMethod")
    if not isinstance(method, str) or method not in keys:
        raise ForgedCertificate("a key that we do not know")
    # A key that is trusted for one issuer must not sign in the name of another.
    if method.partition("#")[0] != issuer:
        raise ForgedCertificate("signed by another than the issuer")
    data, value = compute_signed_bytes(document, proof), proof["proofValue"]
    try:
        decode_multikey(keys[method]).verify(decode_base58(value[1:]), data)
    except InvalidSignature:
        raise AlteredCertificate("the signature does not fit") from None
    return method


def compute_signed_bytes(document: Json, proof: Json) -> bytes:
    config = {key: value for key, value in proof.items() if key != "proofValue"}
    body = {key: value for key, value in document.items() if key != "proof"}
    return compute_digest(
        {"@context": document.get("@context"), **config}
    ) + compute_digest(body)


def compute_digest(document: Json) -> bytes:
    return hashlib.sha256(write_quads(document)).digest()


def get_issuer(document: Json) -> str:
    issuer = document.get("issuer")
    name = issuer.get("id") if isinstance(issuer, dict) else issuer
    if not isinstance(name, str):
        raise UnreadableCertificate("no issuer")
    return name
