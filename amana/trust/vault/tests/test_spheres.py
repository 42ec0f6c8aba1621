"""What kind of organisation it is, is the word of people of two others (P07)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from amana import given
from amana.care.consent.models import Consent
from amana.errors import Refused
from amana.trust.access import actions as access
from amana.trust.access.models import Organisation, Role, Sphere, Team
from amana.trust.access.rules import Denied, admit_organisation
from amana.trust.vault import disclosures, parcels, roster
from amana.trust.vault.altered import Tampered
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.keys import get_keyring
from amana.trust.vault.models import Disclosure, Parcel, generate_uuid7
from tests.worlds import kept

pytestmark = pytest.mark.django_db

C = Compartment


@kept
def office(db):
    return given.make_team(of=given.make_organisation(name="Ministry"))


@kept
def admin(office):
    return given.make_worker(of=office, role=Role.ADMINISTRATOR)


@kept
def coordinator(office):
    """In the same office as the administrator."""
    return given.make_worker(of=office, role=Role.COORDINATOR)


@kept
def supervisor(db):
    """Of another organisation."""
    return given.make_worker(role=Role.SUPERVISOR)


@kept
def police(db):
    of = given.make_organisation(name="Police", sphere=Sphere.LAW_ENFORCEMENT)
    return given.make_team(of=of)


@kept
def officer(police):
    return given.make_worker(of=police, role=Role.SUPERVISOR)


@kept
def team(db):
    return given.make_team()


@kept
def worker(team):
    return given.make_worker(of=team)


def proposed(by, sphere: str = "humanitarian") -> Organisation:
    return access.propose_organisation(
        name="Harbour House", kind="ngo", sphere=sphere, by=by
    )


def test_two_of_one_office_admit_nobody(admin, coordinator, supervisor):
    house = proposed(admin)

    missing = access.admit(house, by=coordinator)
    house.refresh_from_db()
    assert "other organisations" in missing
    assert house.admitted_at is None
    with pytest.raises(Refused, match="already signed for this"):
        access.admit(house, by=coordinator)

    assert access.admit(house, by=supervisor) == ""
    house.refresh_from_db()
    assert house.admitted_at
    assert house.confirmed_by == supervisor
    assert roster.get_roster().spheres[house.pk] == "humanitarian"


def test_a_supervisor_signs_for_others_and_not_for_their_own(admin, supervisor):
    own = supervisor.memberships.get().team.organisation
    access.change_organisation(own, sphere="health", by=admin)

    with pytest.raises(Denied):
        access.admit(own, by=supervisor)
    assert not admit_organisation.permits(given.make_worker(), own)


def test_the_police_become_nothing_else_by_one_office(
    police, officer, admin, coordinator, supervisor
):
    """Two administrators of one office made a border guard humanitarian, and nobody
    else heard of it."""
    organisation = police.organisation
    access.change_organisation(organisation, sphere="humanitarian", by=admin)
    access.admit(organisation, by=coordinator)
    organisation.refresh_from_db()
    assert organisation.sphere == "law_enforcement"
    assert roster.get_roster().spheres[organisation.pk] == "law_enforcement"
    with pytest.raises(Denied):
        access.admit(organisation, by=officer)

    access.admit(organisation, by=supervisor)
    organisation.refresh_from_db()
    assert organisation.sphere == "humanitarian"
    assert not organisation.waits_for_signatures
    assert roster.get_roster().spheres[organisation.pk] == "humanitarian"


def test_one_administrator_takes_nothing_away_by_proposing_a_sphere(
    admin, worker, team
):
    """An attack: a shelter is said to be of the border police, and from that minute no
    one can be sent there."""
    house = given.make_team()
    helper = given.make_worker(of=house)
    case = given.make_case(worked_on_by=worker, team=team)
    consent = given.make_consent(case, to=house, by=worker)
    for sphere in ("border", "law_enforcement", "health"):
        access.change_organisation(house.organisation, sphere=sphere, by=admin)

    fresh = Organisation.objects.get(pk=house.organisation_id)
    assert fresh.admitted_at
    assert fresh.sphere == "humanitarian"
    assert fresh.proposed_sphere == "health"
    assert fresh in Organisation.objects.waiting()
    assert roster.get_roster().spheres[fresh.pk] == "humanitarian"
    consent.refresh_from_db()
    assert consent.ended_at is None
    service = given.make_service(of=house)
    sent = given.make_referral(
        need=case.needs.get(), to=service, consent=consent, by=worker
    )
    assert disclosures.open_valid_secret(
        Disclosure.objects.get(pk=sent.disclosure), by=helper
    )


def test_two_of_one_office_move_nobody_by_proposing_and_signing(
    admin, coordinator, worker, team
):
    house = given.make_team()
    access.change_organisation(house.organisation, sphere="border", by=admin)
    assert access.admit(house.organisation, by=coordinator) != ""

    fresh = Organisation.objects.get(pk=house.organisation_id)
    assert (fresh.sphere, fresh.proposed_sphere) == ("humanitarian", "border")


def test_who_thinks_better_of_it_leaves_all_as_it_was(
    police, admin, coordinator, supervisor
):
    organisation = police.organisation
    access.change_organisation(organisation, sphere="humanitarian", by=admin)
    access.change_organisation(organisation, sphere="law_enforcement", by=admin)

    organisation.refresh_from_db()
    assert not organisation.waits_for_signatures
    with pytest.raises(Refused):
        access.admit(organisation, by=coordinator)
    assert roster.get_roster().spheres[organisation.pk] == "law_enforcement"
    # Nor does the word that was taken back count beside that of another office later.
    another = given.make_worker(role=Role.ADMINISTRATOR)
    access.change_organisation(organisation, sphere="humanitarian", by=another)
    assert roster.get_roster().spheres[organisation.pk] == "law_enforcement"
    access.admit(organisation, by=supervisor)
    assert roster.get_roster().spheres[organisation.pk] == "humanitarian"


def test_what_rested_on_the_sphere_ends_with_it(admin, supervisor, worker, team):
    house = given.make_team()
    case = given.make_case(worked_on_by=worker, team=team)
    ended = given.make_consent(case, to=house, by=worker)
    stays = given.make_consent(case, to=given.make_team(), by=worker)
    from amana.care.consent import actions as consents

    shared = consents.disclose(ended, by=worker)
    access.change_organisation(house.organisation, sphere="health", by=admin)
    access.admit(house.organisation, by=supervisor)

    ended.refresh_from_db()
    stays.refresh_from_db()
    assert ended.status == Consent.Status.EXPIRED
    assert stays.ended_at is None
    assert not Disclosure.objects.filter(pk=shared.pk).exists()


# --- someone writes in the database


def share(case, team, recipient, worker) -> Disclosure:
    return disclosures.make_disclosure(
        {"identity.name": "Hope"},
        consent=generate_uuid7(),
        case=case,
        sender=team,
        recipient=Team.objects.select_related("organisation").get(pk=recipient.pk),
        purpose="referral",
        expires_at=timezone.now() + timedelta(days=1),
        by=worker,
    )


def test_nothing_is_shared_with_an_organisation_that_was_moved(team, worker):
    border = given.make_team(of=given.make_organisation(sphere=Sphere.BORDER))
    given.make_worker(of=border)
    case = given.make_case_keys(of=team)
    Organisation.objects.filter(pk=border.organisation_id).update(sphere="humanitarian")

    with pytest.raises(Tampered):
        share(case, team, border, worker)
    fresh = Team.objects.select_related("organisation").get(pk=border.pk)
    words = {C.NEEDS: {"words": "A bed"}}
    with pytest.raises(Tampered):
        parcels.seal(generate_uuid7(), words, to=fresh, sender=team, by=worker)
    assert not Disclosure.objects.exists()
    assert not Parcel.objects.exists()


def test_nothing_is_shared_with_a_team_that_was_moved(team, worker):
    border = given.make_team(of=given.make_organisation(sphere=Sphere.BORDER))
    given.make_worker(of=border)
    case = given.make_case_keys(of=team)
    Team.objects.filter(pk=border.pk).update(organisation=given.make_organisation())

    with pytest.raises(Tampered):
        share(case, team, border, worker)


def test_nothing_is_shared_with_an_organisation_nobody_signed_for(team, worker):
    unsigned = Organisation.objects.create(
        name="Invented", sphere="humanitarian", admitted_at=timezone.now()
    )
    case = given.make_case_keys(of=team)

    with pytest.raises(Tampered):
        share(case, team, given.make_team(of=unsigned), worker)


def test_as_long_as_there_is_one_organisation_two_of_its_people_sign():
    """And no other sphere is set so, once there are more."""
    from amana.trust.vault.tests.roster.founding import NEW, found_house

    ada, bea = found_house()
    ada = given.unlock_user(ada, passphrase=NEW)
    house = proposed(ada, "border")
    assert access.admit(house, by=bea) == ""
    access.change_organisation(house, sphere="humanitarian", by=ada)

    assert access.admit(house, by=bea) != ""
    assert roster.get_roster().spheres[house.pk] == "border"


def test_one_person_signs_once(admin):
    house = proposed(admin)

    with pytest.raises(Refused):
        roster.record_statement(
            "sphere",
            by=get_keyring(admin),
            organisation=house.pk,
            sphere="humanitarian",
        )
