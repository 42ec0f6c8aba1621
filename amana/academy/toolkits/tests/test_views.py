"""Templates to take home: whole documents, for those who learn by the course."""

import zipfile
from io import BytesIO

import pytest
from django.urls import reverse

from amana import given
from amana.academy.toolkits import packs


def get(user, name, *args, language="en"):
    url = reverse(f"toolkits:{name}", args=["small", *args])
    return given.sign_in(user).get(url, headers={"accept-language": language})


def test_what_comes_along_can_be_printed():
    assert packs.list_names() == ["district-health", "example", "migration-route"]
    assert all(packs.load_pack(name) for name in packs.list_names())


def test_the_page_leads_to_each_template(enrolment, learner):
    shown = get(learner, "course").content.decode()

    for kind in ("sop", "map", "agreement"):
        place = ["small", "example", kind, "pdf"]
        assert reverse("toolkits:one", args=place) in shown
    assert reverse("toolkits:brief", args=["small", "docx"]) in shown
    assert len(shown) < 60_000


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_outline_of_a_brief_opens_in_word(enrolment, learner, language):
    response = get(learner, "brief", "docx", language=language)

    with zipfile.ZipFile(BytesIO(response.content)) as document:
        words = document.read("word/document.xml").decode()
    assert words.count("<w:tbl>") >= 2


def test_the_outline_of_a_brief_is_printed_on_few_pages(enrolment, learner):
    import pypdfium2

    response = get(learner, "brief", "pdf")

    pages = pypdfium2.PdfDocument(response.content)
    assert 1 <= len(pages) <= 2
    assert "Options" in pages[0].get_textpage().get_text_bounded()


def test_the_map_is_a_drawing(enrolment, learner):
    response = get(learner, "one", "district-health", "map", "svg")

    assert b"<svg" in response.content


def test_what_is_not_there_is_not_found(enrolment, learner):
    for place in (
        ("one", "example", "sop", "html"),
        ("one", "example", "poem", "pdf"),
        ("one", "elsewhere", "sop", "pdf"),
        ("brief", "svg"),
        ("all", "elsewhere"),
    ):
        assert get(learner, *place).status_code == 404, place


def test_strangers_find_nothing(enrolment, stranger):
    for place in (
        ("course",),
        ("one", "example", "map", "svg"),
        ("brief", "docx"),
        ("all", "example"),
    ):
        assert get(stranger, *place).status_code == 404
