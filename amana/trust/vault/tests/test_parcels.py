"""What is handed to a team before there is a case."""

import pytest
from django.utils import timezone

from amana import given
from amana.errors import Changed, Refused
from amana.trust.access.models import Membership, Sphere, Team, User
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import epochs, keys, leaving, parcels
from amana.trust.vault.altered import Tampered
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.crypto import KeyPair
from amana.trust.vault.models import Parcel, TeamKey, generate_uuid7
from tests.worlds import kept

pytestmark = pytest.mark.django_db

CANARY = "canary: taken from the harbour"
PARTS = {
    C.IDENTITY: {"name": "canary: Amal"},
    C.NARRATIVE: {"words": CANARY},
    C.HEALTH: {"words": "canary: burns"},
}


@kept
def officer() -> User:
    return given.make_worker()


@kept
def post(officer: User) -> Team:
    return officer.memberships.get().team


@kept
def shelter_worker() -> User:
    return given.make_worker()


@kept
def shelter(shelter_worker: User) -> Team:
    return shelter_worker.memberships.get().team


def a_parcel(*, to: Team, by: User):
    about = generate_uuid7()
    parcels.seal(about, PARTS, to=to, sender=to, by=by)
    return about


def opened_by(user: User, about):
    return parcels.open_parcel(about, by=user, purpose="test")


def test_nothing_is_handed_to_an_exchanged_key_of_ones_own_team(officer, post):
    TeamKey.objects.filter(team=post).update(public=KeyPair.new().public)

    with pytest.raises(Tampered, match="has been replaced"):
        a_parcel(to=post, by=officer)
    assert not Parcel.objects.exists()


def test_a_team_opens_what_is_sealed_to_it_and_nobody_else(
    officer, post, shelter_worker
):
    about = a_parcel(to=post, by=officer)

    assert opened_by(officer, about) == PARTS
    assert opened_by(shelter_worker, about) == {}


def test_opening_a_parcel_is_written_down(officer, post):
    about = a_parcel(to=post, by=officer)
    opened_by(officer, about)

    event = AuditEvent.objects.get(did="opened parcel")
    assert event.purpose == "test"


def test_nothing_of_it_lies_in_the_clear(officer, post):
    a_parcel(to=post, by=officer)

    assert Parcel.objects.count() == 3
    for parcel in Parcel.objects.all():
        assert b"canary" not in bytes(parcel.content) + bytes(parcel.sealed)


def test_a_part_does_not_open_in_the_place_of_another(officer, post):
    about = a_parcel(to=post, by=officer)
    moved = generate_uuid7()
    Parcel.objects.filter(part=C.NARRATIVE).update(about=moved)

    with pytest.raises(Tampered):
        opened_by(officer, moved)
    assert C.NARRATIVE not in opened_by(officer, about)


def test_whoever_hands_it_on_has_it_no_longer(officer, post, shelter, shelter_worker):
    about = a_parcel(to=post, by=officer)

    went = parcels.pass_on(about, to=shelter, sender=post, by=officer)

    assert went == {C.IDENTITY, C.NARRATIVE}
    assert opened_by(officer, about) == {}
    received = opened_by(shelter_worker, about)
    assert received == {part: PARTS[part] for part in went}


def test_health_detail_stays_behind_and_is_gone(officer, post, shelter):
    about = a_parcel(to=post, by=officer)

    parcels.pass_on(about, to=shelter, sender=post, by=officer)

    assert parcels.map_parts([about]) == {about: {C.IDENTITY, C.NARRATIVE}}


def test_colleagues_of_one_organisation_hand_everything_on(officer, post):
    other = given.make_team(of=post.organisation)
    colleague = given.make_worker(of=other)
    about = a_parcel(to=post, by=officer)

    went = parcels.pass_on(about, to=other, sender=post, by=officer)

    assert went == set(PARTS)
    assert opened_by(colleague, about) == PARTS


def test_nothing_is_ever_handed_to_the_border(officer, post):
    border = given.make_team(of=given.make_organisation(sphere=Sphere.BORDER))
    given.make_worker(of=border)
    about = a_parcel(to=post, by=officer)

    with pytest.raises(Refused, match="may never be sent"):
        parcels.pass_on(about, to=border, sender=post, by=officer)
    assert opened_by(officer, about) == PARTS


def test_what_a_sphere_may_not_have_is_refused_when_sealing(officer, post):
    police = given.make_team(of=given.make_organisation(sphere=Sphere.LAW_ENFORCEMENT))
    given.make_worker(of=police)

    with pytest.raises(Refused, match="may never be sent"):
        parcels.seal(generate_uuid7(), PARTS, to=police, sender=post, by=officer)
    assert not Parcel.objects.exists()


def test_nothing_is_sealed_for_an_organisation_not_admitted(officer, post):
    stranger = given.make_team(of=given.make_organisation(admitted_at=None))
    given.make_worker(of=stranger)

    with pytest.raises(Refused, match="not been admitted"):
        parcels.seal(generate_uuid7(), PARTS, to=stranger, sender=post, by=officer)


def test_a_team_without_a_key_can_be_handed_nothing(officer, post):
    about = a_parcel(to=post, by=officer)

    with pytest.raises(Refused, match="no key yet"):
        parcels.pass_on(about, to=given.make_team(), sender=post, by=officer)
    assert opened_by(officer, about) == PARTS


def test_the_second_of_two_who_hand_it_on_is_told(officer, post, shelter):
    about = a_parcel(to=post, by=officer)
    parcels.pass_on(about, to=shelter, sender=post, by=officer)

    with pytest.raises(Changed):
        parcels.pass_on(about, to=shelter, sender=post, by=officer)


def test_a_part_can_be_written_anew_by_whoever_holds_it(officer, post, shelter_worker):
    about = a_parcel(to=post, by=officer)

    parcels.rewrite(about, {C.NEEDS: {"words": "a bed"}}, by=officer)

    assert opened_by(officer, about) == {**PARTS, C.NEEDS: {"words": "a bed"}}
    with pytest.raises(Changed):
        parcels.rewrite(about, {C.NEEDS: {"words": "none"}}, by=shelter_worker)


def test_a_locked_person_seals_and_opens_nothing(officer, post):
    about = a_parcel(to=post, by=officer)
    keys.set_keyring(None, to=officer)

    with pytest.raises(keys.Locked):
        opened_by(officer, about)
    with pytest.raises(keys.Locked):
        parcels.seal(generate_uuid7(), PARTS, to=post, sender=post, by=officer)


def content_of(about):
    return bytes(Parcel.objects.filter(about=about).earliest("pk").content)


def test_when_somebody_leaves_a_parcel_is_sealed_anew(officer, post):
    leaver = given.make_worker(of=post)
    about = a_parcel(to=post, by=officer)
    before = content_of(about)
    Membership.objects.filter(user=leaver).update(ended_at=timezone.now())

    epoch = epochs.begin_epoch(post, by=officer)
    assert not epochs.refresh_progress(epoch).is_complete
    done = leaving.rewrap_some(epoch, by=officer)

    assert done.is_complete
    assert opened_by(officer, about) == PARTS
    assert opened_by(given.unlock_user(leaver), about) == {}
    assert content_of(about) != before


def test_a_destroyed_parcel_is_gone(officer, post):
    about = a_parcel(to=post, by=officer)

    parcels.destroy(about)

    assert opened_by(officer, about) == {}
