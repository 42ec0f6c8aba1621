"""What a person signs can be checked by everyone, and made by nobody else."""

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from amana import given
from amana.trust.vault.crypto import KeyPair
from amana.trust.vault.keys import get_keyring
from amana.trust.vault.models import PersonKey
from amana.trust.vault.signing import SigningKey, is_signed

ADA, BEA = SigningKey.of(KeyPair.new()), SigningKey.of(KeyPair.new())


@given_any(statement=st.binary(), other=st.binary())
def test_a_signature_is_for_one_statement_person_and_purpose(
    statement: bytes, other: bytes
) -> None:
    signature = ADA.sign(statement, purpose="manifest")
    assert is_signed(statement, signature, by=ADA.public, purpose="manifest")
    assert not is_signed(statement, signature, by=BEA.public, purpose="manifest")
    assert not is_signed(statement, signature, by=ADA.public, purpose="roster")
    assert not is_signed(statement, other, by=ADA.public, purpose="manifest")
    assert not is_signed(statement, signature, by=other, purpose="manifest")
    if other != statement:
        assert not is_signed(other, signature, by=ADA.public, purpose="manifest")


@pytest.mark.django_db
def test_each_keyring_signs_as_its_person_and_shows_no_secret() -> None:
    ada, bea = given.make_user(), given.make_user()
    public = bytes(PersonKey.objects.get(user=ada).verify_key)
    signature = get_keyring(ada).signing.sign(b"so it is", purpose="manifest")
    assert is_signed(b"so it is", signature, by=public, purpose="manifest")
    again = get_keyring(given.unlock_user(ada)).signing
    assert again.public == public != get_keyring(bea).signing.public
    assert get_keyring(ada).signing._secret.hex() not in repr(vars(again))
