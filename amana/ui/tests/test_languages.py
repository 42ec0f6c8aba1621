"""A language is a folder: what it says is what the pages do (ADR 78)."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from amana.academy.cohorts.engine.word_stems import extract_words
from amana.language_folders import (
    FILE,
    FaultyLanguage,
    list_complete_languages,
    load_languages,
    read_languages,
)
from amana.ui import languages
from amana.ui.dates import format_date
from amana.ui.errors import write_last_resort

PORTUGUESE = """
name = "Português"
english = "Portuguese"
direction = "ltr"
plurals = "nplurals=2; plural=(n > 1);"
complete = ["amana/home"]
last_resort = "Algo deu errado."
"""


def write(folder: Path, **texts: str) -> Path:
    """Write folders of languages: English, and those that are given."""
    for code, text in {"en": PORTUGUESE, **texts}.items():
        (folder / code).mkdir()
        (folder / code / FILE).write_text(text, "utf-8")
    return folder


def test_a_folder_is_read(tmp_path: Path) -> None:
    found = read_languages(write(tmp_path, pt=PORTUGUESE))["pt"]

    assert (found.code, found.name, found.direction) == ("pt", "Português", "ltr")
    assert found.is_complete("amana/home/views.py")
    assert not found.is_complete("amana/homely/views.py")
    assert found.stemmer == ""


@pytest.mark.parametrize(
    ("code", "before", "after", "said"),
    [
        ("pt", 'name = "Português"', "", "“name” is missing."),
        (
            "pt",
            'name = "Português"',
            'nmae = "x"',
            "“nmae” is not known. Did you mean “name”",
        ),
        ("pt", 'name = "Português"', 'name = " "', "“name” has to be a text."),
        ("pt", '"ltr"', '"left"', "has to be “ltr” or “rtl”, not “left”"),
        ("pt", "(n > 1)", "(n >", "“plurals” can’t be computed"),
        ("pt", "(n > 1)", "2 / n", "“plurals” can’t be computed"),
        ("pt", "(n > 1)", "(n)", "chooses form 1000, but there are 2"),
        ("pt", "nplurals=2; ", "", "has to be a rule such as"),
        ("pt", '["amana/home"]', '"most"', "has to be “all”, or a list of paths"),
        ("pt", "= [", "= = [", "Invalid value"),
        ("Portuguese", "", "", "“Portuguese” is not a language’s code"),
    ],
)
def test_a_wrong_folder_says_what_is_wrong(
    tmp_path: Path, code: str, before: str, after: str, said: str
) -> None:
    assert before in PORTUGUESE
    texts = {code: PORTUGUESE.replace(before, after)}
    with pytest.raises(FaultyLanguage, match=f"{code}.*{FILE}") as refused:
        read_languages(write(tmp_path, **texts))
    assert said in str(refused.value)


def test_a_folder_that_describes_nothing_is_named(tmp_path: Path) -> None:
    (write(tmp_path) / "pt").mkdir()
    with pytest.raises(FaultyLanguage, match=f"pt has no {FILE}"):
        read_languages(tmp_path)


def test_without_english_there_are_no_texts(tmp_path: Path) -> None:
    with pytest.raises(FaultyLanguage, match="it is the language of the texts"):
        read_languages(tmp_path)


def test_english_comes_first_and_is_complete() -> None:
    assert next(iter(load_languages())) == "en"
    assert "en" in list_complete_languages("amana/anything")
    assert "es" in list_complete_languages("amana/care/referrals")
    assert "es" not in list_complete_languages("amana/insight/briefs")


@pytest.mark.parametrize(
    ("code", "exact"), [("en", {0}), ("es", {0}), ("fr", set()), ("ar", {0, 1, 2})]
)
def test_which_forms_stand_for_one_number_follows_from_the_rule(
    code: str, exact: set[int]
) -> None:
    assert load_languages()[code].exact_forms == exact


@pytest.mark.parametrize("language", load_languages())
def test_the_last_resort_is_in_each_language(language: str) -> None:
    page = load_languages()[language]
    assert (
        f'<h1 lang="{page.code}" dir="{page.direction}">{page.last_resort}</h1>'
        in write_last_resort(load_languages().values())
    )


def test_the_last_resort_escapes_what_a_folder_says() -> None:
    wrong = replace(load_languages()["es"], last_resort="<b>Algo</b>")
    assert "<b>" not in write_last_resort([load_languages()["en"], wrong])


@pytest.fixture
def mirrored(settings: Settings) -> None:
    """Spanish, as if its folder said that it is written from right to left."""
    pages = dict(load_languages())
    settings.PAGE_LANGUAGES = pages | {"es": replace(pages["es"], direction="rtl")}


@pytest.mark.usefixtures("mirrored")
def test_the_direction_is_the_folders() -> None:
    assert languages.get_direction("es-MX") == "rtl"
    assert languages.get_direction("fr") == "ltr"
    assert languages.get_direction("ckb") == "rtl"  # spoken; no page is in it


@pytest.mark.django_db
@pytest.mark.parametrize("language", load_languages())
def test_pages_and_their_style_go_the_way_that_the_folder_says(
    client: Client, language: str
) -> None:
    way = load_languages()[language].direction
    page = client.get("/", headers={"accept-language": language}).content.decode()
    assert f'<html lang="{language}" dir="{way}">' in page
    assert ("reboot.rtl" in page) == (way == "rtl")


def test_languages_are_offered_in_their_own_words() -> None:
    offered = languages.list_languages()
    assert offered[0] == ("en", "English")
    assert {("es", "español"), ("fr", "français"), ("ar", "العربيّة")} < {*offered}


def test_the_help_page_compares_words_as_the_folder_says() -> None:
    assert extract_words("la derivación", "es") == extract_words("derivaciones", "es")
    assert extract_words("derivation", "xx") == ["derivation"]


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "5 March 2031"), ("fr", "5 mars 2031"), ("es", "5 de marzo de 2031")],
)
def test_a_day_is_written_as_in_its_language(language: str, said: str) -> None:
    with translation.override(language):
        assert format_date(date(2031, 3, 5), "j F Y") == said
