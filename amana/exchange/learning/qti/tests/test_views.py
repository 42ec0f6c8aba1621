"""Questions leave for those who publish; those that are asked in tests stay here."""

import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from amana import given
from amana.exchange.learning.qti.tests.test_round_trip import CHOICE

BRING = reverse("qti:bring", args=["small"])
MODULE = reverse("qti:module", args=["small", "m1"])


def bring(user, content, name="a.xml"):
    file = SimpleUploadedFile(name, content)
    return given.sign_in(user).post(BRING, {"file": file})


def test_questions_of_a_test_stay_here(version, coordinator):
    response = given.sign_in(coordinator).get(MODULE)

    with zipfile.ZipFile(BytesIO(response.content)) as package:
        assert "items/m1-q01.xml" in package.namelist()
        assert not [name for name in package.namelist() if "m1-b" in name]


@pytest.mark.parametrize("url", [BRING, MODULE])
def test_strangers_find_nothing(version, learner, url):
    assert given.sign_in(learner).get(url).status_code == 404


def test_an_item_comes_back_as_a_course_says_it(version, coordinator):
    shown = bring(coordinator, CHOICE.encode()).content.decode()

    assert "text: Who decides? Choose one" in shown
    assert "Some options have no feedback yet." in shown


def test_what_is_set_aside_is_said_with_its_reason(version, coordinator):
    shown = bring(coordinator, b"<other/>").content.decode()

    assert "It is not a QTI 3 item." in shown


def test_a_file_without_anything_is_an_error_of_the_form(version, coordinator):
    held = BytesIO()
    zipfile.ZipFile(held, "w").close()

    response = bring(coordinator, held.getvalue(), "a.zip")

    assert response.status_code == 422
    assert "It contains no questions." in response.content.decode()
