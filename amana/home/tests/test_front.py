"""The front page: for anyone, light, and it leaves nothing behind (P24)."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from amana import given
from amana.design.mechanism import actions as mechanisms
from amana.errors import Unreadable
from amana.trust.access.models import Role, Session
from amana.ui import helplines

pytestmark = pytest.mark.django_db

EXAMPLE = Path(__file__).parents[3] / "mechanisms/example/helplines.toml"


def test_anybody_may_read_it_and_nothing_is_stored(client: Client) -> None:
    page = client.get("/")

    assert page.status_code == 200
    assert not page.cookies
    assert "no-store" in page["Cache-Control"]
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    ("code", "words"), [("fr", "vous"), ("ar", "أنت"), ("en", "You")]
)
def test_the_language_is_in_the_address_and_not_in_a_cookie(
    client: Client, code: str, words: str
) -> None:
    page = client.get(reverse("home:front_in", args=[code]))

    assert f'<html lang="{code}"' in page.content.decode()
    assert page["Content-Language"] == code
    assert not page.cookies


@pytest.mark.parametrize(
    "name", ["release:published", "briefs:reports", "briefs:asked"]
)
def test_it_leads_to_what_anybody_may_read(client: Client, name: str) -> None:
    page = client.get("/").content.decode()

    assert f'href="{reverse(name)}"' in page
    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize(
    ("code", "name"),
    [("en", "Lantern line"), ("fr", "Ligne Lanterne"), ("ar", "خط الفانوس")],
)
def test_a_line_is_called_as_the_reader_says_it(
    client: Client, settings: Settings, code: str, name: str
) -> None:
    settings.HELPLINES_FILE = str(EXAMPLE)
    page = client.get(reverse("home:front_in", args=[code])).content.decode()

    assert name in page
    assert ("Lantern line" in page) == (code == "en")


def test_arabic_is_read_from_the_right(client: Client) -> None:
    page = client.get(reverse("home:front_in", args=["ar"])).content.decode()

    assert 'dir="rtl"' in page
    assert "reboot.rtl" in page


def test_the_language_of_the_browser_is_taken_first(client: Client) -> None:
    page = client.get("/", headers={"Accept-Language": "fr-CA,fr;q=0.9"})

    assert '<html lang="fr"' in page.content.decode()


def test_an_unknown_language_is_not_found(client: Client) -> None:
    assert client.get("/in/xx/").status_code == 404


def test_the_whole_page_is_less_than_60_kilobytes(client: Client) -> None:
    page = client.get(reverse("home:front_in", args=["ar"])).content
    assets = re.findall(r'(?:href|src)="/static/([^"]+)"', page.decode())

    size = len(page)
    for asset in assets:
        found = finders.find(asset)
        assert found, asset
        size += Path(found).stat().st_size

    assert len(assets) >= 3
    assert size < 60_000


def test_it_works_without_scripts_and_has_a_quick_exit(client: Client) -> None:
    page = client.get("/").content.decode()

    assert "<form" not in page
    assert "hx-" not in page
    assert "data-quick-exit" in page
    assert re.findall(r"<script[^>]*>", page) == [
        '<script defer src="/static/ui/quick_exit.js">'
    ]


def test_its_title_says_nothing(client: Client) -> None:
    (title,) = re.findall(r"<title>(.*?)</title>", client.get("/").content.decode())

    assert title == "Information"


def test_it_names_itself_and_the_country(client: Client) -> None:
    assert "front-country" not in client.get("/").content.decode()

    coordinator = given.make_worker(role=Role.COORDINATOR)
    mechanisms.adopt_shipped(EXAMPLE.parent, by=coordinator)

    for code, country in (("fr", "Merravie"), ("ar", "ميرافيا"), ("en", "Merravia")):
        page = client.get(reverse("home:front_in", args=[code])).content.decode()
        assert f'<span class="front-country">{country}</span>' in page
        assert "Amana" in page


def test_without_a_file_no_number_is_invented(client: Client) -> None:
    assert "tel:" not in client.get("/").content.decode()


def test_the_lines_of_a_mechanism_are_shown(client: Client, settings: Settings) -> None:
    settings.HELPLINES_FILE = str(EXAMPLE)

    page = client.get(reverse("home:front_in", args=["fr"])).content.decode()

    assert 'href="tel:+9995550100"' in page
    assert "Pour les enfants" in page


@pytest.mark.parametrize(
    "written", ['[[line]]\nname = "A line without a number"', "[[line"]
)
def test_a_wrong_file_is_named(tmp_path: Path, written: str) -> None:
    path = tmp_path / "lines.toml"
    path.write_text(written)

    with pytest.raises(Unreadable) as wrong:
        helplines.read_helplines(str(path))

    assert str(path) in str(wrong.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="absent"):
        helplines.read_helplines(str(tmp_path / "absent.toml"))


def test_whoever_is_signed_in_goes_on_to_today() -> None:
    browser = given.sign_in(given.make_worker())

    answer = browser.get("/")

    assert answer["Location"] == reverse("home:today")
