"""Is this certificate valid? One answer, whatever shape it came in.

First whether it can be read, then whose key signed it, whether that signature still
fits, whether it was revoked, and only then the dates. Nothing is fetched: the keys and
the list of revoked certificates are given, and so is the day of that list."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from amana.academy.credentials.engine import baking, squares
from amana.academy.credentials.engine.canonical import Json, parse_json
from amana.academy.credentials.engine.endorsements import list_embedded
from amana.academy.credentials.engine.faults import (
    AlteredCertificate,
    CertificateFault,
    ForgedCertificate,
    UnreadableCertificate,
)
from amana.academy.credentials.engine.issuers import TrustedIssuers
from amana.academy.credentials.engine.proofs import check, get_issuer
from amana.academy.credentials.engine.statuses import PURPOSE, is_revoked
from amana.academy.credentials.engine.tokens import check_token


class VerificationOutcome(StrEnum):
    VALID = "valid"
    ALTERED = "altered"
    FORGED = "forged"
    EXPIRED = "expired"
    REVOKED = "revoked"
    EARLY = "early"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class VerificationVerdict:
    outcome: VerificationOutcome
    because: str = ""
    """What was found, for developers."""
    method: str = ""
    """The id of the key that signed it."""
    says: "CertificateClaims | None" = None
    """What it says; only if it is the issuer's and unchanged."""
    listed_at: datetime | None = None
    """When the list was made that says whether it was revoked; None: there was none."""


@dataclass(frozen=True, slots=True)
class CertificateClaims:
    issuer: str
    achievement: str
    name: str
    """Of the person; empty where it isn't said."""
    valid_from: datetime
    valid_until: datetime | None
    levels: tuple[tuple[str, str], ...]
    """What was assessed, and the level that was reached."""
    evidence: tuple[tuple[str, str], ...]
    """What was done, and what is said of it; not in the short form on paper."""
    endorsements: tuple[Json, ...] = ()
    """What other bodies signed of it, as it is inside; each is still to be checked."""


def decide_verdict(
    given: bytes,
    trusted: TrustedIssuers,
    *,
    now: datetime,
    lists: Iterable[Json] = (),
) -> VerificationVerdict:
    """Decide whether a certificate is valid, and why not. `lists` are the lists of
    revoked certificates that are at hand."""
    try:
        document, method = authenticate(extract_certificate(given), trusted)
        says = read_claims(document)
        listed = choose_newest(iterate_lists(document, lists, trusted))
        revoked = listed is not None and is_revoked(
            document["credentialStatus"], listed
        )
    except AlteredCertificate as fault:
        return VerificationVerdict(VerificationOutcome.ALTERED, str(fault))
    except ForgedCertificate as fault:
        return VerificationVerdict(VerificationOutcome.FORGED, str(fault))
    except CertificateFault as fault:
        return VerificationVerdict(VerificationOutcome.UNREADABLE, str(fault))
    listed_at = parse_time(listed["validFrom"]) if listed else None
    found = VerificationVerdict(VerificationOutcome.VALID, "", method, says, listed_at)
    if revoked:
        return replace(found, outcome=VerificationOutcome.REVOKED)
    if says.valid_from > now:
        return replace(found, outcome=VerificationOutcome.EARLY)
    if says.valid_until and says.valid_until < now:
        return replace(found, outcome=VerificationOutcome.EXPIRED)
    return found


def extract_certificate(given: bytes) -> bytes:
    """Extract the certificate from a file, a picture, or the text of a QR code. Raises
    `UnreadableCertificate`."""
    if len(given) > baking.PICTURE_MOST_BYTES:
        raise UnreadableCertificate("too large for a certificate")
    if given.startswith(baking.PNG):
        return baking.extract_from_png(given)
    try:
        text = given.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise UnreadableCertificate("neither text nor a picture") from None
    if squares.is_square(text):
        return squares.decode_square(text)
    if text.startswith("<"):
        return baking.extract_from_svg(text).encode()
    return text.encode()


def authenticate(given: bytes, trusted: TrustedIssuers) -> tuple[Json, str]:
    """Return the document and the key that signed it. Raises `AlteredCertificate` or
    `ForgedCertificate`
    unless its issuer's own key signed it as it is."""
    if not given.startswith(b"{"):
        return check_token(given.decode("ascii", "replace"), trusted.jwks)
    document = parse_json(given)
    return document, check(document, trusted.multikeys)


def iterate_lists(
    document: Json, lists: Iterable[Json], trusted: TrustedIssuers
) -> Iterator[Json]:
    """Iterate the lists in which its issuer states whether its place was revoked."""
    entry = document.get("credentialStatus")
    if entry is None:
        return
    if not isinstance(entry, dict) or entry.get("statusPurpose") != PURPOSE:
        raise UnreadableCertificate("a status that is not ours")
    for status_list in lists:
        if status_list.get("id") == entry.get("statusListCredential"):
            # A list of another issuer, or one that was changed, is none: it could
            # otherwise hide a revocation.
            with suppress(CertificateFault):
                method = check(status_list, trusted.multikeys)
                if method.partition("#")[0] == get_issuer(document):
                    yield status_list


def choose_newest(lists: Iterable[Json]) -> Json | None:
    """Choose the newest list."""
    # Sorting is stable: of two of one moment, the one that was given later counts.
    in_order = sorted(lists, key=lambda one: parse_time(one["validFrom"]))
    return in_order[-1] if in_order else None


def read_claims(document: Json) -> CertificateClaims:
    """Read what people are shown of the certificate. Raises `UnreadableCertificate`."""
    try:
        subject = document["credentialSubject"]
        achievement = subject["achievement"]
        until = document.get("validUntil")
        return CertificateClaims(
            issuer=str(document["issuer"].get("name", get_issuer(document))),
            achievement=str(achievement["name"]),
            name=get_name(subject),
            valid_from=parse_time(document["validFrom"]),
            valid_until=parse_time(until) if until is not None else None,
            levels=tuple(list_levels(subject, achievement)),
            evidence=tuple(
                (str(done["name"]), str(done.get("narrative", "")))
                for done in document.get("evidence", [])
            ),
            endorsements=tuple(list_embedded(document)),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise UnreadableCertificate(f"no Open Badge: {error!r}") from None


def get_name(subject: Json) -> str:
    found = [
        str(identifier["identityHash"])
        for identifier in subject.get("identifier", [])
        if identifier.get("identityType") == "name"
        and identifier.get("hashed") is False
    ]
    return found[0] if found else ""


def list_levels(subject: Json, achievement: Json) -> list[tuple[str, str]]:
    criteria = {
        criterion["id"]: criterion
        for criterion in achievement.get("resultDescription", [])
    }
    levels = {
        level["id"]: level["name"]
        for criterion in criteria.values()
        for level in criterion.get("rubricCriterionLevel", [])
    }
    return [
        (criteria[result["resultDescription"]]["name"], levels[result["achievedLevel"]])
        for result in subject.get("result", [])
    ]


def parse_time(text: object) -> datetime:
    found = datetime.fromisoformat(str(text))
    return found if found.tzinfo else found.replace(tzinfo=UTC)
