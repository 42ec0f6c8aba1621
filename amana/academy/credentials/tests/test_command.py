import io
import json

import pytest
from django.core.management import CommandError, call_command

from amana.academy.credentials import actions, signing
from amana.academy.credentials.models import Certificate, IssuerKey
from amana.academy.credentials.paper.badge_pictures import write_json


def run(*words: str) -> str:
    out = io.StringIO()
    call_command("credential", *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(certificate, tmp_path):
    path = tmp_path / "certificate.json"
    path.write_text(write_json(certificate))
    return path


def test_a_valid_certificate_is_said_to_be_valid(file):
    said = run("verify", str(file))

    assert "is valid" in said
    assert "Revoked, as of" in said


def test_a_revoked_one_fails_and_says_so(file, certificate, coordinator):
    actions.revoke(certificate, reason=Certificate.Reason.MISTAKE, by=coordinator)

    with pytest.raises(CommandError, match="revoked"):
        run("verify", str(file))


def test_it_is_checked_by_keys_that_one_brings(file, tmp_path):
    did, revoked = tmp_path / "did.json", tmp_path / "revoked.json"
    did.write_text(json.dumps(signing.build_did_document()))
    revoked.write_text(json.dumps(signing.get_signed_list(1)))
    IssuerKey.objects.update(distrusted_at="2026-01-01T00:00Z")

    with pytest.raises(CommandError, match="forged"):
        run("verify", str(file))
    said = run("verify", str(file), "--did", str(did))
    assert "could not be checked" in said
    said = run("verify", str(file), "--did", str(did), "--revoked", str(revoked))
    assert ": no" in said


def test_a_file_that_is_not_there_is_an_error_in_words(db, tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        run("verify", str(tmp_path / "none.json"))


def test_keys_are_listed_made_and_taken_out(certificate):
    new = run("new-key").strip()
    assert run("keys").splitlines()[0] == f"{new}  signs"
    assert "replaced" in run("keys").splitlines()[1]

    run("distrust", certificate.key.multikey)

    assert "not trusted since" in run("keys")
    with pytest.raises(CommandError, match="no such key"):
        run("distrust", "z6Mk")
