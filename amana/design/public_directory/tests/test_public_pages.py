"""Someone without an account finds help by need, place and language; and the page
leaves nothing behind."""

import html
import re
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.design.directory import actions
from amana.design.directory.models import Service
from amana.design.public_directory import views
from amana.design.public_directory.help_addresses import build_full
from amana.design.public_directory.qr_codes import AddressSquare
from amana.trust.access.models import Session

from .public_pages import get, read, search

pytestmark = pytest.mark.django_db

ALL = ("start_in", "find", "needs", "places", "spoken", "leaflet", "embedded")


def weigh(page: str) -> int:
    """The bytes of a page with all that it loads, uncompressed."""
    size = len(page.encode())
    for asset in re.findall(r'(?:href|src)="/static/([^"#]+)[^"]*"', page):
        found = finders.find(asset)
        assert found, asset
        size += Path(found).stat().st_size
    return size


@pytest.mark.parametrize("language", ["en", "ar", "fr", "es"])
@pytest.mark.parametrize("page", ALL)
def test_each_page_is_open_light_and_leaves_nothing(clinic, page, language) -> None:
    response = get(page, language=language)
    page_html = response.content.decode()

    assert response.status_code == 200
    assert not response.cookies
    assert not Session.objects.exists()
    assert f'<html lang="{language}"' in page_html
    assert response["Content-Language"] == language
    assert weigh(page_html) < 60_000
    assert "csrfmiddlewaretoken" not in page_html
    assert '<meta name="robots" content="noindex">' in page_html
    assert len(re.findall("<script", page_html)) == 1
    if page != "embedded":
        assert response["Cache-Control"] == "no-store"
        assert "data-quick-exit" in page_html


def test_the_first_page_is_in_the_language_of_the_browser(clinic) -> None:
    page = Client().get("/help/", headers={"Accept-Language": "ar"})
    assert '<html lang="ar" dir="rtl"' in page.content.decode()
    assert not page.cookies


def test_from_the_need_and_the_place_to_the_service(clinic) -> None:
    start = read("start_in")
    assert 'href="/help/en/find/?need=HE"' in start

    found = read("find", need="HE2", area="QA1", speaks="ar")
    address = reverse("public_directory:service", args=["en", clinic.pk])
    assert f'href="{address}"' in found
    assert "1 service<" in found

    page = read("service", clinic.pk)
    for words in (
        *("Harbour clinic", "Agency A", "12 Quay Street", "District 1N"),
        *("Primary health care", "women and girls", "Arabic", "No charge is stated"),
        *("08:30–16:30", "People can walk in", "General practice."),
    ):
        assert words in page, words
    assert 'href="tel:+999205550123"' in page


def test_an_arabic_reader_reads_its_arabic_name(clinic) -> None:
    assert "عيادة الميناء" in read("service", clinic.pk, language="ar")
    assert "عيادة الميناء" in read("find", language="ar")


def test_what_does_not_fit_is_not_listed_and_a_wider_list_is_offered(clinic) -> None:
    page = read("find", need="HE2", area="QA2N", speaks="fr")
    assert "Harbour clinic" not in page
    assert "area=QA" in page
    assert 'href="/help/en/find/?need=HE2&amp;speaks=fr"' in page


def test_what_comes_to_people_is_listed_for_other_places(
    clinic, teams, areas, coordinator
) -> None:
    for name, more in (
        ("Mobile clinic", {"modalities": ["mobile"]}),
        ("Their line", {"modalities": ["phone"], "coverage": ["QA3"]}),
    ):
        given.make_service(
            of=teams[1],
            by=coordinator,
            name=name,
            types=["HE2"],
            visibility="public",
            counts_places=False,
            area=areas["QA1"],
            **more,
        )
    page = read("find", need="HE2", area="QA2N")
    assert "Mobile clinic" in page
    assert "From elsewhere" in page
    assert "Their line" not in page
    assert "Their line" in read("find", need="HE2", area="QA3S")


# --- who is listed


@pytest.mark.parametrize(
    "change",
    [
        {"visibility": "network"},
        {"visibility": "restricted"},
        {"hidden": True},
    ],
)
def test_a_service_that_did_not_choose_it_is_nowhere(
    clinic, coordinator, change
) -> None:
    actions.change_service(clinic, by=coordinator, **change)
    assert_nowhere(clinic)


