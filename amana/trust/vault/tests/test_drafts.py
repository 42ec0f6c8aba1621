"""What a page needs to seal an answer on a device."""

import base64

import pytest

from amana import given
from amana.trust.vault import drafts, keys
from amana.trust.vault.models import DraftKey

pytestmark = pytest.mark.django_db


def test_a_device_tells_its_workers_apart_and_nothing_of_them() -> None:
    person, other = given.a_user(), given.a_user()

    assert drafts.whose(person) == drafts.whose(given.unlocked(person))
    assert drafts.whose(person) != drafts.whose(other)
    assert str(person.pk) not in {drafts.whose(person), drafts.whose(other)}


def test_a_page_seals_to_the_key_of_its_team() -> None:
    person = given.a_worker()
    team = person.memberships.get().team

    to = drafts.sealed_to(team, by=person)

    key = DraftKey.objects.get(team=team)
    assert to["key"] == str(key.pk)
    assert base64.b64decode(to["public"]) == bytes(key.public)


def test_someone_locked_gets_no_key() -> None:
    person = given.a_worker()
    team = person.memberships.get().team
    keys.hand(None, to=person)

    with pytest.raises(keys.Locked):
        drafts.sealed_to(team, by=person)
