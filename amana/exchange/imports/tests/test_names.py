"""Organisations and areas of a file: recognised, or decided on once for a name."""

import pytest
from django.urls import reverse

from amana import given
from amana.design.directory.models import Area, Service
from amana.errors import Refused
from amana.exchange.imports import actions
from amana.exchange.imports.models import (
    NameKind,
    NameResolution,
)
from amana.exchange.sources.opening import read_file
from amana.exchange.sources.tests.conftest import to_csv, to_zip
from amana.trust.access.models import Organisation, Role
from amana.ui.once import make_form_key
from tests.worlds import kept

N, K = NameResolution, NameKind


def a_row(number, organisation="Field Works", **more):
    said = {"id": number, "name": f"Clinic {number}", "provider": organisation}
    return said | {"category": "Primary health care"} | more


def brought(rows, coordinator, *, origin="city"):
    """Bring a table by what it most likely means, and compare it."""
    blob = rows if isinstance(rows, bytes) else to_csv(rows)
    read = actions.read_as_suggested(read_file(blob), origin=origin)
    this = actions.record_file(read, by=coordinator)
    compare(this, coordinator)
    return this


def compare(this, coordinator):
    while actions.plan_next_rows(this, by=coordinator):
        pass


def outcomes(this):
    return {k: n for k, n in actions.count_outcomes(this).items() if n}


def decide(this, coordinator, kind, resolution, **more):
    names = list(this.names.filter(kind=kind, resolution__in=actions.OPEN))
    actions.decide_names(this, names, resolution=resolution, by=coordinator, **more)
    compare(this, coordinator)


@kept
def known(db):
    return given.make_organisation(name="Médecins du Port")


def test_a_name_that_is_similar_waits_for_a_person(coordinator, known):
    rows = [a_row(1, "Medecins du port"), a_row(2, "Medecins du port"), a_row(3)]
    this = brought(rows, coordinator)
    assert outcomes(this) == {"quarantined": 2, "new": 1}
    assert "similar to “Médecins du Port”" in this.rows.quarantined()[0].problem

    decide(this, coordinator, K.ORGANISATION, N.KNOWN)
    assert outcomes(this) == {"new": 3}
    actions.apply_import(this, by=coordinator)
    assert known.services.count() == 2
    assert Organisation.objects.filter(name__icontains="port").count() == 1


def test_a_similar_one_can_be_another(coordinator, known):
    this = brought([a_row(1, "Medecins du port")], coordinator)
    decide(this, coordinator, K.ORGANISATION, N.NEW)
    actions.apply_import(this, by=coordinator)
    assert Service.objects.get().organisation.name == "Medecins du port"


def test_services_of_a_name_can_be_left_out(coordinator, known):
    this = brought([a_row(1, "Medecins du port"), a_row(2)], coordinator)
    decide(this, coordinator, K.ORGANISATION, N.LEFT)
    assert outcomes(this) == {"quarantined": 1, "new": 1}
    assert "left out" in this.rows.quarantined().get().problem


def test_a_decision_holds_for_the_next_file_of_the_source(coordinator, known):
    rows = [a_row(1, "Medecins du port")]
    decide(brought(rows, coordinator), coordinator, K.ORGANISATION, N.KNOWN)
    assert outcomes(brought(rows, coordinator)) == {"new": 1}
    elsewhere = brought(rows, coordinator, origin="town")
    assert outcomes(elsewhere) == {"quarantined": 1}


def test_numbers_tell_names_apart(coordinator):
    given.make_organisation(name="Community school 12")
    this = brought([a_row(1, "Community school 13")], coordinator)
    assert outcomes(this) == {"new": 1}


def test_two_spellings_in_one_file_are_one_new_organisation(coordinator):
    this = brought([a_row(1, "Port Health"), a_row(2, "port health ")], coordinator)
    actions.apply_import(this, by=coordinator)
    assert Service.objects.values("organisation").distinct().count() == 1