@pytest.mark.parametrize("act", [actions.pause_service, actions.end_service])
def test_nor_is_one_that_takes_no_people(clinic, coordinator, act) -> None:
    act(clinic, by=coordinator)
    assert_nowhere(clinic)


def assert_nowhere(service: Service) -> None:
    for page in ALL:
        shown = read(page)
        assert service.name not in shown
        assert "Agency A" not in shown
    unknown = 987_654
    for page in ("service", "text"):
        there, nowhere = get(page, service.pk), get(page, unknown)
        assert there.status_code == nowhere.status_code == 404
        assert not there.cookies
        # What is left out can't be told from what never was.
        known = there.content.decode().replace(f"/{service.pk}/", f"/{unknown}/")
        assert known == nowhere.content.decode()
    assert "0 services" in search("Harbour clinic").content.decode()


def test_without_a_public_service_the_page_says_so(client: Client) -> None:
    given.make_service(name="Night beds")
    page = read("start_in")
    assert "No service has published itself here yet" in page
    assert "Night beds" not in page
    assert "/help/" not in client.get("/").content.decode()


def test_the_front_page_leads_to_it(clinic, client: Client) -> None:
    page = client.get(reverse("home:front_in", args=["ar"])).content.decode()
    assert 'href="/help/ar/"' in page


def test_the_operator_can_close_it(clinic, client: Client, settings) -> None:
    settings.PUBLIC_DIRECTORY = False
    for page in ALL:
        response = get(page)
        assert response.status_code == 404
        assert not response.cookies
        assert "Harbour clinic" not in response.content.decode()
    assert get("service", clinic.pk).status_code == 404
    assert "/help/" not in client.get("/").content.decode()


@pytest.mark.parametrize("language", ["xx", "embed", "static"])
def test_an_unknown_language_is_no_page(clinic, language) -> None:
    response = get("start_in", language=language)
    assert response.status_code == 404
    assert not response.cookies


def test_where_all_are_invented_it_says_so(clinic, settings) -> None:
    settings.INVENTED = True
    for page in ("start_in", "find", "leaflet", "embedded"):
        assert "are invented" in read(page), page
    assert "are invented" in read("service", clinic.pk)
    assert "are invented" in read("text", clinic.pk)


# --- how old it is


def test_it_says_since_when_a_service_has_confirmed_nothing(
    clinic, coordinator
) -> None:
    assert "have not been confirmed yet" in read("service", clinic.pk)
    assert_marked(clinic, marked=True)
    actions.verify_service(clinic, by=coordinator)
    assert "These details were last confirmed on" in read("service", clinic.pk)
    assert_marked(clinic, marked=False)

    long_ago = timezone.now() - timedelta(days=200)
    Service.objects.update(verified_at=long_ago, verify_by=long_ago.date())
    page = read("service", clinic.pk)
    assert "have not been confirmed since" in page
    assert str(long_ago.year) in page
    assert_marked(clinic, marked=True)


def assert_marked(service: Service, *, marked: bool) -> None:
    """Lists, frames and leaflets have a mark, as no warning of its page is there."""
    for page in ("find", "leaflet", "embedded"):
        shown = read(page)
        assert service.name in shown
        assert ("Not confirmed lately: call first" in shown) is marked, page


# --- for whom


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"own_assessment": True}, "It decides after its own assessment."),
        ({"conditions": "Residents of the quay"}, "Residents of the quay"),
        ({"coverage": ["QA3"]}, "It serves people in:"),
    ],
)
def test_whom_it_is_for_is_never_less_than_it_states(
    clinic, coordinator, change, line
) -> None:
    actions.change_service(clinic, by=coordinator, sexes=[])
    assert "For everyone" in read("service", clinic.pk)
    actions.change_service(clinic, by=coordinator, **change)
    for page in ("service", "text"):
        shown = read(page, clinic.pk)
        assert line in shown, page
        assert "For everyone" not in shown
    assert "only for certain people" in read("leaflet")


