"""Telephones that lose their network, and the mechanism in force."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import BrowserType
from pytest_django.live_server_helper import LiveServer

from amana import given
from amana.design.mechanism import actions as mechanisms
from amana.trust.access.models import Role, User
from tests.journeys.conftest import Watch

from .phones import PHONE, Phone, TakesPhone
from .posts import Post


@pytest.fixture
def mechanism() -> None:
    coordinator = given.make_worker(role=Role.COORDINATOR)
    mechanisms.adopt_shipped(settings.ROOT / "mechanisms/example", by=coordinator)


@pytest.fixture
def phone_of(
    browser_type_launch_args: dict[str, Any],
    browser_type: BrowserType,
    live_server: LiveServer,
    watch: Watch,
    tmp_path: Path,
) -> Iterator[TakesPhone]:
    phones: list[Phone] = []

    def take(user: User, language: str = "en") -> Phone:
        folder = tmp_path / f"phone{len(phones)}"
        context = browser_type.launch_persistent_context(
            str(folder),
            **browser_type_launch_args,
            **PHONE,
            base_url=live_server.url,
            locale=language,
        )
        context.set_default_timeout(15_000)
        watch.over(context)
        phones.append(Phone(context, folder, live_server.url))
        phones[-1].sign_in(user)
        return phones[-1]

    yield take
    for phone in phones:
        phone.context.close()


@pytest.fixture
def post(
    browser_type_launch_args: dict[str, Any],
    browser_type: BrowserType,
    live_server: LiveServer,
    watch: Watch,
    tmp_path: Path,
) -> Iterator[Post]:
    phone = Post(
        browser_type,
        browser_type_launch_args,
        tmp_path / "phone",
        live_server.url,
        watch,
    )
    yield phone
    phone.switch_off()
