"""What a page needs to seal an answer on a device."""

import base64

import pytest

from amana import given
from amana.trust.vault import drafts, keys
from amana.trust.vault.models import DraftKey

pytestmark = pytest.mark.django_db


def test_a_device_tells_its_workers_apart_and_nothing_of_them() -> None:
    person, other = given.make_user(), given.make_user()

    assert drafts.compute_owner_id(person) == drafts.compute_owner_id(
        given.unlock_user(person)
    )
    assert drafts.compute_owner_id(person) != drafts.compute_owner_id(other)
    assert str(person.pk) not in {
        drafts.compute_owner_id(person),
        drafts.compute_owner_id(other),
    }


def test_a_page_seals_to_the_key_of_its_team() -> None:
    person = given.make_worker()
    team = person.memberships.get().team

    to = drafts.get_sealing_key(team, by=person)

    key = DraftKey.objects.get(team=team)
    assert to["key"] == str(key.pk)
    assert base64.b64decode(to["public"]) == bytes(key.public)


def test_someone_locked_gets_no_key() -> None:
    person = given.make_worker()
    team = person.memberships.get().team
    keys.set_keyring(None, to=person)

    with pytest.raises(keys.Locked):
        drafts.get_sealing_key(team, by=person)
