"""One tap in the demo; nowhere else, by no way."""

import importlib
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.test import Client, override_settings
from django.urls import include, path, reverse

import amana.urls
from amana import given
from amana.trust.access import http
from amana.trust.access.models import Role, Session

pytestmark = pytest.mark.django_db

handler404 = "amana.ui.errors.missing"
urlpatterns: list[Any] = []


@pytest.fixture
def demo() -> Iterator[None]:
    """The demo's settings and addresses."""
    from django.conf import settings

    apps = [*settings.INSTALLED_APPS, "amana.demo"]
    with override_settings(
        DEMO=True, INVENTED=True, ROOT_URLCONF=__name__, INSTALLED_APPS=apps
    ):
        urlpatterns[:] = [
            path("demo/", include("amana.demo.urls")),
            *amana.urls.urlpatterns,
        ]
        yield
    sys.modules.pop("amana.demo.signin", None)
    sys.modules.pop("amana.demo.urls", None)


def test_one_tap_brings_someone_in_unlocked(demo: None, client: Client) -> None:
    worker = given.make_worker(name="Mariam Toure")

    page = client.get("/demo/").content.decode()
    came_in = client.post("/demo/", {"place": worker.memberships.get().pk})

    assert "Mariam Toure" in page
    assert came_in.url == reverse("home:today")  # type: ignore[attr-defined]
    assert client.get(reverse("access:account")).status_code == 200
    assert client.get(reverse("vault:recovery_code")).status_code == 200


@pytest.mark.parametrize("place", ["²", "1" * 5000, ""])
def test_an_invented_place_lets_nobody_in(
    demo: None, client: Client, place: str
) -> None:
    assert client.post("/demo/", {"place": place}).status_code == 404


def test_everyone_stands_under_each_of_their_roles(demo: None, client: Client) -> None:
    worker = given.make_worker()
    given.join_team(worker, given.make_team(), role=Role.ANALYST)

    roles = [role for role, _places in client.get("/demo/").context["roles"]]

    assert roles == ["Case worker", "Analyst"]


def test_who_has_left_is_not_offered(demo: None, client: Client) -> None:
    gone = given.make_worker(is_active=False)

    assert client.get("/demo/").context["roles"] == []
    answer = client.post("/demo/", {"place": gone.memberships.get().pk})
    assert answer.status_code == 404


def test_without_demo_there_is_no_such_address(client: Client) -> None:
    assert client.get("/demo/").status_code == 404
    assert client.post("/demo/", {"place": 1}).status_code == 404


def test_without_demo_the_code_cannot_be_loaded() -> None:
    sys.modules.pop("amana.demo.signin", None)
    with pytest.raises(ImproperlyConfigured):
        importlib.import_module("amana.demo.signin")


def test_a_session_of_the_demo_is_worth_nothing_outside_it(
    demo: None, client: Client
) -> None:
    worker = given.make_worker()
    client.post("/demo/", {"place": worker.memberships.get().pk})
    assert Session.objects.filter(user=worker).exists()

    with override_settings(DEMO=False, INVENTED=False):
        answer = client.get(reverse("access:account"))

    assert answer.url.startswith(reverse("access:enrol"))  # type: ignore[attr-defined]


def test_only_the_demo_takes_its_own_factor() -> None:
    worker = given.make_worker()
    request = HttpRequest()
    request.session = Client().session
    request.user = worker
    http.note_factor(request, worker, http.DEMO_FACTOR)

    assert not http.passed_both(request)
    with override_settings(DEMO=True, INVENTED=True):
        assert http.passed_both(request)
