"""Areas come in by the browser, from the file to the map."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from amana import given
from amana.design.directory.models import Area
from amana.exchange.areas.models import AreaFile
from amana.exchange.areas.tests.conftest import (
    COUNTRY,
    a_collection,
    a_feature,
    a_square,
    shared,
)
from amana.trust.access.models import Role
from amana.ui.once import make_form_key
from tests.worlds import kept

START = "/directory/areas/"


@kept
def browser(coordinator) -> Client:
    return given.sign_in(coordinator)


def send(browser: Client, blob: bytes, name: str = "areas.geojson"):
    file = SimpleUploadedFile(name, blob)
    return browser.post(START, {"file": file} | make_form_key())


def answer(browser: Client, page: str, **said: object):
    """Send the form of a page as it stands, but for what is said here."""
    form = browser.get(page).context["form"]
    shown = {name: form[name].value() for name in form.fields if form[name].value()}
    return browser.post(page, shown | said | make_form_key())


def test_a_file_is_sent_explained_checked_and_loaded(browser):
    page = send(browser, COUNTRY).headers["Location"]
    shown = browser.get(page)
    assert shown.context["plan"].new == 4
    text = shown.content.decode()
    assert "Harbour" in text
    assert 'lang="ar"' in text

    assert answer(browser, page).headers["Location"] == page
    done = browser.post(f"{page}load/", make_form_key())
    assert done.headers["Location"] == START
    assert Area.objects.count() == 4
    assert "With a shape" in browser.get(START).content.decode()


def test_a_column_that_was_not_recognised_is_chosen(browser):
    blob = a_collection(a_feature(a_square(1, 1), kennung="A1", titel="Hafen"))
    page = send(browser, blob).headers["Location"]
    assert browser.get(page).context["faults"]
    answer(
        browser,
        page,
        **{"code-0-0": "kennung", "name-0-0-fr": "titel", "root_code": ""},
    )
    browser.post(f"{page}load/", make_form_key())
    assert Area.objects.get().names == {"fr": "Hafen"}


def test_faults_are_shown_and_nothing_is_loaded(browser):
    blob = a_collection(a_feature(a_square(1, 1), code="A", name="A", above="B"))
    page = send(browser, blob).headers["Location"]
    text = browser.get(page).content.decode()
    assert "is neither in the file nor here" in text
    assert "load/" not in text
    assert browser.post(f"{page}load/", make_form_key()).status_code == 409
    assert not Area.objects.exists()


def test_lists_name_how_much_of_them_is_shown(browser):
    wrong = [
        a_feature(a_square(1, 1), code=f"A{number}", name="A", above="B")
        for number in range(51)
    ]
    page = send(browser, a_collection(*wrong)).headers["Location"]
    text = browser.get(page).content.decode()
    assert "The first 50 are shown." in text
    # None was counted, so none of these is 0.
    assert "No change" not in text

    whole = a_feature(a_square(1, 1), code="A", name="A", above="")
    parts = [
        a_feature(a_square(1, 1), code=f"A{number}", name="A", above="A")
        for number in range(102)
    ]
    for given_parts, is_cut in ((parts, False), (parts[:2], False), (parts[:1], True)):
        page = send(browser, a_collection(whole, *given_parts)).headers["Location"]
        text = browser.get(page).content.decode()
        assert "No change" in text
        browser.post(f"{page}load/", make_form_key())
        listed = browser.get(START).content.decode()
        assert ("The first 100 are shown." in listed) is is_cut
    assert Area.objects.count() == 103


def test_a_preview_names_how_many_left_out_areas_it_shows(browser):
    whole = a_feature(a_square(1, 1), code="A", name="A", above="")
    parts = [
        a_feature(a_square(1, 1), code=f"A{number}", name="A", above="A")
        for number in range(102)
    ]
    page = send(browser, a_collection(whole, *parts)).headers["Location"]
    browser.post(f"{page}load/", make_form_key())
    page = send(browser, a_collection(whole, parts[0])).headers["Location"]
    assert "The first 100 are shown." in browser.get(page).content.decode()


def test_what_is_no_file_of_areas_is_said_at_the_field(browser):
    answered = send(browser, b"\x00\x01")
    assert answered.status_code == 422
    assert answered.context["form"].errors["file"]
    assert not AreaFile.objects.exists()


def test_a_file_that_is_not_loaded_is_deleted(browser):
    page = send(browser, COUNTRY).headers["Location"]
    assert page in browser.get(START).content.decode()
    browser.post(f"{page}discard/", make_form_key())
    assert not AreaFile.objects.exists()


def test_the_real_governorates_come_in_with_no_decision(browser):
    page = send(browser, shared("unhcr-jordan/polygons.geojson")).headers["Location"]
    assert browser.get(page).context["faults"] == []
    browser.post(f"{page}load/", make_form_key())
    assert Area.objects.filter(level=1).count() == 12
    assert Area.objects.get(level=0).code == "JOR"


@pytest.mark.django_db
def test_others_find_no_page():
    worker = given.sign_in(given.make_worker())
    assert worker.get(START).status_code == 403
    assert send(worker, COUNTRY).status_code == 403
    one, other = (
        given.sign_in(given.make_worker(role=Role.COORDINATOR)) for _ in range(2)
    )
    page = send(one, COUNTRY).headers["Location"]
    assert other.get(page).status_code == 404
    assert other.post(f"{page}load/", make_form_key()).status_code == 404
    assert other.post(f"{page}discard/", make_form_key()).status_code == 404


@pytest.mark.django_db
def test_coordinators_find_the_page_from_the_services():
    browser = given.sign_in(given.make_worker(role=Role.COORDINATOR))
    services = browser.get(reverse("directory:services")).content.decode()
    assert f'href="{START}"' in services
