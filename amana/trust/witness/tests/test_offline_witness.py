"""A witness on a machine without network cosigns and refuses a fork (P15)."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from amana.errors import Refused
from amana.trust.audit import log_keys, offline_verifier, offline_witness
from amana.trust.audit.models import Checkpoint, Cosignature
from amana.trust.audit.offline_witness import CosignRefusal, cosign, write_request
from amana.trust.witness import actions, asking

from .conftest import Laptop, grow

pytestmark = pytest.mark.django_db


def test_a_machine_without_network_cosigns_and_refuses_a_fork(
    witness, laptop, administrator
):
    for number in (5, 300, 4):
        checkpoint = grow(number)
        text = asking.build_request(witness, checkpoint)
        assert len(text) < 2_000
        asking.keep_cosignature(
            witness, checkpoint.size, laptop.answer(text), by=administrator
        )
    assert asking.find_cosigned_size(witness) == checkpoint.size
    assert laptop.state["logs"]["amana.local/log"]["size"] == checkpoint.size

    forked = log_keys.sign_checkpoint("amana.local/log", checkpoint.size, bytes(32))
    with pytest.raises(CosignRefusal, match="409"):
        laptop.answer(write_request(checkpoint.size, [], forked))
    older = Checkpoint.objects.earliest("size")
    with pytest.raises(CosignRefusal, match="409"):
        laptop.answer(write_request(older.size, [], older.note))


def test_the_program_runs_on_its_own(tmp_path, administrator, coordinator):
    """Two files, in a Python that knows nothing of Amana."""
    for file in (offline_witness.__file__, offline_verifier.__file__):
        (tmp_path / Path(file).name).write_bytes(Path(file).read_bytes())

    def run(*words, text=""):
        return subprocess.run(
            [sys.executable, "offline_witness.py", *words],
            cwd=tmp_path,
            input=text,
            capture_output=True,
            text=True,
        )

    key = run("new", "desk.example").stdout.strip()
    assert run("log", str(log_keys.get_public_key())).returncode == 0
    found = actions.propose(key=key, by=administrator)
    actions.confirm(found, by=coordinator)
    first = grow(9)
    done = run("cosign", text=asking.build_request(found, first))
    assert done.returncode == 0, done.stdout + done.stderr
    asking.keep_cosignature(found, first.size, done.stdout, by=administrator)
    again = run("cosign", text=write_request(0, [], first.note))
    assert again.returncode == 1
    assert "REFUSED: 409" in again.stdout
    assert (tmp_path / "witness.json").stat().st_mode & 0o077 == 0
    assert run("new", "again").returncode == 2, "the key is never made anew"
    assert run("log", "nonsense").returncode == 1


def test_an_answer_of_another_is_not_taken(witness, laptop, administrator):
    checkpoint = grow(5)
    stranger = Laptop(laptop.name)
    stranger.let_in(log_keys.get_public_key())
    text = asking.build_request(witness, checkpoint)
    right = laptop.answer(text)
    late = int((timezone.now() + timedelta(days=1)).timestamp())
    for answer in (
        stranger.answer(text),
        right.replace(" ", "", 1),
        "",
        "hello",
        cosign(laptop.private, laptop.name, checkpoint.note, late),
        cosign(laptop.private, "someone.else", checkpoint.note, 1),
    ):
        with pytest.raises(Refused, match="not this witness’s signature"):
            asking.keep_cosignature(witness, checkpoint.size, answer, by=administrator)
    with pytest.raises(Refused, match="no checkpoint"):
        asking.keep_cosignature(witness, checkpoint.size + 1, right, by=administrator)
    assert not Cosignature.objects.exists()
