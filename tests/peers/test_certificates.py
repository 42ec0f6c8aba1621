"""Verifiers that we did not write accept our certificates, and no spoilt one:
@digitalbazaar/vc and jose in Node, openbadgeslib in Python.

They have two canonicalisers between them: rdf-canonize, and PyLD, which is ours too."""

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3.ldp import OB3LdpVerifier
from openbadgeslib.ob3.verifier import OB3Verifier

from amana.academy.credentials.engine import (
    baking,
    documents,
    endorsements,
    issuers,
)
from amana.academy.credentials.engine.canonical import FILES, Json, load_context
from amana.academy.credentials.engine.proofs import sign
from amana.academy.credentials.engine.tests import making
from amana.academy.credentials.engine.tests.test_verdicts import PICTURE
from amana.academy.credentials.engine.tokens import sign_token
from amana.academy.credentials.tests.forging import FORGERIES, forged
from tests.peers import node

NOW = datetime(2026, 11, 26, tzinfo=UTC)
EXPIRED = datetime(2030, 1, 1, tzinfo=UTC)
CERTIFICATE = making.signed()
COMPACT = sign(
    documents.build_compact(making.AWARD), making.OURS.proof, making.METHOD, making.AT
)
NOBODY, REVOKED = making.status_list(), making.status_list(making.PLACE)
KID = making.OURS.public.kid(making.DID)
TOKEN = sign_token(CERTIFICATE, making.OURS.token, KID)
WRITTEN = json.dumps(CERTIFICATE, separators=(",", ":"))


BODY = issuers.build_did("https://university.example")
ENDORSEMENT = sign(
    endorsements.build_endorsement(
        id="urn:uuid:5c0c8d9e-7f0e-4d51-9a0a-1d6f3f0c2b11",
        issuer=BODY,
        issuer_name="University of Examples",
        subject=making.ACHIEVEMENT.address,
        comment="We accredit this with five credits.",
        valid_from=making.AT,
        valid_until="",
    ),
    making.THEIRS.proof,
    making.THEIRS.public.method(BODY),
    making.AT,
)
ENDORSED = making.signed(replace(making.AWARD, endorsements=(ENDORSEMENT,)))


def in_node(*cases: Json, did: Json = making.DID_DOCUMENT) -> Any:
    """What @digitalbazaar/vc or jose says of each case."""
    contexts = {url: load_context(url) for url in FILES}
    whole = [{"now": NOW.isoformat(), "statuses": NOBODY} | case for case in cases]
    asked = {"contexts": contexts, "did": did, "cases": whole}
    return node.run("certificates.mjs", asked)


def test_digitalbazaar_accepts_ours_and_sees_one_revoked_and_expired():
    good, small, revoked, expired = in_node(
        {"document": CERTIFICATE},
        {"document": COMPACT},
        {"document": CERTIFICATE, "statuses": REVOKED},
        {"document": CERTIFICATE, "now": EXPIRED.isoformat()},
    )

    assert (good["holds"], good["revoked"]) == (True, False), good["because"]
    assert (small["holds"], small["revoked"]) == (True, False), small["because"]
    assert revoked["revoked"] is True
    assert not expired["holds"]


def test_digitalbazaar_refuses_what_we_refuse():
    spoilt = {what: forged(CERTIFICATE, what)[0] for what in FORGERIES}

    said = in_node(*({"document": document} for document in spoilt.values()))

    accepted = {
        what
        for what, answer in zip(spoilt, said, strict=True)
        if answer["holds"] and answer["revoked"] is False
    }
    assert accepted == SAME_TO_A_MACHINE


SAME_TO_A_MACHINE = {
    # The RDF, and so the signature, is that of the certificate; but whoever reads the
    # JSON finds no end, or something else. We and openbadgeslib refuse these too.
    "the end under its long name, where no reader looks",
    "a short name for the end, brought along",
    "a context of its own further in",
    "proofs in a row",
}


