"""A post at a border, two houses, and what its device sends."""

import json
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from amana import given
from amana.design.directory.models import Service
from amana.trust.access.models import Role, Sphere, Team, User
from amana.trust.vault import drafts
from amana.trust.vault.models import DraftKey
from amana.trust.vault.tests.conftest import seal_as_browser

Fields = list[tuple[str, str]]
NAME, WORDS = "Zubaida Canary", "A door that I can lock"
NOW = 1000
"""Milliseconds in a second of a device's clock."""


@pytest.fixture
def team(db: None) -> Team:
    border = given.make_organisation(name="Border Guard", sphere=Sphere.BORDER)
    return given.make_team(
        of=border, name="Post at the bridge", phone="+999 20 555 0101"
    )


@pytest.fixture
def officer(team: Team) -> User:
    return given.make_worker(of=team, role=Role.SCREENER, name="Karim Bensalah")


def a_house(name: str) -> Service:
    house = given.make_team(name=name)
    focal = given.make_worker(of=house, role=Role.FOCAL_POINT)
    return given.make_service(of=house, by=focal, name=f"{name} beds")


@pytest.fixture
def houses(db: None) -> list[Service]:
    return [a_house("Lake House"), a_house("Hill House")]


def answers(**more: str) -> Fields:
    """A meeting of which the safety questions and one need were answered."""
    usual = {
        **given.SAFE_ANSWERS,
        "identity_name": NAME,
        "identity_age": "31",
        "need-0-type": "SH2",
        "need-0-words": WORDS,
        "needs_area": "Gate 3",
    }
    return list((usual | more).items())


def now() -> float:
    return time.time() * NOW


@pytest.fixture
def key(officer: User, team: Team) -> DraftKey:
    return drafts.get_draft_key(team, by=officer)


type Seals = Callable[..., bytes]


@pytest.fixture
def seal(key: DraftKey, officer: User) -> Seals:
    """What a browser does when a meeting is finished."""

    def seal(pk: UUID, fields: Any, **more: Any) -> bytes:
        usual = {
            "form": 1,
            "language": "en",
            "times": {"asked": now(), "answered": now()},
        }
        content = usual | {"fields": fields} | more
        place = drafts.bind_to_sender(pk, key.pk, officer)
        return seal_as_browser(
            bytes(key.public), json.dumps(content).encode(), at=place
        )

    return seal


def an_id() -> UUID:
    return uuid4()
