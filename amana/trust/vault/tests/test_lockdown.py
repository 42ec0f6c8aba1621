"""The serving process keeps its memory to itself."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]


def said_by(code):
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


LOOK = """
import ctypes, resource
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has prctl")
def test_a_serving_process_leaves_no_core_and_lets_nobody_look_into_it():
    alone = said_by("import amana" + LOOK)
    serving = said_by("import amana.wsgi" + LOOK)

    assert alone[-1] == "1"
    assert serving == ["(0,", "0)", "0"]


def test_showing_a_key_shows_nothing_of_it():
    from amana.trust.vault.crypto import KeyPair
    from amana.trust.vault.keys import Keyring

    pair = KeyPair.new()
    shown = f"{pair!r} {Keyring(7, pair)!r} {pair} {vars(Keyring(7, pair)).keys()}"

    for secret in (pair.seed, pair.curve, pair.symmetric):
        assert repr(secret)[2:-1] not in shown
        assert secret.hex() not in shown
