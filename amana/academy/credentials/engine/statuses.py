"""Which certificates were revoked: one bit for each, in a signed list that anyone may
fetch without revealing which of them they ask about.

Bitstring Status List 1.0 (W3C, 2025). Bit 0 is the left-most of the first byte."""

import gzip
import zlib
from collections.abc import Iterable

from amana.academy.credentials.engine.canonical import VC, Json
from amana.academy.credentials.engine.faults import UnreadableCertificate
from amana.academy.credentials.engine.multibase import (
    decode_base64url,
    encode_base64url,
)

PLACES = 131_072
"""The least length that the standard allows: large, so that a place reveals nothing of
whose it is."""
MOST_BYTES = 1 << 21
"""Unpacked; a longer list is a trap."""

PURPOSE = "revocation"


def build_status_list(
    address: str, issuer: str, revoked: Iterable[int], at: str, until: str
) -> Json:
    """Build the list, to be signed like any certificate."""
    return {
        "@context": [VC],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": at,
        "validUntil": until,
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": PURPOSE,
            "encodedList": encode_revoked(revoked),
        },
    }


def build_entry(address: str, place: int) -> Json:
    """Build what a certificate states about its own place in the list."""
    return {
        "id": f"{address}#{place}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": PURPOSE,
        "statusListIndex": str(place),
        "statusListCredential": address,
    }


def is_revoked(entry: Json, statuses: Json) -> bool:
    subject = statuses["credentialSubject"]
    same = (
        statuses["id"] == entry["statusListCredential"]
        and subject["statusPurpose"] == entry["statusPurpose"] == PURPOSE
    )
    if not same:
        raise UnreadableCertificate("another list of statuses")
    return read_bit(subject["encodedList"], int(entry["statusListIndex"]))


def encode_revoked(revoked: Iterable[int]) -> str:
    bits = bytearray(PLACES // 8)
    for place in revoked:
        bits[place // 8] |= 0x80 >> place % 8
    # Without the time of packing: an unchanged list stays the same text.
    return "u" + encode_base64url(gzip.compress(bytes(bits), mtime=0))


def read_bit(encoded: str, place: int) -> bool:
    if encoded[:1] != "u":
        raise UnreadableCertificate("a list that is not base64url")
    try:
        unpacking = zlib.decompressobj(31)
        bits = unpacking.decompress(decode_base64url(encoded[1:]), MOST_BYTES)
    except zlib.error:
        raise UnreadableCertificate("a list that can't be unpacked") from None
    if len(bits) * 8 < PLACES or not 0 <= place < len(bits) * 8:
        raise UnreadableCertificate("a list that is too short")
    return bool(bits[place // 8] & 0x80 >> place % 8)
