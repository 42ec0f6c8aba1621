"""Services are published, changed, counted and closed by those who may."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from amana import given
from amana.design.directory import actions, addresses
from amana.design.directory.models import (
    Availability,
    HiddenAddress,
    ResponseTime,
    Service,
)
from amana.design.directory.tests.importing import import_one
from amana.errors import Changed, Refused
from amana.trust.access.models import Role
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from tests.worlds import kept


def events() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("did", flat=True))


@kept
def service(team, focal_point):
    return actions.publish_service(
        team,
        name="Recovery house",
        types=["SH2", "SH5"],
        places_total=10,
        places_free=4,
        by=focal_point,
    )


def test_a_published_service_belongs_to_its_team_and_organisation(service, team):
    assert service.team == team
    assert service.organisation == team.organisation
    assert service.unit == "beds"
    assert service.counts_places
    assert service.places_said_at
    assert "published service" in events()


def test_coordinates_give_the_area_where_none_is_named(team, focal_point):
    ring = [[36, 31], [37, 31], [37, 32], [36, 32], [36, 31]]
    area = given.make_area(geometry={"type": "Polygon", "coordinates": [ring]})
    other = given.make_area()
    here = {"types": ["HE2"], "lat": 31.5, "lon": 36.5, "by": focal_point}
    clinic = actions.publish_service(team, name="Clinic", area=None, **here)
    assert clinic.area == area
    named = actions.publish_service(team, name="Office", area=other, **here)
    assert named.area == other
    house = actions.publish_service(team, name="House", hidden=True, **here)
    assert house.area is None, "its team decides how much of it others know"

    actions.change_service(clinic, area=None, lat=10, lon=10, by=focal_point)
    assert clinic.area is None
    actions.change_service(clinic, lat=31.5, lon=36.5, by=focal_point)
    assert clinic.area == area


def test_only_keepers_of_the_team_publish(team, worker, outsider):
    for user in (worker, outsider):
        with pytest.raises(Denied):
            actions.publish_service(team, name="A", types=["SH1"], by=user)
    assert not Service.objects.exists()


def test_codes_that_nobody_knows_are_not_taken(team, focal_point):
    with pytest.raises(ValidationError, match="SH99"):
        actions.publish_service(team, name="A", types=["SH99"], by=focal_point)
    with pytest.raises(ValidationError, match="Klingon"):
        actions.publish_service(
            team, name="A", types=["SH1"], languages=["Klingon"], by=focal_point
        )


def test_an_edit_on_an_old_version_is_told_that_somebody_was_quicker(
    service, focal_point, coordinator
):
    seen = service.version
    actions.change_service(
        service, seen=seen, description="Quiet street.", by=focal_point
    )

    late = Service.objects.get(pk=service.pk)
    with pytest.raises(Changed, match="Recovery house"):
        actions.change_service(
            late, seen=seen, description="Busy street.", by=coordinator
        )

    assert Service.objects.get().description == "Quiet street."


def test_fewer_places_in_all_never_leave_more_free_ones(service, focal_point):
    actions.change_service(service, places_total=3, by=focal_point)
    service.refresh_from_db()
    assert (service.places_free, service.places_total) == (3, 3)
    assert Availability.objects.latest("pk").free == 3


def test_who_stops_counting_has_no_places(service, focal_point):
    actions.change_service(service, counts_places=False, by=focal_point)
    service.refresh_from_db()
    assert (service.places_free, service.places_total) == (0, 0)
    assert service.places_said_at is None


def test_verifying_says_who_and_until_when(service, focal_point):
    assert service.verification_is_due
    actions.verify_service(service, by=focal_point)
    service.refresh_from_db()
    assert service.verified_by == focal_point
    assert not service.verification_is_due
    assert "verified service" in events()


def test_everybody_in_the_team_says_free_places(service, worker, outsider):
    actions.report_places(service, 7, by=worker)
    service.refresh_from_db()
    assert service.places_free == 7
    assert Availability.objects.latest("pk").by == worker
    with pytest.raises(Denied):
        actions.report_places(service, 1, by=outsider)


def test_there_are_never_more_free_places_than_places(service, worker):
    with pytest.raises(Refused, match="10 places, so 11"):
        actions.report_places(service, 11, by=worker)
    with pytest.raises(Refused):
        actions.report_places(service, -1, by=worker)
    assert Service.objects.get().places_free == 4


def test_what_counts_no_places_has_none_to_say(team, focal_point):
    desk = given.make_service(of=team, counts_places=False)
    with pytest.raises(Refused, match="does not count"):
        actions.report_places(desk, 1, by=focal_point)
    actions.book_places(desk, by=focal_point)
    assert not Availability.objects.exists()


def test_a_place_is_booked_once(service, worker):
    actions.report_places(service, 1, by=worker)
    two_tabs = [Service.objects.get(), Service.objects.get()]
    actions.book_places(two_tabs[0], by=worker)
    with pytest.raises(Refused, match="no longer has a place free"):
        actions.book_places(two_tabs[1], by=worker)
    assert Service.objects.get().places_free == 0
    assert Availability.objects.latest("pk").kind == Availability.Kind.BOOKED


def test_a_family_books_all_its_places_or_none(service, worker):
    with pytest.raises(Refused, match="no longer has 5 places free"):
        actions.book_places(service, places=5, by=worker)
    assert Service.objects.get().places_free == 4


def test_places_come_back_but_never_beyond_the_total(service, worker):
    actions.give_back_places(service, places=6, by=worker)
    actions.give_back_places(service, by=worker)
    assert Service.objects.get().places_free == 10
    with pytest.raises(IntegrityError):
        Service.objects.update(places_free=11)


def test_a_service_pauses_resumes_and_ends(service, focal_point):
    actions.pause_service(service, by=focal_point)
    assert service.status == Service.Status.PAUSED
    with pytest.raises(Changed, match="already"):
        actions.pause_service(service, by=focal_point)
    actions.resume_service(service, by=focal_point)
    actions.end_service(service, by=focal_point)
    assert Service.objects.get().status == Service.Status.ENDED
    assert events()[-3:] == ["paused service", "resumed service", "ended service"]


def test_the_record_of_answers_is_the_median_of_the_latest(service):
    for took in (60, 30, 600):
        actions.record_answer(service, took_minutes=took, promised_minutes=60, by=None)
    assert Service.objects.get().lateness == 1.0
    for _ in range(20):
        actions.record_answer(service, took_minutes=30, promised_minutes=60, by=None)
    assert Service.objects.get().lateness == 0.5
    assert ResponseTime.objects.count() == 23


class TestASafeHouse:
    @pytest.fixture
    def house(self, team, focal_point):
        return actions.publish_service(
            team,
            name="Safe house",
            types=["SH1"],
            hidden=True,
            address="17 Almond Street",
            lat=9.1,
            lon=-25.2,
            by=focal_point,
        )

    def test_its_address_is_not_in_the_database(self, house):
        row = Service.objects.values().get()
        assert "Almond" not in str(row)
        assert (row["lat"], row["lon"]) == (None, None)
        hidden = HiddenAddress.objects.get()
        assert b"Almond" not in bytes(hidden.body) + bytes(hidden.sealed)

    def test_its_team_reads_it_and_that_is_written_down(self, house, team, worker):
        address = addresses.open_address(house, by=worker)
        assert address == addresses.Address("17 Almond Street", 9.1, -25.2)
        assert events()[-1] == "opened hidden address"

    def test_nobody_else_can(self, house, coordinator, outsider):
        for user in (coordinator, outsider):
            with pytest.raises(Denied):
                addresses.open_address(house, by=user)

    def test_a_coordinator_can_say_a_new_address_without_reading_the_old(
        self, house, coordinator, worker
    ):
        actions.change_service(house, address="3 Fig Lane", by=coordinator)
        assert Service.objects.get().address == ""
        found = addresses.open_address(house, by=worker)
        assert found is not None
        assert found.address == "3 Fig Lane"

    def test_an_edit_of_something_else_keeps_the_address(self, house, focal_point):
        actions.change_service(house, description="With a garden.", by=focal_point)
        assert HiddenAddress.objects.exists()

    def test_once_no_longer_hidden_the_sealed_copy_goes(self, house, focal_point):
        actions.change_service(house, hidden=False, address="1 Market", by=focal_point)
        assert not HiddenAddress.objects.exists()
        assert Service.objects.get().address == "1 Market"

    def test_the_database_refuses_an_address_in_the_clear(self, house):
        with pytest.raises(IntegrityError):
            Service.objects.update(address="17 Almond Street")


class TestImporting:
    @pytest.fixture
    def keeper(self, db):
        return given.make_worker(role=Role.ADMINISTRATOR)

    def import_one(self, team, keeper, **fields):
        said = {"name": "Clinic", "types": ["HE2"], "languages": ["fr", "ar"]}
        return import_one(team, by=keeper, **said | fields)

    def test_a_service_of_a_file_is_as_one_that_was_entered(self, team, keeper):
        entered = actions.publish_service(
            team,
            by=given.make_worker(role=Role.COORDINATOR),
            name="Clinic",
            types=["HE2"],
            languages=["fr", "ar"],
            places_total=4,
            places_free=9 - 5,
        )
        brought = self.import_one(team, keeper, places_total=4, places_free=4)
        entered.refresh_from_db()
        own = {"id", "origin", "origin_id", "created_at", "updated_at"}
        own |= {"places_said_at"}
        for field in Service._meta.concrete_fields:
            if field.name not in own:
                name = field.attname
                assert getattr(brought, name) == getattr(entered, name), name
        assert brought.places_said_at is not None
        assert Availability.objects.filter(service=brought).count() == 1

    def test_what_is_different_is_updated_under_a_new_version(self, team, keeper):
        before = self.import_one(team, keeper)
        after = self.import_one(team, keeper, languages=["ar"])
        assert after.languages == ["ar"]
        assert (after.pk, after.version) == (before.pk, before.version + 1)

    def test_who_changed_it_meanwhile_is_not_overtaken(self, team, keeper):
        stale = self.import_one(team, keeper)
        prepared = actions.PreparedServices("map")
        prepared.add_update(actions.ServiceUpdate(stale, {"name": "Of the file"}))
        coordinator = given.make_worker(role=Role.COORDINATOR)
        actions.change_service(Service.objects.get(), by=coordinator, name="By hand")
        with pytest.raises(Changed):
            actions.import_services(prepared, by=keeper)
        assert Service.objects.get().name == "By hand"

    def test_a_secret_address_is_taken_from_no_file(self, team, keeper):
        house = self.import_one(team, keeper, hidden=True, address="17 Almond Street")
        assert (house.hidden, house.address, house.lat) == (True, "", None)

    def test_a_value_that_a_field_cannot_have_is_named(self):
        values, wrong = actions.read_imported_values(
            {"name": "Clinic", "age_min": "many", "types": ["HE2", "XX9"]}
        )
        assert values == {"name": "Clinic"}
        assert wrong.keys() == {"age_min", "types"}

    def test_only_those_who_keep_the_directory_import(self, team, focal_point):
        with pytest.raises(Denied):
            self.import_one(team, focal_point)

    def test_what_was_imported_can_be_removed(self, team, keeper):
        service = self.import_one(team, keeper)
        actions.remove_imported_services([service.pk], by=keeper)
        assert not Service.objects.exists()
        assert events()[-1] == "removed services of a file"

    def test_what_is_in_use_is_not_removed(self, team, keeper, service):
        worker = given.make_worker()
        case = given.make_case(worked_on_by=worker)
        given.make_referral(need=case.needs.get(), to=service, by=worker)
        used = actions.find_used(Service.objects.all())
        assert used == {service.pk}
        with pytest.raises(Changed):
            actions.remove_imported_services([service.pk], by=keeper)


# --- moving it to another team


@kept
def sister(team):
    """Another team of the same organisation, with somebody who holds its key."""
    other = given.make_team(of=team.organisation, name="Night shelter")
    given.make_worker(of=other)
    return other


@kept
def of_both(focal_point, sister):
    """Answers for what either team's services say."""
    given.join_team(focal_point, sister, role=Role.FOCAL_POINT)
    return given.unlock_user(focal_point)


