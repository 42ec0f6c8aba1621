"""The database itself keeps what was said of places, and how long answers took."""

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from amana import given
from amana.design.directory import actions
from amana.design.directory.models import Availability, ResponseTime, Service
from tests.worlds import kept

GROWING = [(Availability, {"free": 9}), (ResponseTime, {"took_minutes": 1})]


@kept
def service(team, focal_point):
    made = given.make_service(of=team, by=focal_point)
    actions.record_answer(made, took_minutes=90, promised_minutes=60, by=focal_point)
    return made


@pytest.mark.parametrize(("model", "changes"), GROWING)
def test_no_row_can_be_changed(service, model, changes):
    row = model.objects.get()

    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**changes)
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        model.objects.filter(pk=row.pk).update(at=timezone.now())

    assert model.objects.values().get() == model.objects.filter(pk=row.pk).values()[0]
    assert model.objects.get().at == row.at


@pytest.mark.parametrize("model", [model for model, _changes in GROWING])
def test_no_row_can_be_deleted(service, model):
    for delete in (
        lambda rows: rows.delete(),
        lambda rows: rows._raw_delete("default"),
        lambda rows: rows.get().delete(),
    ):
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            delete(model.objects.all())
    assert model.objects.count() == 1


def test_they_go_with_a_service_that_was_taken_in_by_mistake(service, coordinator):
    actions.remove_imported_services([service.pk], by=coordinator)

    assert not Service.objects.exists()
    assert not Availability.objects.exists()
    assert not ResponseTime.objects.exists()
