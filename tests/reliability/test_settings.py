"""Amana starts with its own secrets, or for this machine alone."""

import subprocess
import sys

import pytest

SECRETS = {
    "SECRET_KEY": "x" * 60,
    "VAULT_PEPPERS": "pepper",
    "MAIL_HOST": "mail.example.org",
}
OUTSIDE = {"ALLOWED_HOSTS": "amana.example.org"}
PRODUCTION = {"AMANA_PRODUCTION": "1"}
DEMO = {"AMANA_DEMO": "1"}


def started(**environment: str) -> str:
    """What it says when it does not start; empty when it does."""
    command = [sys.executable, "-c", "import amana.settings"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    return done.stderr.strip().rpartition("\n")[2]


@pytest.mark.parametrize("given", [{}, DEMO, DEMO | OUTSIDE])
def test_it_starts_for_this_machine_and_as_a_demo(given):
    assert started(**given) == ""


def test_it_starts_in_production_with_its_own_secrets():
    assert started(**PRODUCTION, **OUTSIDE, **SECRETS) == ""


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (OUTSIDE, "secrets are those that anyone can read"),
        (PRODUCTION | OUTSIDE, "SECRET_KEY must be set"),
        (PRODUCTION | OUTSIDE | {"SECRET_KEY": "x" * 60}, "VAULT_PEPPERS must be set"),
        (PRODUCTION | DEMO | SECRETS, "signs anyone in"),
        (
            PRODUCTION | SECRETS | {"BIGBLUEBUTTON_URL": "http://video.example.org"},
            "must begin with https://",
        ),
        (
            PRODUCTION | SECRETS | {"LRS_URL": "http://records.example.org"},
            "must begin with https://",
        ),
    ],
)
def test_else_it_says_why_it_does_not(given, says):
    assert says in started(**given)


@pytest.mark.parametrize("yes", ["1", "yes", "True", "on "])
def test_a_switch_is_on_however_an_operator_writes_it(yes):
    assert "SECRET_KEY must be set" in started(AMANA_PRODUCTION=yes, **OUTSIDE)


def test_debugging_is_off_in_production_whatever_is_set():
    code = "from amana import settings; print(settings.DEBUG)"
    environment = PRODUCTION | OUTSIDE | SECRETS | {"DEBUG": "1"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.stdout.strip() == "False"