def test_a_service_moves_to_another_team_of_the_organisation(
    service, team, sister, of_both
):
    actions.move_service(service, to=sister, by=of_both)

    stored = Service.objects.get()
    assert (stored.team, stored.organisation) == (sister, team.organisation)
    event = AuditEvent.objects.get(did="moved service")
    said = event.auditdetail.details
    assert (said["origin"], said["to"]) == (team.pk, sister.pk)


def test_it_moves_only_within_its_organisation(service, coordinator):
    elsewhere = given.make_team()
    with pytest.raises(Refused, match="within its organisation"):
        actions.move_service(service, to=elsewhere, by=coordinator)
    assert Service.objects.get().team != elsewhere


def test_nobody_gives_a_service_to_a_team_for_which_they_do_not_answer(
    service, sister, focal_point, worker, outsider
):
    of_sister = given.make_worker(of=sister, role=Role.SUPERVISOR)
    for user in (focal_point, worker, outsider, of_sister):
        with pytest.raises(Denied):
            actions.move_service(service, to=sister, by=user)


def test_who_moves_it_second_is_told(service, sister, coordinator):
    stale = Service.objects.get()
    actions.move_service(service, to=sister, by=coordinator)
    with pytest.raises(Changed):
        actions.move_service(service, to=sister, by=coordinator)
    with pytest.raises(Changed):
        actions.move_service(stale, to=sister, by=coordinator)


def test_a_secret_address_goes_along_and_stays_secret(
    team, sister, of_both, worker, coordinator
):
    street = "17 Almond Street"
    house = given.make_service(of=team, hidden=True, address=street, types=["SH1"])
    with pytest.raises(Refused, match="Its address is secret"):
        actions.move_service(house, to=sister, by=coordinator)
    house.refresh_from_db()

    actions.move_service(house, to=sister, by=of_both)

    theirs = given.make_worker(of=sister)
    opened = addresses.open_address(house, by=theirs)
    assert opened is not None
    assert opened.address == street
    with pytest.raises(Denied):
        addresses.open_address(house, by=worker)
    assert HiddenAddress.objects.filter(team_key__team=sister).exists()
