"""What the check of translations notices, on a small product of its own."""

import shutil
from pathlib import Path

import pytest
from django.utils.translation.trans_real import DjangoTranslation
from pytest_django import Settings

from amana.language_folders import FILE, FOLDER
from tools import translations

CODE = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as lazy
GREETING = _("Hello %(name)s")
LEAVING = lazy("Goodbye")
MONTH = pgettext_lazy("abbreviated", "May")
def beds(n):
    return ngettext("One bed free", "%(n)d beds free", n) % {"n": n}
"""
PAGE = """
<h1>{% translate "Today" %}</h1>
  {% card title=_("What's due") %}
    {% blocktranslate trimmed with who=case.team %}
      Waiting for <b>{{ who }}</b>
    {% endblocktranslate %}
    {% blocktranslate count n=cases|length trimmed %}
      {{ n }} case
    {% plural %}
      {{ n }} cases
    {% endblocktranslate %}
{% endcard %}
"""
Texts = dict[str, str | tuple[str, ...]]

ARABIC: Texts = {
    "Hello %(name)s": "مرحبًا %(name)s",
    "Goodbye": "وداعًا",
    "May": "مايو",
    "One bed free": (
        "لا أسرّة متاحة",
        "سرير واحد متاح",
        "سريران متاحان",
        "%(n)d أسرّة متاحة",
        "%(n)d سريرًا متاحًا",
        "%(n)d سرير متاح",
    ),
    "Today": "اليوم",
    "What's due": "المستحق",
    "Waiting for <b>%(who)s</b>": "بانتظار <b>%(who)s</b>",
    "%(n)s case": ("لا", "حالة", "حالتان", "%(n)s", "%(n)s", "%(n)s"),
}
FRENCH: Texts = {
    "Hello %(name)s": "Bonjour %(name)s",
    "Goodbye": "Au revoir",
    "May": "mai",
    "One bed free": ("%(n)d lit libre", "%(n)d lits libres"),
    "Today": "Aujourd’hui",
    "What's due": "À faire",
    "Waiting for <b>%(who)s</b>": "En attente de <b>%(who)s</b>",
    "%(n)s case": ("%(n)s dossier", "%(n)s dossiers"),
}


@pytest.fixture
def product(tmp_path: Path) -> Path:
    product = tmp_path / "product"
    page = product / "care" / "templates" / "care" / "page.html"
    page.parent.mkdir(parents=True)
    page.write_text(PAGE)
    (product / "care" / "models.py").write_text(CODE)
    for code in ("en", "fr", "ar"):
        folder = product / "locale" / code
        folder.mkdir(parents=True)
        shutil.copy(FOLDER / code / FILE, folder)
    translations.update(product)
    return product


def describe(product: Path, code: str, before: str, after: str) -> None:
    """Change what a language's folder says."""
    path = product / "locale" / code / FILE
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


def fill(product: Path, language: str, texts: Texts) -> None:
    catalog = translations.translated(language, product)
    for message in catalog:
        if message.id:
            message.string = texts.get(translations.forms(message.id)[0], "")
    translations.save(product, language, catalog)


def test_every_marked_text_is_found(product: Path) -> None:
    found = {
        translations.forms(message.id)[0] for message in translations.texts(product)
    }
    assert found - {""} == ARABIC.keys()
    assert len(translations.check(product)) == 2 * len(ARABIC)


def test_the_texts_of_a_reviewed_file_are_found_with_their_place(product: Path) -> None:
    file = product / "care" / "gate.yaml"
    file.write_text("steps:\n  - title: Safe\n    code: A\n    do: [Wait, Call]\n")
    schema = product / "care" / "gate.schema.json"
    schema.write_text('{"translated": ["title", "do"]}')

    found = {
        message.id: message.locations
        for message in translations.texts(product)
        if any(path.endswith(".yaml") for path, _line in message.locations)
    }

    path = "product/care/gate.yaml"
    assert found == {"Safe": [(path, 2)], "Wait": [(path, 4)], "Call": [(path, 4)]}


def test_words_that_mean_two_things_in_a_file_have_their_context(product: Path) -> None:
    file = product / "care" / "acts.yaml"
    file.write_text("acts:\n  may: {text: May, context: permission}\n")
    (product / "care" / "acts.schema.json").write_text('{"translated": ["acts"]}')

    contexts = {m.context for m in translations.texts(product) if m.id == "May"}

    assert contexts == {"abbreviated", "permission"}


def test_complete_translations_pass(product: Path) -> None:
    fill(product, "ar", ARABIC)
    fill(product, "fr", FRENCH)
    assert translations.check(product) == []


@pytest.mark.parametrize(
    ("text", "translation", "problem"),
    [
        ("Today", "", "not translated"),
        ("Hello %(name)s", "مرحبًا %(nom)s", "placeholders differ"),
        ("Waiting for <b>%(who)s</b>", "بانتظار %(who)s", "markup differs"),
        ("%(n)s case", ("لا", "حالة", "حالتان", "%(n)s", "%(n)s", ""), "form is empty"),
        ("%(n)s case", ("لا", "حالة", "حالتان", "%(n)s", "x", "%(n)s"), "of form 4"),
    ],
)
def test_an_incomplete_translation_is_named(
    product: Path, text: str, translation: str | tuple[str, ...], problem: str
) -> None:
    fill(product, "fr", FRENCH)
    fill(product, "ar", ARABIC | {text: translation})
    [wrong] = translations.check(product)
    assert wrong.startswith("ar: ")
    assert problem in wrong
    assert text in wrong