def test_jose_accepts_our_token_and_no_other():
    head, claims, signature = TOKEN.split(".")
    stranger = sign_token(CERTIFICATE, making.THEIRS.token, KID)

    good, other, cut, expired = in_node(
        {"token": TOKEN},
        {"token": stranger},
        {"token": f"{head}.{claims[:-4]}{claims[:4]}.{signature}"},
        {"token": TOKEN, "now": EXPIRED.isoformat()},
    )

    assert good == {"holds": True, "jti": CERTIFICATE["id"]}
    assert not any(answer["holds"] for answer in (other, cut, expired))


def alter_endorsement() -> Json:
    """The endorsed certificate, of which the body would say more than it did."""
    altered = copy.deepcopy(ENDORSED)
    said = altered["endorsement"][0]["credentialSubject"]
    said["endorsementComment"] = "We accredit this with ten credits."
    return altered


def test_digitalbazaar_accepts_a_certificate_that_others_endorse_and_the_endorsement():
    good, altered = in_node({"document": ENDORSED}, {"document": alter_endorsement()})
    assert (good["holds"], good["revoked"]) == (True, False), good["because"]
    assert not altered["holds"]

    body = issuers.build_did_document(BODY, [making.THEIRS.public])
    inside = ENDORSED["endorsement"][0]
    [of_the_body] = in_node({"document": inside}, did=body)
    assert of_the_body["holds"], of_the_body["because"]
    [stranger] = in_node({"document": inside})
    assert not stranger["holds"]


# --- openbadgeslib


def fetched(revoked: tuple[int, ...] = ()) -> Callable[[str], bytes]:
    """The issuer's site, as its downloads would find it."""
    listed = making.status_list(*revoked)
    site = {
        f"{making.HOST}/.well-known/did.json": json.dumps(making.DID_DOCUMENT).encode(),
        making.LIST: sign_token(listed, making.OURS.token, KID).encode(),
    }
    return site.__getitem__


def read(given: str | Json, revoked: tuple[int, ...] = (), now: datetime = NOW) -> Any:
    with time_machine.travel(now, tick=False):
        return OB3LdpVerifier.for_issuer_did(making.DID).verify(
            given, check_status=True, download=fetched(revoked)
        )


def test_openbadgeslib_accepts_ours():
    assert read(CERTIFICATE).issuer.id == making.DID
    assert read(COMPACT).issuer.id == making.DID


def test_openbadgeslib_accepts_a_certificate_that_others_endorse():
    assert read(ENDORSED).issuer.id == making.DID
    with pytest.raises(LibOpenBadgesException):
        read(alter_endorsement())


def test_openbadgeslib_sees_one_revoked_and_expired():
    with pytest.raises(LibOpenBadgesException, match="revo"):
        read(CERTIFICATE, revoked=(making.PLACE,))
    with pytest.raises(LibOpenBadgesException, match="expired"):
        read(CERTIFICATE, now=EXPIRED)


@pytest.mark.parametrize("what", FORGERIES)
def test_openbadgeslib_refuses_what_we_refuse(what: str):
    with pytest.raises(LibOpenBadgesException):
        read(forged(CERTIFICATE, what)[0])


def test_openbadgeslib_reads_our_token():
    with time_machine.travel(NOW, tick=False):
        verifier = OB3Verifier.for_issuer_did(making.DID, download=fetched())
        found = verifier.verify(TOKEN)

    assert found.issuer.id == making.DID


def test_openbadgeslib_takes_the_certificate_out_of_our_pictures():
    png = OB3Verifier.extract_token_from_png(baking.embed_in_png(PICTURE, WRITTEN))
    svg = OB3Verifier.extract_token_from_svg(
        baking.embed_in_svg(
            '<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>', WRITTEN
        ).encode()
    )

    assert json.loads(png) == json.loads(svg) == CERTIFICATE
