"""The demo's directory is fresh, open at night and can be called."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from amana import given
from amana.demo import fresh
from amana.demo.country import read_file
from amana.design.directory.matching.clock import WEEK
from amana.design.directory.models import Availability, Service
from amana.telephones import format_dialled


def grown_old(**fields: Any) -> Service:
    service = given.make_service(**fields)
    days_ago = timezone.now() - timedelta(days=9)
    Service.objects.filter(pk=service.pk).update(places_said_at=days_ago)
    return service


@pytest.mark.django_db
def test_a_kept_demo_counts_its_places_again_by_their_own_teams() -> None:
    service = grown_old(places_free=3)

    assert fresh.count_places() == 1

    service.refresh_from_db()
    assert not service.is_stale
    assert service.places_free == 3
    said = Availability.objects.latest("pk")
    assert said.by is not None
    assert said.by.memberships.filter(team=service.team).exists()
    assert fresh.count_places() == 0


@pytest.mark.django_db
def test_one_service_stays_long_unconfirmed() -> None:
    (left,) = [
        service
        for service in read_file("services.toml")["service"]
        if "recounted" in service
    ]
    service = grown_old(name=left["name"])

    assert fresh.count_places() == 0

    service.refresh_from_db()
    assert service.is_stale


def test_every_service_of_the_demo_can_be_called() -> None:
    phones = [service["phone"] for service in read_file("services.toml")["service"]]

    assert len(phones) == 61
    assert len(set(map(format_dialled, phones))) == 61
    assert all(format_dialled(phone).startswith("5550") for phone in phones)


def test_safe_houses_and_crisis_lines_are_open_day_and_night() -> None:
    urgent = {"SH1", "SH2", "MH7", "HE1", "PR1"}
    closed = [
        service["name"]
        for service in read_file("services.toml")["service"]
        if urgent & set(service["types"]) and not service.get("always_open")
    ]
    assert closed == ["Mobile clinic, northern border"]
    assert WEEK == 7 * 24 * 60


def test_its_exceptions_are_a_few() -> None:
    services = read_file("services.toml")["service"]
    assert [service["name"] for service in services if service.get("paused")]
    full = [service["name"] for service in services if service.get("places_free") == 0]
    assert "Recovery house, Tamra" in full
