"""A person's secret opens their key, that opens their teams', and nothing else does
(P01, P29)."""

import pytest

from amana import given
from amana.trust.vault import crypto, documents, keys
from amana.trust.vault.altered import Tampered
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.crypto import KeyPair
from amana.trust.vault.keys import Locked, WrongSecret
from amana.trust.vault.models import PersonKey, PersonWrap, TeamKey, TeamWrap

pytestmark = pytest.mark.django_db
RECOVERY = PersonWrap.Method.RECOVERY


def test_a_passphrase_opens_the_key_and_a_wrong_one_nothing():
    user = given.make_user()

    assert keys.unlock(user, given.PASSPHRASE).person == keys.get_keyring(user).person
    with pytest.raises(WrongSecret):
        keys.unlock(user, given.PASSPHRASE + " ")


def test_a_passphrase_is_the_same_on_every_keyboard():
    user = given.make_user(passphrase="caf\u00e9 by the quiet harbour")

    assert keys.unlock(user, "cafe\u0301 by the quiet harbour")


def test_without_the_pepper_no_passphrase_opens_anything(settings):
    user = given.make_user()
    settings.VAULT_PEPPERS = ["somebody else's"]

    with pytest.raises(WrongSecret):
        keys.unlock(user, given.PASSPHRASE)


def test_what_lies_in_the_database_does_not_suffice_to_try_passphrases():
    """Computed by the standard alone, with the right passphrase and without pepper."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    user = given.make_user()
    wrap = PersonWrap.objects.get(person_key__user=user)
    cost = {name: wrap.cost[name] for name in ("iterations", "lanes", "memory_cost")}
    key = Argon2id(salt=bytes(wrap.salt), length=32, **cost).derive(
        given.PASSPHRASE.encode()
    )
    sealed = bytes(wrap.sealed)
    place = crypto.bind_place("person", wrap.person_key_id, wrap.method)

    with pytest.raises(InvalidTag):
        AESGCM(key).decrypt(sealed[1:13], sealed[13:], place)


def test_a_new_pepper_takes_over_when_the_person_next_unlocks(settings):
    settings.VAULT_PEPPERS = ["old"]
    user = given.make_user()
    settings.VAULT_PEPPERS = ["new", "old"]
    keys.unlock(user, given.PASSPHRASE)
    settings.VAULT_PEPPERS = ["new"]

    assert keys.unlock(user, given.PASSPHRASE)


def test_a_higher_cost_takes_over_when_the_person_next_unlocks(settings):
    user = given.make_user()
    settings.VAULT_ARGON2 = {"iterations": 2, "lanes": 1, "memory_cost": 16}
    keys.unlock(user, given.PASSPHRASE)

    wrap = PersonWrap.objects.get(person_key__user=user)
    assert wrap.cost["memory_cost"] == 16
    assert keys.unlock(user, given.PASSPHRASE)


def test_the_printed_code_opens_even_when_the_pepper_is_lost(settings):
    user = given.make_user()
    keys.wrap_person_key(keys.get_keyring(user), secret="printed", method=RECOVERY)
    settings.VAULT_PEPPERS = ["another"]

    assert keys.unlock(user, "printed", method=RECOVERY)
    with pytest.raises(WrongSecret):
        keys.unlock(user, "misread", method=RECOVERY)


def test_a_new_secret_ends_the_one_before():
    user = given.make_user()
    keys.wrap_person_key(
        keys.get_keyring(user),
        secret="another lantern by the harbour",
        method=PersonWrap.Method.PASSPHRASE,
    )

    assert keys.unlock(user, "another lantern by the harbour")
    with pytest.raises(WrongSecret):
        keys.unlock(user, given.PASSPHRASE)


def test_a_wrong_secret_and_nobody_at_all_cost_the_same_stretching(monkeypatch):
    user, nobody = given.make_user(), given.make_user()
    PersonWrap.objects.filter(person_key__user=nobody).delete()
    stretched = []
    real = crypto.stretch

    def noted(*args, **cost):
        stretched.append(cost)
        return real(*args, **cost)

    monkeypatch.setattr(crypto, "stretch", noted)

    for someone in (user, nobody):
        with pytest.raises(WrongSecret):
            keys.unlock(someone, "not the passphrase")
    keys.open_nothing("not the passphrase")

    assert len(stretched) == 3
    assert stretched[0] == stretched[1] == stretched[2]


def test_a_wrap_moved_to_another_person_opens_nothing():
    victim, thief = (
        given.make_user(),
        given.make_user(passphrase="the thief's own secret"),
    )
    wrap = PersonWrap.objects.get(person_key__user=victim)
    theirs = PersonWrap.objects.get(person_key__user=thief)
    PersonWrap.objects.filter(pk=wrap.pk).update(sealed=theirs.sealed, salt=theirs.salt)

    with pytest.raises(WrongSecret):
        keys.unlock(victim, "the thief's own secret")


def test_someone_locked_is_asked_to_unlock():
    user = given.make_user()
    keys.set_keyring(None, to=user)

    with pytest.raises(Locked, match="Unlock"):
        keys.get_keyring(user)


# --- the team's key


def test_members_open_their_team_and_strangers_do_not():
    team = given.make_team()
    founder, colleague = given.make_worker(of=team), given.make_worker(of=team)
    stranger = given.make_worker()
    (key,) = TeamKey.objects.filter(team=team)

    assert key.pk in keys.get_keyring(given.unlock_user(founder)).teams
    assert key.pk in keys.get_keyring(given.unlock_user(colleague)).teams
    assert key.pk not in keys.get_keyring(given.unlock_user(stranger)).teams


def test_only_a_keyholder_can_admit():
    team = given.make_team()
    given.make_worker(of=team)

    with pytest.raises(Locked, match="holds this team’s key"):
        keys.admit(given.make_user(), to=team, by=given.make_worker())


def test_a_team_wrap_moved_to_another_team_or_member_opens_nothing():
    ours, theirs = given.make_worker(), given.make_worker()
    wrap = TeamWrap.objects.get(person_key__user=ours)
    other = TeamWrap.objects.get(person_key__user=theirs)
    TeamWrap.objects.filter(pk=other.pk).update(
        person_key=wrap.person_key, sealed=wrap.sealed
    )

    with pytest.raises(crypto.Unopenable):
        _ = keys.get_keyring(given.unlock_user(ours)).teams


# --- someone who can write in the database


def test_an_exchanged_public_key_of_a_team_is_noticed():
    worker = given.make_worker()
    TeamKey.objects.update(public=KeyPair.new().public)

    with pytest.raises(Tampered, match="has been replaced"):
        _ = keys.get_keyring(given.unlock_user(worker)).teams


def test_an_exchanged_public_key_of_a_person_is_noticed():
    worker = given.make_worker()
    PersonKey.objects.update(public=KeyPair.new().public)

    with pytest.raises(Tampered, match="has been replaced"):
        given.unlock_user(worker)


def test_nothing_can_be_sealed_for_a_team_without_a_key():
    from amana.errors import Refused

    with pytest.raises(Refused, match="no key yet"):
        keys.get_current_key(given.make_team())


# --- sealing needs no secret


def test_anyone_may_seal_to_a_team_and_only_the_team_reads_it():
    team = given.make_team()
    member = given.make_worker(of=team)
    case = given.make_case_keys(of=team)  # by nobody in particular

    assert documents.write(case, C.NEEDS, {"words": "a bed"}, by=member) == 1
