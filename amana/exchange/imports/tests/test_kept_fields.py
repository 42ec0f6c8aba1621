"""What people changed here since the last import stays, with a remark."""

from amana.design.directory import actions as directory
from amana.design.directory.models import Service
from amana.exchange.imports import actions
from amana.exchange.imports.models import ImportOutcome
from amana.exchange.imports.tests.conftest import a_feature, a_map
from amana.exchange.imports.tests.test_actions import planned, taken_in

BY_FORM = {"10. Referral Method": {"IA Form": True}}


def corrected(coordinator, **fields) -> Service:
    """A service of a file that a colleague has corrected since."""
    taken_in(a_map(a_feature(1)), by=coordinator)
    service = Service.objects.get()
    directory.change_service(service, by=coordinator, **fields)
    return service


def test_the_plan_says_what_is_kept_and_nothing_is_overwritten(coordinator):
    corrected(coordinator, name="Corrected by hand")
    brought = planned(a_map(a_feature(1)), by=coordinator)
    [row] = brought.rows.all()
    assert row.outcome == ImportOutcome.SAME
    assert sum("kept as changed here on" in remark for remark in row.remarks) == 1
    actions.apply_import(brought, by=coordinator)
    assert Service.objects.get().name == "Corrected by hand"


def test_other_fields_are_updated_beside_it_and_undone_alone(coordinator):
    corrected(coordinator, name="Corrected by hand")
    brought = taken_in(a_map(a_feature(1, **BY_FORM)), by=coordinator)
    service = Service.objects.get()
    assert (service.name, service.referral_method) == ("Corrected by hand", "form")
    assert actions.undo_import(brought, by=coordinator) == 0
    service.refresh_from_db()
    assert (service.name, service.referral_method) == ("Corrected by hand", "email")


def test_once_released_the_next_import_updates_it(coordinator):
    service = corrected(coordinator, name="Corrected by hand")
    directory.release_fields(service, by=coordinator)
    taken_in(a_map(a_feature(1)), by=coordinator)
    assert Service.objects.get().name != "Corrected by hand"
