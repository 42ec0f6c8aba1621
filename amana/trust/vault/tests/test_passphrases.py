"""Long is good; known to everybody is not; nothing else matters."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from amana import given
from amana.trust.vault import passphrases
from amana.trust.vault.forms import PassphraseForm, RecoverForm
from amana.trust.vault.signin import SignInForm
from tests.worlds import kept

pytestmark = pytest.mark.django_db


@kept
def worker(db):
    hope = given.make_organisation(name="Harbour Hope")
    return given.make_worker(
        of=given.make_team(of=hope, name="Night shift"),
        name="Samira Haddad",
        email="samira.haddad@lakehouse.example",
    )


@pytest.mark.parametrize(
    "good",
    [
        "four blue horses sing",
        "aaaa bbbb cccc dddd eeee",
        "مصباح قديم قرب المرفأ الهادئ",
        "grüne Ziegel über dem Teich",
        "x7Kq!pL2vR9#mT4",
        "only lower case and no digit at all",
        "🐘🌊🏮🚲 and a green bicycle",
        "w" * 5 + "an uncommon sentence" + "z" * 120,
        "Samira keeps nine quiet pigeons",
    ],
)
def test_length_is_enough(worker, good):
    passphrases.check(good, of=worker)


@pytest.mark.parametrize("short", ["", "short", "fourteen chars"])
def test_fifteen_characters_are_the_least(worker, short):
    with pytest.raises(ValidationError, match="At least 15"):
        passphrases.check(short, of=worker)


def test_a_hundred_and_twenty_eight_characters_are_welcome(worker):
    passphrases.check("seven green stones " * 7, of=worker)


@pytest.mark.parametrize(
    "common",
    [
        "passwordpassword",
        "password12345678",
        "Passw0rd!Passw0rd!",
        "qwertyuiopasdfgh",
        "1234567890123456",
        "aaaaaaaaaaaaaaaaaaaa",
        "iloveyou-iloveyou",
        "sunshine princess",
        "azertyuiop12345",
        "abcdefghijklmnop",
        "p@$$wordp@$$word",
    ],
)
def test_what_everybody_uses_is_refused(worker, common):
    with pytest.raises(ValidationError, match="many people use"):
        passphrases.check(common, of=worker)


@pytest.mark.parametrize(
    "known",
    [
        "Samira Haddad 1984",
        "samira.haddad@lakehouse.example",
        "Harbour Hope Night shift",
        "Amana Amana Amana Amana",
        "HaddadLakehouse2026",
    ],
)
def test_what_anybody_knows_of_a_person_does_not_count(worker, known):
    with pytest.raises(ValidationError, match="Attackers first try"):
        passphrases.check(known, of=worker)


def test_a_passphrase_is_the_same_on_every_keyboard(worker):
    """é as one character, or as e and an accent."""
    from amana.trust.vault import keys

    person = given.make_user(passphrase="un caf\u00e9 pr\u00e8s du port")

    assert keys.unlock(person, "un cafe\u0301 pre\u0300s du port")


def test_a_passphrase_is_hidden_while_typed_and_may_be_pasted():
    fields = [
        PassphraseForm().fields["passphrase"],
        *(RecoverForm().fields[name] for name in ("passphrase", "again")),
        SignInForm().fields["password"],
    ]
    assert {field.widget.input_type for field in fields} == {"password"}
    known = {field.widget.attrs["autocomplete"] for field in fields}
    assert known == {"current-password", "new-password"}  # what password managers read
    scripts = Path(settings.ROOT / "amana").rglob("static/**/*.js")
    own = [p for p in scripts if "vendor" not in p.relative_to(settings.ROOT).parts]
    assert [path.name for path in own if "paste" in path.read_text()] == []