TABLES: dict[str, list[dict[str, object]]] = {
    "organizations.csv": [{"id": "o1", "name": "Field Works"}],
    "services.csv": [
        {"id": 1, "organization_id": "o1", "name": "A", "category": "Food"},
        {"id": 2, "organization_id": "o8", "name": "B", "category": "Food"},
        {"id": 3, "organization_id": "o8", "name": "C", "category": "Food"},
        {"id": 4, "organization_id": "o9", "name": "D", "category": "Food"},
        {"id": 5, "organization_id": "", "name": "E", "category": "Food"},
    ],
}


def orphaned(coordinator):
    files = {name: to_csv(rows) for name, rows in TABLES.items()}
    return brought(to_zip(files), coordinator)


def test_services_whose_organisation_is_missing_are_grouped_by_what_is(coordinator):
    this = orphaned(coordinator)
    assert outcomes(this) == {"new": 1, "quarantined": 4}
    counts = this.names.filter(kind=K.MISSING).order_by("-rows", "name")
    assert list(counts.values_list("name", "rows")) == [
        ("organization_id o8", 2),
        ("", 1),
        ("organization_id o9", 1),
    ]


def test_they_are_attached_in_bulk_to_one_that_is_known(coordinator, known):
    this = orphaned(coordinator)
    decide(this, coordinator, K.MISSING, N.KNOWN, organisation=known)
    assert outcomes(this) == {"new": 5}
    actions.apply_import(this, by=coordinator)
    assert known.services.count() == 4
    again = orphaned(coordinator)
    assert outcomes(again) == {"same": 5}


def test_or_to_a_new_one_or_left(coordinator):
    this = orphaned(coordinator)
    some = list(this.names.filter(name="organization_id o8"))
    actions.decide_names(
        this, some, resolution=N.NEW, new_name="Found later", by=coordinator
    )
    decide(this, coordinator, K.MISSING, N.LEFT)
    actions.apply_import(this, by=coordinator)
    found = Organisation.objects.get(name="Found later")
    assert {service.name for service in found.services.all()} == {"B", "C"}
    assert Service.objects.count() == 3


def test_a_file_without_any_organisations_names_what_is_missing(coordinator):
    """A services.csv alone: its ids lead nowhere, and are grouped all the same."""
    this = brought(TABLES["services.csv"], coordinator)
    assert set(this.names.filter(kind=K.MISSING).values_list("name", flat=True)) == {
        "organization_id o1",
        "organization_id o8",
        "organization_id o9",
        "",
    }


@kept
def areas(db):
    country = Area.objects.create(
        code="XX", names={"en": "Xland"}, level=0, path="XX/", lat=1, lon=1
    )
    return Area.objects.create(
        code="XX01",
        names={"en": "Northern Rivers", "fr": "Rivières du Nord"},
        level=1,
        above=country,
        path="XX/XX01/",
        lat=1,
        lon=1,
    )


def test_an_area_that_is_not_known_is_decided_once_for_its_name(coordinator, areas):
    rows = [a_row(1, city="Northern River"), a_row(2, city="Northern River")]
    rows.append(a_row(3, city="rivieres du nord"))
    this = brought(rows, coordinator)
    assert outcomes(this) == {"new": 3}, "it holds up no service"
    assert this.rows.exclude(placed__area="").count() == 1
    name = this.names.get(kind=K.AREA, name="Northern River")
    assert (name.resolution, name.area, name.rows) == (N.SIMILAR, areas, 2)

    decide(this, coordinator, K.AREA, N.KNOWN)
    actions.apply_import(this, by=coordinator)
    assert areas.services.count() == 3


def test_an_area_that_is_decided_later_is_set(coordinator, areas):
    rows = [a_row(1, city="Northern River")]
    actions.apply_import(brought(rows, coordinator), by=coordinator)
    assert Service.objects.get().area is None
    again = brought(rows, coordinator)
    assert outcomes(again) == {"same": 1}
    decide(again, coordinator, K.AREA, N.KNOWN)
    assert outcomes(again) == {"changed": 1}
    actions.apply_import(again, by=coordinator)
    assert Service.objects.get().area == areas


