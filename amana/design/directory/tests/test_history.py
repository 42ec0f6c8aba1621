"""What changed in a service is kept, and an import leaves it as it is."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.design.directory import actions, history
from amana.design.directory.models import Area, Service, ServiceChange
from amana.trust.access.models import Role
from amana.trust.access.rules import Denied
from tests.worlds import kept

from .importing import import_one
from .service_pages import STREET, html_of, page

CLINIC: dict[str, Any] = {
    "name": "Clinic",
    "types": ["HE2"],
    "phone": "1",
    "languages": ["fr"],
}


@kept
def imported(team, coordinator):
    return import_one(team, by=coordinator, **CLINIC)


def take_in(service, by, **fields):
    """Import it once more; return it, and whether anything was written."""
    before = Service.objects.get(pk=service.pk).version
    after = import_one(service.team, by=by, **(CLINIC | fields))
    return after, after.version != before


def test_a_change_keeps_each_field_before_and_after(service, focal_point):
    actions.change_service(
        service,
        phone="555 0199",
        languages=["fr", "ar"],
        name=service.name,
        by=focal_point,
    )
    change = ServiceChange.objects.get()
    assert change.fields == {"phone": ["", "555 0199"], "languages": [[], ["ar", "fr"]]}
    assert (change.by, change.source) == (focal_point, "person")


def test_what_is_the_same_leaves_no_change(service, focal_point):
    actions.change_service(service, name=service.name, hours=None, by=focal_point)
    assert not ServiceChange.objects.exists()


def test_pausing_and_moving_are_changes_too(team, focal_point):
    service = given.make_service(of=team)
    actions.pause_service(service, by=focal_point)
    other = given.make_team(of=team.organisation)
    given.join_team(focal_point, other, role=Role.FOCAL_POINT)
    actions.move_service(service, to=other, by=focal_point)
    paused, moved = ServiceChange.objects.order_by("pk")
    assert paused.fields == {"status": ["active", "paused"]}
    assert moved.fields == {"team": [team.name, other.name]}


def test_an_address_is_never_kept_nor_what_may_tell_a_secret_one(service, focal_point):
    def change(**fields):
        actions.change_service(service, by=focal_point, **fields)
        service.refresh_from_db()

    change(address=STREET, arrival=f"Beside {STREET}", description=f"At {STREET}")
    assert STREET in str(ServiceChange.objects.values("fields"))  # not secret yet
    change(hidden=True, description="Quiet", address=STREET, arrival="")
    change(description=f"Behind {STREET}")
    assert STREET not in str(ServiceChange.objects.values("fields"))


def test_of_a_secret_place_no_area_is_kept(service, focal_point):
    village, region = given.make_area(name_en="Village"), given.make_area()
    before = {"area": village, "coverage_note": "The Village", "by": focal_point}
    actions.change_service(service, coverage=[village.code], **before)
    actions.change_service(service, area=region, coverage=[], by=focal_point)
    assert "Village" in str(ServiceChange.objects.values("fields"))
    actions.change_service(service, hidden=True, coverage_note="", by=focal_point)
    actions.change_service(service, area=village, by=focal_point)
    kept = str(ServiceChange.objects.values("fields"))
    assert "Village" not in kept
    assert village.code not in kept


def test_the_database_keeps_the_history_of_what_is_not_secret(
    service, focal_point, coordinator
):
    actions.change_service(service, phone="2", by=focal_point)
    rows = ServiceChange.objects.all()
    for attempt in (
        lambda: rows.update(at=timezone.now()),
        lambda: rows.update(fields={}),
        lambda: rows._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            attempt()
    actions.remove_imported_services([service.pk], by=coordinator)
    assert not Service.objects.exists()
    assert not ServiceChange.objects.exists()


def test_the_page_shows_who_changed_what_to_their_own_house(
    service, focal_point, worker, outsider, coordinator
):
    area = given.make_area()
    actions.change_service(
        service,
        phone="555 0199",
        area=Area.objects.get(pk=area.pk),
        hours=[[510, 990]],
        needs_police=True,
        by=focal_point,
    )
    for user in (worker, coordinator):
        text = html_of(page(user, "service", service.pk))
        history_of = text[text.index("History of changes") :]
        for word in ("Telephone", "555 0199", area.name, "08:30", focal_point.name):
            assert word in history_of
    assert "History of changes" not in html_of(page(outsider, "service", service.pk))


# --- sources


def test_an_import_leaves_what_people_changed_since(imported, focal_point, coordinator):
    actions.change_service(imported, phone="555 0199", by=focal_point)
    service, different = take_in(imported, coordinator, phone="1", languages=["ar"])
    assert different
    service.refresh_from_db()
    assert (service.phone, service.languages) == ("555 0199", ["ar"])
    again, different = take_in(imported, coordinator, phone="1", languages=["ar"])
    assert not different
    assert list(again.changed_here) == ["phone"]


def test_a_remark_says_what_was_kept_and_since_when(imported, focal_point):
    actions.change_service(imported, phone="555 0199", by=focal_point)
    [remark] = history.list_kept_remarks(imported, {"phone": "1", "name": "Clinic"})
    assert remark.startswith("Telephone: kept as changed here on")
    assert history.list_kept_remarks(imported, {"phone": "555 0199"}) == []


def test_what_only_imports_changed_is_updated_by_the_next(imported, coordinator):
    take_in(imported, coordinator, phone="2")
    service, _different = take_in(imported, coordinator, phone="3")
    service.refresh_from_db()
    assert (service.phone, service.changed_here) == ("3", None)
    sources = ServiceChange.objects.values_list("source", "origin")
    assert set(sources) == {("import", "map")}


def test_a_coordinator_lets_the_next_import_update_it(
    imported, focal_point, coordinator
):
    actions.change_service(imported, phone="555 0199", by=focal_point)
    with pytest.raises(Denied):
        actions.release_fields(imported, by=focal_point)
    browser = given.sign_in(coordinator)
    service_page = reverse("directory:service", args=[imported.pk])
    assert "Imports leave these fields" in html_of(browser.get(service_page))
    browser.post(reverse("directory:release", args=[imported.pk]))
    assert "Imports leave these fields" not in html_of(browser.get(service_page))
    service, _different = take_in(imported, coordinator, phone="1")
    service.refresh_from_db()
    assert service.phone == "1"


def test_what_was_entered_here_has_no_other_source(service, focal_point):
    actions.change_service(service, phone="2", by=focal_point)
    service.refresh_from_db()
    assert service.changed_here is None
