import json

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from amana import given
from amana.design.directory import actions as directory
from amana.design.directory import addresses
from amana.design.directory.models import Service
from amana.errors import Changed, Refused, Unreadable
from amana.exchange.hsds import TAXONOMY
from amana.exchange.imports import actions
from amana.exchange.imports.actions import planning_rows
from amana.exchange.imports.models import Import, ImportOutcome, ImportRow
from amana.exchange.imports.tests.conftest import a_feature, a_map, read_map, shared
from amana.trust.access import actions as access
from amana.trust.access.models import Organisation, Role, User
from amana.trust.audit.models import AuditEvent
from tests.patching import replace_everywhere


def planned(blob: bytes, *, by: User) -> Import:
    file = read_map(blob, by=by)
    brought = actions.record_file(file, by=by)
    while actions.plan_next_rows(brought, by=by, limit=100):
        pass
    return brought


def taken_in(blob: bytes, *, by: User) -> Import:
    brought = planned(blob, by=by)
    actions.apply_import(brought, by=by)
    return brought


def test_nothing_changes_before_somebody_says_so(coordinator):
    brought = planned(a_map(a_feature(1), a_feature(2)), by=coordinator)

    assert actions.count_outcomes(brought)[ImportOutcome.NEW] == 2
    assert not Service.objects.exists()


def test_a_second_import_of_the_same_file_changes_nothing(coordinator):
    blob = a_map(a_feature(1), a_feature(2))
    taken_in(blob, by=coordinator)
    before = list(Service.objects.order_by("pk").values())
    again = taken_in(blob, by=coordinator)

    assert actions.count_outcomes(again)[ImportOutcome.SAME] == 2
    assert list(Service.objects.order_by("pk").values()) == before


def test_what_a_file_says_differently_is_updated_and_not_doubled(coordinator):
    taken_in(a_map(a_feature(1)), by=coordinator)
    changed = a_feature(1, **{"10. Referral Method": {"IA Form": True}})
    brought = taken_in(a_map(changed), by=coordinator)

    assert actions.count_outcomes(brought)[ImportOutcome.CHANGED] == 1
    assert Service.objects.get().referral_method == "form"


def test_what_nobody_can_see_is_quarantined_with_its_row_and_field(coordinator):
    brought = planned(
        a_map(a_feature(1), a_feature(2, activityName="Health\x00 \ud800Services")),
        by=coordinator,
    )
    (row,) = brought.rows.quarantined()
    assert row.number == 2
    assert "name" in row.problem
    assert row.values["name"].startswith("Health Services")
    assert actions.count_outcomes(brought)[ImportOutcome.NEW] == 1


def test_what_nobody_can_see_is_not_kept_of_what_could_not_be_placed(coordinator):
    org = {"id": "2", "name": "Org\x00"}
    services = [
        {"id": "1", "name": "Bed\x00s", "status": "active", "organization": org},
        {"name": "No\x00 id", "more": [{"deep\x00": "\x01"}]},
    ]
    blob = json.dumps(services).encode()
    file = actions.read_hsds(blob, origin="north", by=coordinator)
    brought = actions.record_file(file, by=coordinator)
    rows = list(brought.rows.order_by("number"))
    assert [row.outcome for row in rows] == [ImportOutcome.QUARANTINED] * 2
    assert "name, organisation" in rows[0].problem
    kept = json.dumps([row.values for row in rows])
    assert "\\u00" not in kept
    assert "No id" in kept


def test_undoing_removes_the_new_and_restores_the_changed(coordinator):
    taken_in(a_map(a_feature(1)), by=coordinator)
    changed = a_feature(1, **{"10. Referral Method": {"IA Form": True}})
    brought = taken_in(a_map(changed, a_feature(2)), by=coordinator)
    assert actions.undo_import(brought, by=coordinator) == 0

    assert Service.objects.get().referral_method == "email"
    with pytest.raises(Changed):
        actions.undo_import(brought, by=coordinator)


def test_a_row_without_a_known_type_is_quarantined_and_can_be_put_right(coordinator):
    odd = a_feature(1, activityName="Kite repair")
    brought = planned(a_map(odd), by=coordinator)
    row = brought.rows.get()

    assert row.outcome == ImportOutcome.QUARANTINED
    assert "type of service is missing" in row.problem
    assert any("Kite repair" in remark for remark in row.remarks)
    actions.correct_row(
        row, name="Kites", organisation="Field Works", types=["ED2"], by=coordinator
    )
    actions.apply_import(brought, by=coordinator)
    assert Service.objects.get().types == ["ED2"]