def test_once_it_is_imported_nothing_is_decided_any_more(coordinator, known):
    this = brought([a_row(1, "Medecins du port"), a_row(2)], coordinator)
    actions.apply_import(this, by=coordinator)
    with pytest.raises(Refused, match="being imported, or has been"):
        decide(this, coordinator, K.ORGANISATION, N.NEW)


def test_nothing_is_proposed_for_a_missing_one(coordinator):
    this = orphaned(coordinator)
    with pytest.raises(Refused, match="Nothing is proposed"):
        decide(this, coordinator, K.MISSING, N.KNOWN)


# --- on its page


def page_of(this, kind):
    return reverse("imports:names", args=[this.pk, kind])


def test_names_are_ticked_and_decided_on_a_page(coordinator, known):
    this = brought([a_row(1, "Medecins du port"), a_row(2)], coordinator)
    browser = given.sign_in(coordinator)
    here = page_of(this, "organisation")
    text = browser.get(here).content.decode()
    assert "Medecins du port" in text
    assert "similar to" in text
    front = browser.get(reverse("imports:brought", args=[this.pk])).content.decode()
    assert here in front
    [name] = this.names.filter(resolution=N.SIMILAR)

    sent = {"names": [name.pk], "choice": "proposed"} | make_form_key()
    assert browser.post(here, sent).status_code == 302
    assert outcomes(this) == {"new": 2}


def test_all_that_are_open_are_decided_with_one_tick(coordinator, known):
    this = orphaned(coordinator)
    browser = given.sign_in(coordinator)
    here = page_of(this, "missing")
    assert "no organisation at all" in browser.get(here).content.decode()
    sent = {"everything": "on", "choice": "other", "other": "medecins du port"}
    assert browser.post(here, sent | make_form_key()).status_code == 302
    assert outcomes(this) == {"new": 5}
    decided = browser.get(f"{here}?decided=yes").content.decode()
    assert "Médecins du Port" in decided


@pytest.mark.parametrize(
    ("sent", "mistake"),
    [
        ({"choice": "left"}, "Tick at least one"),
        ({"everything": "on", "choice": "other"}, "Enter its name"),
        ({"everything": "on", "choice": "new"}, "Enter its name"),
        ({"everything": "on", "choice": "other", "other": "Nowhere"}, "none of this"),
        (
            {"everything": "on", "choice": "other", "other": "Medecin du Port"},
            "but “Médecins du Port”",
        ),
        ({"everything": "on", "choice": "proposed"}, "choice"),
    ],
)
def test_a_mistake_is_named_at_its_field(coordinator, known, sent, mistake):
    this = orphaned(coordinator)
    browser = given.sign_in(coordinator)
    page = browser.post(page_of(this, "missing"), sent | make_form_key())
    assert page.status_code == 422
    assert mistake in page.content.decode()
    assert outcomes(this) == {"new": 1, "quarantined": 4}


def test_a_stranger_decides_nothing(coordinator, known):
    this = brought([a_row(1, "Medecins du port")], coordinator)
    stranger = given.sign_in(given.make_worker())
    assert stranger.get(page_of(this, "organisation")).status_code == 404
    assert given.sign_in(coordinator).get(page_of(this, "xy")).status_code == 404
    with pytest.raises(Exception, match="bring_services"):
        actions.decide_names(this, [], resolution=N.LEFT, by=given.make_worker())


def test_a_name_entered_for_a_row_is_recognised_too(coordinator, known):
    this = brought([a_row(1, "", category="Kites")], coordinator)
    row = this.rows.get()
    actions.correct_row(
        row,
        name="Kites",
        organisation="medecins du port",
        types=["ED2"],
        by=coordinator,
    )
    assert "similar" in row.problem
    decide(this, coordinator, K.ORGANISATION, N.KNOWN)
    assert outcomes(this) == {"new": 1}


def test_who_applies_an_import_proposes_its_organisations(coordinator):
    this = brought([a_row(1)], coordinator)
    admin = given.make_worker(role=Role.ADMINISTRATOR)
    actions.apply_import(this, by=admin)
    assert Organisation.objects.get(name="Field Works").proposed_by == admin
