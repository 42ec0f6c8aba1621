"""On paper: two pages with the figures, in each language; Word with real headings."""

from io import BytesIO

import pypdfium2
import pytest
from docx import Document as Word

from amana.design.mechanism.documents.document_catalogue import SHAPES
from amana.insight.briefs import printing
from amana.insight.briefs.tests.texts import a_text
from amana.insight.briefs.texts import LANGUAGES
from amana.printing.document import Picture


@pytest.fixture(scope="module")
def text():
    return a_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_brief_is_two_pages_of_a4_with_its_figures(text, language):
    made = printing.write_pdf(text, language, by=None)

    opened = pypdfium2.PdfDocument(made.pdf)
    assert made.pages == len(opened) == 2
    for page in opened:
        assert [round(side) for side in page.get_size()] == [595, 842]
    words = opened[0].get_textpage().get_text_range()
    assert "38" in words
    assert "64" in words
    assert "52" in words  # in the chart


def test_letters_become_smaller_before_a_page_is_added(text, monkeypatch):
    long = a_text(causes="\n".join(["A cause that is told at some length."] * 46))

    assert printing.write_pdf(long, "en", by=None).pages == 2

    monkeypatch.setattr(printing, "SIZES", printing.SIZES[:1])
    assert printing.write_pdf(long, "en", by=None).pages == 3


def test_word_has_headings_a_picture_with_its_words_and_a_table(text):
    made = SHAPES["docx"].made(printing.build_document(text, "ar"), by=None)

    word = Word(BytesIO(made))
    headings = [p for p in word.paragraphs if p.style and p.style.name == "Heading 1"]
    assert len(headings) == 10
    assert word.inline_shapes[0]._inline.docPr.get("descr")
    assert len(word.tables) == 2


def test_a_group_that_is_too_small_is_said_so_in_the_chart(text):
    picture = next(
        block
        for block in printing.build_document(text, "en").blocks
        if isinstance(block, Picture)
    )

    assert "Not shown" in picture.words
    assert "Not shown" in picture.drawing.svg()
    assert 'stroke-dasharray="4 3"' in picture.drawing.svg()


def test_a_figure_that_is_not_shown_does_not_get_into_the_text(text):
    hidden = a_text(message="Of them {I13}, and {I26}.")

    said = hidden.said("message", "en")
    assert said == "Of them (a figure that is not shown), and 38 %."
    assert hidden.unknown("message", "en") == ["I13"]
