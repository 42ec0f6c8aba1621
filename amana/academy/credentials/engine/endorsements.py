"""What another body signed of a certificate: that it accredits or recognises it. Open
Badges 3.0, section 4.5 (EndorsementCredential).

It is signed with the body's own key. A certificate holds it as it is, inside its own
signature, and each of the two is checked with the key of who made it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from amana.academy.credentials.engine.canonical import (
    OPEN_BADGES,
    VC,
    Json,
    parse_json,
)
from amana.academy.credentials.engine.faults import (
    ForgedCertificate,
    UnreadableCertificate,
)
from amana.academy.credentials.engine.multibase import decode_multikey
from amana.academy.credentials.engine.proofs import Keys, check, get_issuer

KIND = "EndorsementCredential"
DID_KEY = "did:key:"
MOST_BYTES = 12 * 1024
"""A certificate holds several, and has at most 64 kB."""


class OtherSubject(ForgedCertificate):
    """It endorses something else."""


@dataclass(frozen=True, slots=True)
class EndorsementClaims:
    """What an endorsement says, once its signature was checked."""

    id: str
    issuer: str
    issuer_name: str
    subject: str
    """The address of what it endorses."""
    comment: str
    valid_from: datetime
    valid_until: datetime | None
    multikey: str
    """The key by which it was signed."""


def read_endorsement(given: bytes, trusted: Keys) -> tuple[Json, EndorsementClaims]:
    """Read a file that another body signed. Raises the `CertificateFault` that was
    found. `trusted` are the body's keys; a `did:key` is its own."""
    # Before it is parsed: it is held by each certificate from now on.
    if len(given) > MOST_BYTES:
        raise UnreadableCertificate("larger than an endorsement")
    document = parse_json(given)
    return document, check_endorsement(document, trusted)


def check_endorsement(document: Json, trusted: Keys) -> EndorsementClaims:
    """Check an endorsement as it is, and return what it says. Raises the
    `CertificateFault` that was found."""
    if KIND not in list_types(document):
        raise UnreadableCertificate("not an endorsement")
    # A did:key is its own key: a file of other keys for it changes nothing.
    keys = {**trusted, **read_own_key(get_issuer(document))}
    method = check(document, keys)
    return read_claims(document, keys[method])


def list_types(document: Json) -> list[object]:
    types = document.get("type")
    return types if isinstance(types, list) else [types]


def read_own_key(issuer: str) -> Mapping[str, str]:
    """Read the key that a `did:key` consists of; nothing for another issuer."""
    if not issuer.startswith(DID_KEY):
        return {}
    multikey = issuer.removeprefix(DID_KEY)
    decode_multikey(multikey)
    return {f"{issuer}#{multikey}": multikey}


def require_subject(claims: EndorsementClaims, address: str) -> None:
    """Require that it endorses this, and not another certificate. Raises
    `OtherSubject`."""
    if claims.subject.rstrip("/") != address.rstrip("/"):
        raise OtherSubject("it endorses something else")


def read_claims(document: Json, multikey: str) -> EndorsementClaims:
    try:
        issuer, subject = document["issuer"], document["credentialSubject"]
        until = document.get("validUntil")
        named = issuer.get("name") if isinstance(issuer, dict) else None
        return EndorsementClaims(
            id=str(document["id"]),
            issuer=get_issuer(document),
            issuer_name=str(named or get_issuer(document)),
            subject=str(subject["id"]),
            comment=str(subject.get("endorsementComment", "")),
            valid_from=parse_moment(document["validFrom"]),
            valid_until=parse_moment(until) if until is not None else None,
            multikey=multikey,
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise UnreadableCertificate(f"no endorsement: {error!r}") from None


def parse_moment(text: object) -> datetime:
    # Without its zone, the same endorsement would end at other hours elsewhere.
    found = datetime.fromisoformat(str(text))
    if found.tzinfo is None:
        raise ValueError("a moment without its zone")
    return found


def list_embedded(document: Json) -> list[Json]:
    """List the endorsements that a certificate holds."""
    listed = document.get("endorsement", [])
    found = listed if isinstance(listed, list) else [listed]
    return [entry for entry in found if isinstance(entry, dict)]


def build_endorsement(
    *,
    id: str,
    issuer: str,
    issuer_name: str,
    subject: str,
    comment: str,
    valid_from: str,
    valid_until: str,
) -> Json:
    """Build what a body signs of another's certificate."""
    document: Json = {
        "@context": [VC, OPEN_BADGES],
        "id": id,
        "type": ["VerifiableCredential", KIND],
        "name": comment[:120],
        "issuer": {"id": issuer, "type": ["Profile"], "name": issuer_name},
        "validFrom": valid_from,
        "credentialSubject": {
            "id": subject,
            "type": ["EndorsementSubject"],
            "endorsementComment": comment,
        },
    }
    return document | ({"validUntil": valid_until} if valid_until else {})
