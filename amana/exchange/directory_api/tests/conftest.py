"""A small directory, and programs that read it."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from amana import given
from amana.design.directory.models import Area, Service
from amana.exchange.directory_api import actions
from amana.trust.access.models import Role, Team, User
from tests.worlds import kept

BASE = "/api/hsds/v3/"

type Ask = Callable[..., Any]


@kept
def coordinator(db: None) -> User:
    return given.make_worker(role=Role.COORDINATOR, name="Ada")


@kept
def administrator(db: None) -> User:
    return given.make_worker(role=Role.ADMINISTRATOR, name="Ben")


@kept
def team(db: None) -> Team:
    return given.make_team(name="Outpatients")


@kept
def keeper(team: Team) -> User:
    return given.make_worker(of=team, role=Role.FOCAL_POINT, name="Cleo")


@kept
def district(db: None) -> Area:
    country = given.make_area(code="XM", name_en="Merravia")
    region = given.make_area(above=country, code="XM01", name_en="North")
    return given.make_area(above=region, code="XM0101", name_en="Fig Street")


@kept
def clinic(team: Team, keeper: User, district: Area) -> Service:
    return given.make_service(
        of=team,
        by=keeper,
        name="Clinic at the harbour",
        name_fr="Clinique du port",
        description="Doctors without appointment. École à côté.",
        types=["HE2", "HE1"],
        visibility="public",
        area=district,
        address="1 Harbour Road",
        lat=10.5,
        lon=20.5,
        languages=["ar", "fr"],
        hours=[[480, 960]],
        sexes=["female"],
        needs_police=True,
        referral_method="email",
        documents=["passport"],
        website="https://clinic.example.org",
    )


@kept
def house(team: Team, keeper: User, district: Area, clinic: Service) -> Service:
    """A safe house that chose to be listed; where it is is secret. Made after the
    clinic: lists are in this order."""
    return given.make_service(
        of=team,
        by=keeper,
        name="House of the fig tree",
        types=["SH1"],
        visibility="public",
        area=district,
        hidden=True,
        address="7 Secret Lane",
        lat=11.25,
        lon=21.75,
        phone="+999 20 555 0107",
        email="house@merravia.example",
        places_total=8,
        places_free=3,
    )


@kept
def shared(house: Service) -> Service:
    """What the mechanism shares, and no one else reads."""
    return given.make_service(
        name="Legal clinic",
        types=["LG1"],
        visibility="network",
        lat=12.0,
        lon=22.0,
    )


@kept
def inner(db: None) -> Service:
    return given.make_service(name="Inner", types=["CM1"], visibility="restricted")


@kept
def directory(
    clinic: Service, house: Service, shared: Service, inner: Service
) -> list[Service]:
    return [clinic, house, shared, inner]


@kept
def secret(coordinator: User, administrator: User, team: Team) -> str:
    """A key that opens."""
    key, secret = actions.propose(
        team.organisation,
        name="Portal",
        ends_on=timezone.localdate() + timedelta(days=30),
        by=coordinator,
    )
    actions.confirm(key, by=administrator)
    return secret


@pytest.fixture
def ask() -> Ask:
    """Ask the API: `ask("services", search="doctor", key=secret)`."""
    browser = Client()

    def get(
        path: str = "",
        *,
        key: str = "",
        headers: dict[str, str] | None = None,
        **said: Any,
    ) -> Any:
        sent = dict(headers or {})
        if key:
            sent["Authorization"] = f"Bearer {key}"
        address = path if path.startswith("/") else BASE + path
        return browser.get(address, said, headers=sent)

    return get


def list_names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [record["name"] for record in answer.json()["contents"]]


def read_text(answer: Any) -> str:
    """Read an answer that may be a stream."""
    content = b"".join(answer) if answer.streaming else answer.content
    return str(content.decode())


def read_lines(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200
    return [json.loads(line) for line in read_text(answer).splitlines()]
