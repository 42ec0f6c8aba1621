"""An import is undone wholly, or not at all; the same file again changes nothing."""

import pytest
from django.urls import reverse

from amana import given
from amana.design.directory import actions as directory
from amana.design.directory.models import Service
from amana.errors import Refused
from amana.exchange.imports import actions
from amana.exchange.imports.models import Import
from amana.exchange.imports.tests.test_names import a_row, brought, outcomes
from amana.trust.access.models import Organisation, Team
from amana.ui.once import make_form_key


def state():
    """All that an import may add or change."""
    own = {"version", "updated_at"}
    services = [
        {name: value for name, value in row.items() if name not in own}
        for row in Service.objects.order_by("pk").values()
    ]
    return (
        services,
        list(Organisation.objects.order_by("pk").values()),
        list(Team.objects.order_by("pk").values()),
    )


def test_undoing_removes_the_organisations_and_teams_that_it_added(coordinator):
    bare = Organisation.objects.create(name="Bare", sphere="humanitarian")
    before = state()
    this = brought([a_row(1), a_row(2, "Bare")], coordinator)
    actions.apply_import(this, by=coordinator)
    assert bare.teams.count() == 1
    assert state() != before
    assert actions.undo_import(this, by=coordinator) == 0
    assert state() == before


def test_it_refuses_where_an_organisation_has_members_by_now(coordinator):
    this = brought([a_row(1), a_row(2, "Other House")], coordinator)
    actions.apply_import(this, by=coordinator)
    team = Team.objects.get(organisation__name="Field Works")
    given.make_worker(of=team)
    before = state()
    with pytest.raises(Refused, match="“Field Works”"):
        actions.undo_import(this, by=coordinator)
    assert state() == before
    this = Import.objects.get()
    assert this.undone_at is None

    assert actions.undo_import(this, partly=True, by=coordinator) == 0
    assert not Service.objects.exists()
    assert Organisation.objects.filter(name="Field Works").exists()
    assert not Organisation.objects.filter(name="Other House").exists()


def test_or_other_services(coordinator):
    this = brought([a_row(1)], coordinator)
    actions.apply_import(this, by=coordinator)
    other = brought([a_row(9)], coordinator, origin="town")
    actions.apply_import(other, by=coordinator)
    with pytest.raises(Refused, match="“Field Works”"):
        actions.undo_import(this, by=coordinator)
    # In the order in which they came, both can be undone.
    actions.undo_import(other, by=coordinator)
    this.refresh_from_db()
    actions.undo_import(this, by=coordinator)
    assert not Organisation.objects.filter(name="Field Works").exists()


def test_it_refuses_where_somebody_changed_or_used_a_service(coordinator):
    this = brought([a_row(1), a_row(2)], coordinator)
    actions.apply_import(this, by=coordinator)
    service = Service.objects.get(name="Clinic 1")
    directory.verify_service(service, by=coordinator)
    browser = given.sign_in(coordinator)
    here = reverse("imports:undo", args=[this.pk])
    refused = browser.post(here, make_form_key())
    assert refused.status_code == 409
    assert "“Clinic 1”" in refused.content.decode()
    assert "Clinic 2" not in refused.content.decode()
    assert Service.objects.count() == 2

    browser.post(here, make_form_key() | {"partly": "yes"})
    assert Service.objects.get() == service


def test_an_earlier_import_can_be_undone_once_the_later_one_is(coordinator):
    first = brought([a_row(1)], coordinator)
    actions.apply_import(first, by=coordinator)
    before = state()
    second = brought([a_row(1, description="Open")], coordinator)
    actions.apply_import(second, by=coordinator)
    with pytest.raises(Refused, match="“Clinic 1”"):
        actions.undo_import(first, by=coordinator)

    actions.undo_import(second, by=coordinator)
    assert state() == before
    first.refresh_from_db()
    actions.undo_import(first, by=coordinator)
    assert not Service.objects.exists()


def test_a_mended_row_stays_as_it_was_mended(coordinator):
    rows = [a_row(1, category="Kites"), a_row(2)]
    this = brought(rows, coordinator)
    row = this.rows.quarantined().get()
    actions.correct_row(
        row, name="Kite club", organisation="Field Works", types=["ED2"], by=coordinator
    )
    actions.apply_import(this, by=coordinator)
    before = state()
    again = brought(rows, coordinator)
    assert outcomes(again) == {"same": 2}
    assert state() == before

    # What the file changes is taken; what it repeats is not.
    rows[0] |= {"description": "For children"}
    changed = brought(rows, coordinator)
    assert outcomes(changed) == {"changed": 1, "same": 1}
    actions.apply_import(changed, by=coordinator)
    club = Service.objects.get(origin_id="1")
    assert (club.name, club.types) == ("Kite club", ["ED2"])
    assert club.description == "For children"


def test_what_people_change_here_is_not_turned_back_by_the_same_file(coordinator):
    rows = [a_row(1, phone="999 20 1")]
    actions.apply_import(brought(rows, coordinator), by=coordinator)
    service = Service.objects.get()
    directory.change_service(service, name="By hand", by=coordinator)
    assert outcomes(brought(rows, coordinator)) == {"same": 1}

    moved = brought([a_row(1, phone="999 20 2")], coordinator)
    actions.apply_import(moved, by=coordinator)
    service.refresh_from_db()
    assert (service.name, service.phone) == ("By hand", "999 20 2")