@pytest.mark.parametrize(
    ("feature", "problem"),
    [
        ({"type": "Feature"}, "no named values"),
        (a_feature(0) | {"id": None}, "no id"),
        (a_feature(1, partnerName=""), "organisation is missing"),
        (a_feature(1, activityName=""), "no name"),
        ("a word", "no named values"),
    ],
)
def test_each_row_that_cannot_be_placed_says_where_and_why(
    coordinator, feature, problem
):
    brought = planned(a_map(a_feature(7), feature), by=coordinator)
    row = ImportRow.objects.quarantined().get()

    assert row.where == "entries, row 2"
    assert problem in row.problem
    assert actions.count_outcomes(brought)[ImportOutcome.NEW] == 1


@pytest.mark.parametrize("blob", [b"", b"\xff\xfe", b"[]", b"{}"])
def test_a_file_that_is_not_a_map_leaves_nothing_behind(coordinator, blob):
    with pytest.raises(Unreadable):
        read_map(blob, by=coordinator)

    assert not Import.objects.exists()
    assert not AuditEvent.objects.exists()


def test_a_repeated_id_is_reported_and_both_services_are_kept(coordinator):
    other = a_feature(1, activity=5604, activityName="Protection Services")
    brought = taken_in(a_map(a_feature(1), other), by=coordinator)

    assert Service.objects.count() == 2
    assert actions.count_remarked_rows(brought) == 2


def test_an_hsds_file_is_brought_like_any_other(coordinator):
    said = {
        "id": "7c1e7c0e-55c1-4a53-9a4d-1b1f0e7ad001",
        "name": "Clinic",
        "status": "active",
        "organization": {"name": "Field Works"},
        "attributes": [{"taxonomy_term": {"taxonomy": "amana", "code": "types:HE2"}}],
    }
    blob = json.dumps([said]).encode()
    file = actions.read_hsds(blob, origin="city", by=coordinator)
    brought = actions.record_file(file, by=coordinator)
    actions.plan_next_rows(brought, by=coordinator)
    actions.apply_import(brought, by=coordinator)

    assert Service.objects.get().types == ["HE2"]


def test_a_half_import_never_stays(coordinator, monkeypatch):
    brought = planned(a_map(a_feature(1), a_feature(2)), by=coordinator)

    def fail_at_the_end(rows, *names):
        assert Service.objects.count() == 2
        raise MemoryError

    with monkeypatch.context() as patch:
        replace_everywhere(patch, actions, "update_rows", fail_at_the_end)
        with pytest.raises(MemoryError):
            actions.apply_import(brought, by=coordinator)

    assert not Service.objects.exists()
    brought.refresh_from_db()
    assert brought.taken_in_at is None


def test_only_those_who_keep_the_directory_import(db):
    worker, none = given.make_worker(), actions.ReadFile("city", [])
    with pytest.raises(PermissionDenied):
        actions.open_source(a_map(), by=worker)
    with pytest.raises(PermissionDenied):
        actions.read_hsds(b"[]", origin="city", by=worker)
    with pytest.raises(PermissionDenied):
        actions.record_file(none, by=worker)


def test_all_562_real_services_import_and_their_oddities_are_reported(coordinator):
    blob = shared("unhcr-jordan/services.geojson").read_bytes()
    brought = taken_in(blob, by=coordinator)
    rows = brought.rows

    assert Service.objects.count() == 562
    twice = {
        json.loads(json.dumps(remark))
        for remarks in rows.values_list("remarks", flat=True)
        for remark in remarks
        if " appears " in remark
    }
    assert len(twice) == 13
    refusing = Service.objects.filter(accepts_referrals=False).count()
    assert refusing == 87
    again = taken_in(blob, by=coordinator)
    assert actions.count_outcomes(again)[ImportOutcome.SAME] == 562


def test_an_organisation_that_a_file_names_is_admitted_by_somebody_else(coordinator):
    taken_in(a_map(a_feature(1)), by=coordinator)
    organisation = Organisation.objects.get(name="Field Works")
    other = given.make_worker(role=Role.COORDINATOR)

    with pytest.raises(Refused, match="The person who proposed this organisation"):
        access.admit(organisation, by=coordinator)
    access.admit(organisation, by=other)
    organisation.refresh_from_db()
    assert organisation.admitted_at is not None


def test_an_administrator_can_undo_what_an_administrator_brought(db):
    admin = given.make_worker(role=Role.ADMINISTRATOR)
    taken_in(a_map(a_feature(1)), by=admin)
    changed = a_feature(1, **{"10. Referral Method": {"IA Form": True}})
    brought = taken_in(a_map(changed), by=admin)

    assert actions.undo_import(brought, by=admin) == 0
    assert Service.objects.get().referral_method == "email"


# --- where a safe house is


