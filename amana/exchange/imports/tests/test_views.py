from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from amana import given
from amana.design.directory.models import Service
from amana.exchange.imports.models import Import
from amana.exchange.imports.tests.conftest import a_feature, a_map
from amana.trust.access.models import User
from amana.trust.audit.models import AuditEvent
from amana.ui.once import make_form_key
from tests.worlds import kept

MAP = "geojson:services-advisor"


@kept
def browser(coordinator: User) -> Client:
    return given.sign_in(coordinator)


def upload(browser: Client, blob: bytes, **more: str):
    said = (
        {"kind": MAP, "file": SimpleUploadedFile("map.json", blob)}
        | make_form_key()
        | more
    )
    return browser.post(reverse("imports:start"), said)


def test_a_file_is_read_looked_at_taken_in_and_undone(browser):
    page = upload(browser, a_map(a_feature(1), a_feature(2, activityName="Kites")))
    here = page.headers["Location"]
    assert "Continue" in browser.get(here).content.decode()
    browser.post(f"{here}proceed/", make_form_key())
    assert "Import these services" in browser.get(here).content.decode()

    browser.post(f"{here}take-in/", make_form_key())
    assert Service.objects.get().name == "Health Services"
    quarantine = browser.get(f"{here}rows/quarantined/").content.decode()
    assert "feature 2" in quarantine
    assert "type of service is missing" in quarantine
    browser.post(f"{here}undo/", make_form_key())
    assert not Service.objects.exists()


def test_a_file_that_cannot_be_read_says_what_is_wrong_with_it(browser):
    page = upload(browser, b"<html>not a map</html>")

    assert page.status_code == 422
    assert "It is not JSON" in page.content.decode()
    assert not Import.objects.exists()


def test_the_same_upload_sent_twice_is_one_import(browser):
    key = make_form_key()
    first = upload(browser, a_map(a_feature(1)), **key)
    again = upload(browser, a_map(a_feature(1)), **key)

    assert first.headers["Location"] == again.headers["Location"]
    assert Import.objects.count() == 1


def test_a_row_is_put_right_on_its_page(browser):
    here = upload(browser, a_map(a_feature(2, activityName="Kites"))).headers[
        "Location"
    ]
    browser.post(f"{here}proceed/", make_form_key())
    said = {"name": "Kite club", "organisation": "Field Works", "types": ["ED2"]}
    browser.post(f"{here}mend/1/", said | make_form_key())
    browser.post(f"{here}take-in/", make_form_key())

    assert Service.objects.get().name == "Kite club"


def test_a_stranger_finds_no_import(browser, db):
    here = upload(browser, a_map(a_feature(1))).headers["Location"]
    stranger = given.sign_in(given.make_worker())

    for page in (here, f"{here}rows/new/", f"{here}mend/1/"):
        assert stranger.get(page).status_code == 404
    for act in ("proceed", "take-in", "undo"):
        assert stranger.post(f"{here}{act}/", make_form_key()).status_code == 404
    assert stranger.get(reverse("imports:start")).status_code == 403
    assert AuditEvent.objects.filter(did="was turned away").count() == 7


def test_the_page_of_rows_costs_the_same_however_many(
    browser, django_assert_max_num_queries
):
    here = upload(browser, a_map(*map(a_feature, range(1, 60)))).headers["Location"]
    browser.post(f"{here}proceed/", make_form_key())
    with django_assert_max_num_queries(15):
        page = browser.get(f"{here}rows/new/")

    assert page.content.decode().count("feature ") == 50