# --- words


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("doctors", "en"),
        ("الأطباء", "ar"),
        ("طبيب", "fr"),
        ("médecin", "fr"),
        ("عياده المينا", "ar"),
        ("harbor", "en"),
        ("doctor district 1N", "en"),
    ],
)
def test_words_find_it_and_stay_out_of_addresses(clinic, words, language) -> None:
    response = search(words, language)
    page = response.content.decode()

    assert response.status_code == 200
    assert not response.cookies
    assert reverse("public_directory:service", args=[language, clinic.pk]) in page
    links = re.findall(r'(?:href|action)="([^"]*)"', page)
    assert not [link for link in links if "words" in link]
    assert response["Cache-Control"] == "no-store"


def test_a_place_is_found_by_its_name(clinic) -> None:
    page = search("قران", "ar").content.decode()
    assert 'href="/help/ar/find/?area=QA"' in page


def test_words_that_find_nothing_lead_on(clinic) -> None:
    page = search("zzzz").content.decode()
    assert "No service is listed for this." in page
    assert "Without what you typed" in page


def test_many_searches_from_one_address_have_to_wait(clinic, monkeypatch) -> None:
    monkeypatch.setattr(views, "within_limit", lambda request, action: False)
    response = search("doctor")
    assert response.status_code == 409
    assert not response.cookies
    assert "Please try again in a minute" in response.content.decode()


def test_a_search_without_words_is_the_list(clinic) -> None:
    assert search("  ", need="HE")["Location"] == "/help/en/find/?need=HE"


@pytest.mark.parametrize(
    "codes",
    [
        {"need": "<script>", "area": "x' OR 1", "speaks": "??"},
        {"after": "9" * 30},
        {"after": "-1", "need": "SH99"},
    ],
)
def test_codes_that_are_none_are_left_out(clinic, codes) -> None:
    page = read("find", **codes)
    assert "Harbour clinic" in page
    assert "script>" not in page.replace("</script>", "").replace("quick_exit", "")
    assert "OR 1" not in page


# --- to take along


def test_a_service_can_be_shared_as_text(clinic) -> None:
    response = get("text", clinic.pk, language="fr")
    written = response.content.decode()

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "Harbour clinic\nAgency A\n" in written
    assert "+999 20 555 0123" in written
    assert f"/help/fr/service/{clinic.pk}/" in written
    assert "sms:" not in read("service", clinic.pk)


def test_a_leaflet_is_printed_with_a_square_that_leads_to_the_list(clinic) -> None:
    assert "عيادة الميناء" in read("leaflet", area="QA1", language="ar")

    response = get("leaflet_pdf", area="QA1", language="ar")
    assert response["Content-Type"] == "application/pdf"
    assert not response.cookies
    pdf = pypdfium2.PdfDocument(response.content)
    text = "".join(page.get_textpage().get_text_range() for page in pdf)
    # The order in which a reader puts the words of a line is its own.
    assert "0123" in text
    assert "555" in text
    [square] = zxingcpp.read_barcodes(pdf[0].render(scale=2).to_numpy())
    assert square.text.endswith("/help/ar/find/?area=QA1")


def test_the_squares_on_pages_lead_to_the_service(clinic) -> None:
    address = build_full(f"/help/en/service/{clinic.pk}/")
    page = html.unescape(read("service", clinic.pk))
    assert AddressSquare(address).data_uri() in page


# --- in pages of others


def test_only_the_bare_list_may_be_in_a_frame(clinic) -> None:
    response = get("embedded", need="HE")
    policy = response["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "form-action 'none'" in policy
    assert "X-Frame-Options" not in response
    shown = response.content.decode()
    assert "Harbour clinic" in shown
    assert "<form" not in shown
    assert 'target="_top"' in shown

    for page in ALL[:-1]:
        other = get(page)
        assert "frame-ancestors 'none'" in other["Content-Security-Policy"], page
        assert other["X-Frame-Options"] == "DENY", page


def test_a_frame_is_asked_for_again_only_when_it_changed(clinic, coordinator) -> None:
    first = get("embedded")
    assert first["Cache-Control"] == "public, max-age=300"
    address = reverse("public_directory:embedded", args=["en"])
    client = Client(headers={"If-None-Match": first["ETag"]})
    assert client.get(address).status_code == 304

    actions.change_service(clinic, name="Port clinic", by=coordinator)
    assert client.get(address).status_code == 200