def a_house(types: str = "types:SH2", **more: object) -> dict[str, object]:
    """A house as another directory writes it, with its street and coordinates."""
    return {
        "id": "h1",
        "name": "Almond house",
        "status": "active",
        "organization": {"id": "o1", "name": "North"},
        "attributes": [
            {"id": "a1", "taxonomy_term": {"code": types, "taxonomy": TAXONOMY}}
        ],
        "service_at_locations": [
            {
                "location": {
                    "latitude": 9.123456,
                    "longitude": -25.654321,
                    "addresses": [{"address_1": STREET, "city": "Port Selene"}],
                }
            }
        ],
    } | more


STREET = "17 Almond Street"


def brought_in(*services: dict[str, object], by: User) -> Import:
    blob = json.dumps(services).encode()
    brought = actions.record_file(actions.read_hsds(blob, origin="n", by=by), by=by)
    while actions.plan_next_rows(brought, by=by):
        pass
    return brought


def in_database(*words: str) -> list[str]:
    """Which of these stand anywhere in the database, in the clear."""
    found: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = repr(cursor.fetchall())
            found += [word for word in words if word in rows]
    return found


WHERE = (STREET, "9.123456", "25.654321")


def test_the_rows_hold_where_a_place_is_until_it_is_secret_and_never_after(coordinator):
    brought = brought_in(a_house(), by=coordinator)
    actions.apply_import(brought, by=coordinator)
    moved = a_house(description="With a garden")
    again = brought_in(moved, by=coordinator)
    actions.apply_import(again, by=coordinator)
    assert set(in_database(*WHERE)) == set(WHERE)
    house = Service.objects.get()
    given.make_worker(of=house.team)  # with whom the team has a key

    directory.change_service(house, hidden=True, by=coordinator)

    assert in_database(*WHERE) == []
    with pytest.raises(Refused, match="“Almond house”"):
        actions.undo_import(again, by=coordinator)
    actions.undo_import(again, partly=True, by=coordinator)
    assert in_database(*WHERE) == []
    house.refresh_from_db()
    assert (house.hidden, house.address, house.lat) == (True, "", None)


def test_a_place_that_becomes_secret_while_its_row_is_compared(coordinator):
    """What the step has read before must not be stored over what was removed."""
    actions.apply_import(brought_in(a_house(), by=coordinator), by=coordinator)
    house = Service.objects.get()
    given.make_worker(of=house.team)
    blob = json.dumps([a_house(description="With a garden")]).encode()
    again = actions.record_file(
        actions.read_hsds(blob, origin="n", by=coordinator), by=coordinator
    )
    storing = iter([False, True])  # the names, then the rows

    def hide() -> None:
        if next(storing):
            directory.change_service(house, hidden=True, by=coordinator)

    assert planning_rows.plan_step(again, hide) == 1
    assert in_database(*WHERE) == []
    assert again.rows.get().area == ""


def test_a_file_brings_no_address_of_a_place_that_is_secret(coordinator):
    actions.apply_import(brought_in(a_house(), by=coordinator), by=coordinator)
    house = Service.objects.get()
    given.make_worker(of=house.team)
    directory.change_service(house, hidden=True, by=coordinator)

    changed = a_house(description="With a garden")
    brought = brought_in(changed, by=coordinator)
    assert in_database(*WHERE) == []
    actions.apply_import(brought, by=coordinator)
    actions.undo_import(brought, by=coordinator)
    assert in_database(*WHERE) == []


def test_undoing_leaves_what_its_team_has_sealed(coordinator):
    actions.apply_import(brought_in(a_house(), by=coordinator), by=coordinator)
    changed = brought_in(a_house(description="With a garden"), by=coordinator)
    actions.apply_import(changed, by=coordinator)
    house = Service.objects.get()
    worker = given.make_worker(of=house.team)
    directory.change_service(
        house, hidden=True, address="3 Quince Lane", by=coordinator
    )

    assert actions.undo_import(changed, partly=True, by=coordinator) == 1

    house.refresh_from_db()
    sealed = addresses.open_address(house, by=worker)
    assert sealed is not None
    assert sealed.address == "3 Quince Lane"
    assert in_database(*WHERE, "Quince") == []


def test_of_a_safe_house_no_address_is_taken_in_at_all(coordinator):
    brought = brought_in(a_house("types:SH1"), by=coordinator)
    assert in_database(*WHERE) == []
    row = brought.rows.get()
    assert "its address is left out" in " ".join(row.remarks)
    actions.apply_import(brought, by=coordinator)
    assert Service.objects.get().hidden


def test_a_part_that_became_no_service_keeps_no_address(coordinator):
    lost = {k: v for k, v in a_house().items() if k != "id"}
    brought = brought_in(lost, a_house(), a_house(), by=coordinator)
    assert brought.rows.quarantined().count() == 2
    for row in brought.rows.quarantined():
        assert row.values == {"name": "Almond house"}
