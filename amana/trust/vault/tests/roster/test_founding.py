"""Two administrators found the roster, and let others in (P03)."""

import json

import pytest

from amana import given
from amana.errors import Refused
from amana.trust.access import actions as access
from amana.trust.access.models import Role
from amana.trust.vault import admission, crypto, keys, roster, statements
from amana.trust.vault.keys import get_keyring
from amana.trust.vault.models import PersonKey, RosterStatement

from .founding import NEW, THIEF, a_new_process, found_house

pytestmark = pytest.mark.django_db


def test_two_administrators_found_it_and_a_third_is_let_in_by_them():
    ada, bea = found_house()
    with pytest.raises(Refused, match="first two administrators"):
        roster.get_roster()
    ada = given.unlock_user(ada, passphrase=NEW)  # and signs, as the second of the two

    place, code = access.propose(
        ada.memberships.get().team,
        email="cleo@example.org",
        name="Cleo",
        language="en",
        role=Role.COORDINATOR,
        by=ada,
    )
    place.user = admission.join(admission.find_invitation(code), passphrase=NEW)
    digits = {
        keys.compute_digits(place.user.person_key, seen_by=person)
        for person in (ada, bea, place.user)
    }
    [compared] = digits
    admission.confirm(place, compared=compared, by=bea)

    a_new_process()
    known = roster.get_roster()
    users = {person.user for person in known.people.values()}
    assert users == {ada.pk, bea.pk, place.user_id}
    assert len({get_keyring(p).founding for p in (ada, bea, place.user)}) == 1
    assert (
        get_keyring(given.unlock_user(ada, passphrase=NEW)).founding == known.founding
    )


def test_the_second_founder_signs_only_what_names_their_own_key():
    ada, _bea = found_house()
    first = RosterStatement.objects.get()
    said = json.loads(first.text)
    said["people"][0]["public"] = THIEF.public.hex()
    RosterStatement.objects.update(text=statements.write(said))

    assert not roster.sign_founding(get_keyring(ada))
    with pytest.raises(Refused):
        roster.get_roster()


def test_who_is_shown_another_founding_sees_other_digits(team, worker):
    """A newcomer believes what the database says; comparing the digits shows it."""
    key = PersonKey.objects.get(user=given.make_user())
    ours = keys.compute_digits(key, seen_by=worker)
    get_keyring(worker).founding = crypto.derive(b"k" * 32, "another")

    assert keys.compute_digits(key, seen_by=worker) != ours
