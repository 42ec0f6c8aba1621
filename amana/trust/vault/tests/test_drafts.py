"""The key of what somebody has not finished writing."""

import base64

import pytest

from amana import given
from amana.trust.vault import drafts, keys

pytestmark = pytest.mark.django_db


def test_a_person_has_one_key_for_drafts_that_is_nobody_elses() -> None:
    person, other = given.a_user(), given.a_user()

    key = drafts.key_for(person)

    assert len(base64.b64decode(key)) == 32
    assert drafts.key_for(given.unlocked(person)) == key
    assert drafts.key_for(other) != key


def test_the_key_of_drafts_is_no_key_of_anything_else() -> None:
    person = given.a_user()
    key = base64.b64decode(drafts.key_for(person))
    pair = keys.keyring_of(person).person

    assert key not in pair.dump()


def test_someone_locked_gets_no_key() -> None:
    person = given.a_user()
    keys.hand(None, to=person)

    with pytest.raises(keys.Locked):
        drafts.key_for(person)
