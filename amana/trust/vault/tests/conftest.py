"""Browsers on their way in, a clock to be turned, and a team that someone leaves."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.trust.access.models import Team, User
from amana.trust.vault import cards, documents
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.crypto import BROWSER_SUITE, FROM_BROWSER
from tests.worlds import kept


def seal_as_browser(public: bytes, plain: bytes, *, at: bytes) -> bytes:
    """Seal as a browser does."""
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    return FROM_BROWSER + BROWSER_SUITE.encrypt(plain, key, at)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Let time pass, all at once."""
    real = timezone.now
    passed = timedelta()

    def wait(time: timedelta) -> None:
        nonlocal passed
        passed += time

    monkeypatch.setattr(timezone, "now", lambda: real() + passed)
    return wait


class App:
    """An authenticator app on someone's phone."""

    def __init__(self, seed: str) -> None:
        self.seed = seed

    def code(self, *, steps: int = 0) -> str:
        import time

        at = int(time.time()) // 30 + steps
        return str(format_hotp_value(hotp_value(self.seed, at)))


@pytest.fixture
def with_app(db: None) -> Callable[[User], App]:
    """Give someone an authenticator app."""

    def give(user: User) -> App:
        seed = generate_totp_secret()
        TOTP.activate(user, seed)
        return App(seed)

    return give


def first_factor(
    browser: Client, email: str, passphrase: str = given.PASSPHRASE, **more: str
):
    return browser.post(
        reverse("account_login"), {"login": email, "password": passphrase, **more}
    )


def second_factor(browser: Client, code: str):
    return browser.post(reverse("mfa_authenticate"), {"code": code})


# --- a team, and who leaves it


@kept
def team() -> Team:
    return given.make_team()


@kept
def stayer(team: Team) -> User:
    return given.make_worker(of=team)


@kept
def leaver(team: Team, stayer: User) -> User:
    return given.make_worker(of=team)


@kept
def cases(team: Team, stayer: User) -> list[UUID]:
    made = []
    for number in range(3):
        case = given.make_case_keys(of=team)
        name = {"name": f"Hope {number}"}
        documents.write(case, Compartment.IDENTITY, name, by=stayer)
        cards.store_card(case, name, by=stayer, team=team)
        made.append(case)
    return made
