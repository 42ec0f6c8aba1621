"""The same certificate as a signed token, for what reads no JSON-LD: VC-JWT, ES256.

Open Badges 3.0, 8.2; RFC 7515. Only RS256 and ES256 pass 1EdTech's own validator, and
in the header only alg, kid and typ. What is signed is the certificate without its
proof."""

import json
from collections.abc import Mapping
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256

from amana.academy.credentials.engine.canonical import Json, parse_json
from amana.academy.credentials.engine.faults import (
    AlteredCertificate,
    ForgedCertificate,
    UnreadableCertificate,
)
from amana.academy.credentials.engine.multibase import (
    decode_base64url,
    encode_base64url,
)
from amana.academy.credentials.engine.proofs import get_issuer

type Jwks = Mapping[str, Json]
"""Public keys that we trust, by their id."""

CLAIMS = ("iss", "jti", "sub", "nbf", "exp")


def sign_token(document: Json, key: EllipticCurvePrivateKey, kid: str) -> str:
    header = {"alg": "ES256", "typ": "JWT", "kid": kid}
    claims = {name: value for name, value in document.items() if name != "proof"}
    signed = f"{encode_part(header)}.{
        encode_part(claims | build_registered_claims(document))
    }"
    # JWS has r and s as 32 bytes each (RFC 7518, 3.4), where the library has DER.
    r, s = decode_dss_signature(key.sign(signed.encode(), ECDSA(SHA256())))
    return f"{signed}.{encode_base64url(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def build_registered_claims(document: Json) -> Json:
    """Build the claims that every reader of tokens looks for."""
    claims = {
        "iss": get_issuer(document),
        "jti": document["id"],
        "sub": document["credentialSubject"]["id"],
        "nbf": convert_to_seconds(document["validFrom"]),
    }
    if "validUntil" in document:
        claims["exp"] = convert_to_seconds(document["validUntil"])
    return claims


def check_token(token: str, keys: Jwks) -> tuple[Json, str]:
    """Return the certificate in a token, and the id of the issuer's key that signed it.
    Raises the fault that was found."""
    parts = token.strip().split(".")
    if len(parts) != 3:
        raise UnreadableCertificate("not a signed token")
    header, claims = (parse_json(decode_base64url(segment)) for segment in parts[:2])
    # The token doesn't choose its algorithm: one that may say `none`, or use a public
    # key as a secret, can be forged (RFC 8725, 2.1).
    if header.get("alg") != "ES256" or set(header) != {"alg", "typ", "kid"}:
        raise UnreadableCertificate("not an ES256 token of ours")
    kid, signature = header["kid"], decode_base64url(parts[2])
    if not isinstance(kid, str) or kid not in keys:
        raise ForgedCertificate("a key that we do not know")
    if kid.partition("#")[0] != get_issuer(claims):
        raise ForgedCertificate("signed by another than the issuer")
    r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
    try:
        if len(signature) != 64:
            raise InvalidSignature
        signed = f"{parts[0]}.{parts[1]}".encode()
        fits = encode_dss_signature(r, s)
        decode_jwk(keys[kid]).verify(fits, signed, ECDSA(SHA256()))
    except InvalidSignature:
        raise AlteredCertificate("the signature does not fit") from None
    return {k: v for k, v in claims.items() if k not in CLAIMS}, kid


def encode_jwk(key: EllipticCurvePublicKey) -> Json:
    numbers = key.public_numbers()
    x, y = (encode_base64url(n.to_bytes(32, "big")) for n in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def decode_jwk(key: Json) -> EllipticCurvePublicKey:
    x, y = (int.from_bytes(decode_base64url(key[name]), "big") for name in "xy")
    return EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()


def encode_part(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return encode_base64url(text.encode())


def convert_to_seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())
