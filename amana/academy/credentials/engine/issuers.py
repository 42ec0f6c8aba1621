"""Who issues: a `did:web`, which is one file of public keys on the issuer's own site.

Keys that have been replaced stay in it, so that what they signed stays valid; a key
that fell into wrong hands is taken out, and what it signed is issued again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from amana.academy.credentials.engine.canonical import Json
from amana.academy.credentials.engine.faults import UnreadableCertificate

DID = "https://www.w3.org/ns/did/v1"
MULTIKEY = "https://w3id.org/security/multikey/v1"


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """The two public halves of one pair: for proofs, and for tokens."""

    multikey: str
    jwk: Mapping[str, str]

    def method(self, did: str) -> str:
        return f"{did}#{self.multikey}"

    def kid(self, did: str) -> str:
        """Return the token key's id, named after the pair's other half, so that the two
        go together."""
        return f"{did}#{self.multikey}-jwt"


@dataclass(frozen=True, slots=True)
class TrustedIssuers:
    """Keys that we know to be their issuers', by id."""

    multikeys: Mapping[str, str]
    jwks: Mapping[str, Json]

    def __or__(self, other: "TrustedIssuers") -> "TrustedIssuers":
        return TrustedIssuers(
            {**self.multikeys, **other.multikeys}, {**self.jwks, **other.jwks}
        )


def build_did(address: str) -> str:
    """Build the issuer's id: `https://amana.example:8443` is
    `did:web:amana.example%3A8443`."""
    return "did:web:" + quote(urlsplit(address).netloc, safe="")


def build_did_document(did: str, keys: Iterable[PublicKeys]) -> Json:
    methods = [method for pair in keys for method in list_methods(did, pair)]
    return {
        "@context": [DID, MULTIKEY],
        "id": did,
        "verificationMethod": methods,
        # As text: 1EdTech's validator reads no method that is written out here.
        "assertionMethod": [method["id"] for method in methods],
    }


def list_methods(did: str, pair: PublicKeys) -> list[Json]:
    return [
        {
            "id": pair.method(did),
            "type": "Multikey",
            "controller": did,
            "publicKeyMultibase": pair.multikey,
        },
        {
            "id": pair.kid(did),
            "type": "JsonWebKey",
            "controller": did,
            "publicKeyJwk": dict(pair.jwk),
        },
    ]


def read_trusted(document: Json) -> TrustedIssuers:
    """Read the keys of a DID document that a trusted person has brought. Raises
    `UnreadableCertificate`."""
    try:
        did, asserted = document["id"], set(document["assertionMethod"])
        # A document can name itself the controller of another issuer's key, or list
        # keys for other purposes: only its own, asserted keys count.
        methods = [
            method
            for method in document["verificationMethod"]
            if method["id"] in asserted
            and method["controller"] == did
            and method["id"].startswith(f"{did}#")
        ]
        return TrustedIssuers(
            {
                m["id"]: m["publicKeyMultibase"]
                for m in methods
                if "publicKeyMultibase" in m
            },
            {m["id"]: m["publicKeyJwk"] for m in methods if "publicKeyJwk" in m},
        )
    except (KeyError, TypeError, AttributeError):
        raise UnreadableCertificate("not a DID document") from None