def test_a_language_is_held_complete_for_what_its_folder_says(product: Path) -> None:
    fill(product, "fr", FRENCH)
    fill(product, "ar", ARABIC | {"Today": "", "Goodbye": ""})
    page = "product/care/templates/care/page.html"
    describe(product, "ar", 'complete = "all"', f'complete = ["{page}"]')

    assert translations.check(product) == [f"ar: not translated: 'Today' ({page})"]

    describe(product, "ar", f'["{page}"]', '["product/care"]')
    assert len(translations.check(product)) == 2


def test_what_is_translated_elsewhere_is_checked_too(product: Path) -> None:
    fill(product, "fr", FRENCH)
    fill(product, "ar", ARABIC | {"Hello %(name)s": "مرحبًا %(nom)s"})
    page = "product/care/templates/care/page.html"
    describe(product, "ar", 'complete = "all"', f'complete = ["{page}"]')

    [wrong] = translations.check(product)
    assert "placeholders differ" in wrong


def test_collecting_keeps_what_no_folder_asks_for(product: Path) -> None:
    describe(product, "ar", 'complete = "all"', 'complete = ["product/care/models.py"]')
    fill(product, "ar", ARABIC)
    translations.update(product)
    assert "بانتظار" in translations.po("ar", product).read_text()


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('complete = "all"', 'complete = ["product/law"]', "complete for product/law"),
        ('stemmer = "arabic"', 'stemmer = "klingon"', "Snowball lacks: klingon"),
        ("n%100>=11 ? 4", "n%100>=12 ? 4", "lacks the plural rule"),
    ],
)
def test_a_folder_that_fits_nothing_is_named(
    product: Path, before: str, after: str, said: str
) -> None:
    fill(product, "fr", FRENCH)
    fill(product, "ar", ARABIC)
    describe(product, "ar", before, after)

    assert any(said in wrong for wrong in translations.check(product))


def test_a_new_folder_is_all_that_a_language_needs(product: Path) -> None:
    folder = product / "locale" / "pt"
    folder.mkdir()
    shutil.copy(FOLDER / "fr" / FILE, folder)
    translations.update(product)

    assert [language.code for language in translations.languages(product)] == [
        *("fr", "pt", "ar")
    ]
    assert len(translations.translated("pt", product)) == len(FRENCH)


def test_the_code_of_no_language_is_named(product: Path) -> None:
    fill(product, "fr", FRENCH)
    fill(product, "ar", ARABIC)
    folder = product / "locale" / "qqq"
    folder.mkdir()
    shutil.copy(FOLDER / "fr" / FILE, folder)
    assert any(
        "“qqq” is the code of no language" in w for w in translations.check(product)
    )


@pytest.mark.parametrize(
    "broken",
    ["À faire : tout", "Et après ?", "Vite !", "Ici ; là", "« Oui\u00a0»", "Non »"],
)
def test_french_that_may_break_before_a_mark_is_named(
    product: Path, broken: str
) -> None:
    fill(product, "ar", ARABIC)
    fill(product, "fr", FRENCH | {"Today": broken})
    [wrong] = translations.check(product)
    assert wrong.startswith("fr: a line may break")
    assert "Today" in wrong


@pytest.mark.parametrize(
    "whole",
    [
        "À faire\u00a0: tout",
        "«\u00a0Oui\u00a0»",
        "De 12:30 à 14:00",
        "https://example.org/?a=1",
        "Ajoutez ?sslmode=require",
    ],
)
def test_french_that_holds_together_passes(product: Path, whole: str) -> None:
    fill(product, "ar", ARABIC)
    fill(product, "fr", FRENCH | {"Today": whole})
    assert translations.check(product) == []


@pytest.mark.parametrize("form", [0, 1])
def test_french_plurals_hold_together_too(product: Path, form: int) -> None:
    beds = ["%(n)d lit libre", "%(n)d lits libres"]
    beds[form] += " !"
    fill(product, "ar", ARABIC)
    fill(product, "fr", FRENCH | {"One bed free": tuple(beds)})
    assert len(translations.check(product)) == 1


def test_a_doubtful_translation_is_named(product: Path) -> None:
    fill(product, "fr", FRENCH)
    fill(product, "ar", ARABIC)
    path = translations.po("ar", product)
    path.write_text(
        path.read_text().replace('msgid "Today"', '#, fuzzy\nmsgid "Today"')
    )
    assert "marked fuzzy" in translations.check(product)[0]


def test_a_text_that_is_gone_leaves_the_catalogue(product: Path) -> None:
    fill(product, "fr", FRENCH)
    fill(product, "ar", ARABIC)
    (product / "care" / "models.py").write_text("")
    assert any("no longer used" in wrong for wrong in translations.check(product))

    translations.update(product)

    assert translations.check(product) == []
    assert "مايو" not in translations.po("ar", product).read_text()


def test_collecting_again_changes_nothing(product: Path) -> None:
    fill(product, "ar", ARABIC)
    before = translations.po("ar", product).read_bytes()
    translations.update(product)
    assert translations.po("ar", product).read_bytes() == before


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "لا أسرّة متاحة"),
        (1, "سرير واحد متاح"),
        (2, "سريران متاحان"),
        (3, "3 أسرّة متاحة"),
        (11, "11 سريرًا متاحًا"),
        (100, "100 سرير متاح"),
    ],
)
def test_django_reads_what_was_compiled(
    product: Path, settings: Settings, number: int, said: str
) -> None:
    fill(product, "ar", ARABIC)
    translations.compile_(product)
    settings.LOCALE_PATHS = [product / "locale"]

    arabic = DjangoTranslation("ar")

    text = arabic.ngettext("One bed free", "%(n)d beds free", number)
    assert (text % {"n": number} if "%" in text else text) == said
    assert arabic.gettext("Today") == "اليوم"
