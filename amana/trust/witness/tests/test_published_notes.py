"""Notes, cosignatures and requests that others have published are read as they mean."""

import pytest

from amana.trust.audit import offline_verifier
from amana.trust.audit.offline_verifier import (
    COSIGNATURE,
    LogBroken,
    VerifierKey,
    find_cosigners,
    read_checkpoint,
)

from .logs_of_others import VECTORS, sent, witnessed

pytestmark = pytest.mark.django_db


def test_the_published_note_is_read():
    key = VerifierKey.read(VECTORS["note"]["key"])
    text, lines = offline_verifier.split_note(VECTORS["note"]["note"])
    assert str(key) == VECTORS["note"]["key"]
    assert text == "This is an example message.\n"
    [(_line, name, raw)] = lines
    assert (name, raw[:4]) == (key.name, key.id)
    assert offline_verifier._fits(key, raw[4:], text)


def test_the_cosignature_of_a_live_witness_is_read():
    said = VECTORS["cosigned"]
    witness = VerifierKey.read(said["witness"], COSIGNATURE)
    read_checkpoint(said["note"], VerifierKey.read(said["log"]))
    assert list(find_cosigners(said["note"], [witness])) == ["remora.n621.de"]
    forged = said["note"].replace("\n1432088532\n", "\n1432088533\n")
    with pytest.raises(LogBroken, match=r"cosignature of remora.n621.de does not fit"):
        find_cosigners(forged, [witness])


def test_requests_that_others_published_are_answered_as_they_should(
    is_witness, administrator, coordinator
):
    said = VECTORS["add_checkpoint"]
    key = VerifierKey.of(said["origin"], bytes.fromhex(said["log_public"]))
    witnessed(key, administrator, coordinator)

    answers = [sent(text) for text in said["requests"]]

    assert [answer.status_code for answer in answers] == [200, 200, 409]
    assert answers[2].content == b"5\n"
    assert answers[2]["Content-Type"] == "text/x.tlog.size"
    note = said["requests"][1].partition("\n\n")[2]
    assert find_cosigners(note + answers[1].content.decode(), [is_witness])
