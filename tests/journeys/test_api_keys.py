"""Two people make a key for another organisation's program, which reads with it; one of
them revokes it. On a phone and a desk, in English and in Arabic."""

from datetime import timedelta
from threading import Lock

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from amana import given
from amana.trust.access.models import Role
from tests.journeys.conftest import Looks, SignsIn

pytestmark = pytest.mark.django_db(transaction=True)

SERVICES = "/api/hsds/v3/services"


def read(page: Page, secret: str) -> int:
    """Read as a program does, from the same server."""
    headers = {"Authorization": f"Bearer {secret}"}
    return page.request.get(SERVICES, headers=headers).status


@pytest.mark.parametrize("language", ["en", "ar"])
def test_two_people_make_a_key_and_one_revokes_it(
    sign_in: SignsIn, look: Looks, turns: Lock, language: str
) -> None:
    first = given.make_worker(role=Role.COORDINATOR, name="Mariam Toure")
    second = given.make_worker(role=Role.ADMINISTRATOR, name="Ines Carvalho")
    given.make_service(name="Legal clinic", visibility="network")
    organisation = given.make_organisation(name="Ministry of Social Affairs")

    page = sign_in(first, language=language)
    page.goto("/directory/api-keys/")
    look(page, "api-keys-none")
    page.locator("main a[href='/directory/api-keys/new/']").click()
    page.locator("[name=name]").fill("Portal of the ministry")
    page.locator("[name=organisation]").select_option(str(organisation.pk))
    ends_on = timezone.localdate() + timedelta(days=90)
    page.locator("[name=ends_on]").fill(ends_on.isoformat())
    look(page, "api-key-new")
    page.locator("main button[type=submit]").click()
    secret = page.locator(".secret-code bdi").inner_text()
    look(page, "api-key-shown")
    assert read(page, secret) == 401

    page = sign_in(second, language=language)
    page.goto("/directory/api-keys/")
    look(page, "api-keys-waiting")
    page.locator("main form[action$='/confirm/'] button").click()
    expect(page.locator("main form[action$='/confirm/']")).to_have_count(0)
    assert read(page, secret) == 200

    page.locator("main form[action$='/revoke/'] button").click()
    expect(page.locator("main form[action$='/revoke/']")).to_have_count(0)
    look(page, "api-keys-revoked")
    assert read(page, secret) == 401
