"""A session's kit on paper: all of it, and what is for one group alone on a sheet of
its own."""

import pypdfium2
import pytest
from django.urls import reverse

from amana.academy.courses.tests.kits import IN_ARABIC, IN_FRENCH, SECRETS, TEXTS
from amana.academy.sessions import kit_sheets
from amana.academy.sessions.session_kit import find_session_kit
from amana.academy.sessions.tests.meeting import a_cohort_with_a_kit
from amana.printing import as_pdf
from amana.printing.document import Cards, NewPage, Slides, Table
from tests.worlds import kept

DIRECTIONS = {"en": "ltr", "fr": "ltr", "ar": "rtl"}


@kept
def cohort(trainer):
    return a_cohort_with_a_kit(trainer)


def kit_of(session):
    kit = find_session_kit(session)
    assert kit
    return kit


def letters(words):
    return "".join(sign for sign in words if sign.isalnum())


def pages_of(document):
    with pypdfium2.PdfDocument(as_pdf.write_pdf(document)) as opened:
        return [page.get_textpage().get_text_range() for page in opened]


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("en", [text.splitlines()[1][7:] for text in TEXTS.values()]),
        ("fr", [text.splitlines()[1][7:] for text in IN_FRENCH.values()]),
        ("ar", list(IN_ARABIC)),
    ],
)
def test_the_whole_kit_has_the_title_of_every_piece(session, language, titles):
    document = kit_sheets.build_kit(kit_of(session), language)
    assert document.direction == DIRECTIONS[language]
    printed = letters(" ".join(pages_of(document)))
    assert [title for title in titles if letters(title) not in printed] == []
    for secret in (*SECRETS, "Rana", "Tomas"):
        assert secret in printed


def test_what_is_for_others_is_on_another_sheet_of_paper(session):
    pages = pages_of(kit_sheets.build_kit(kit_of(session), "en"))
    apart = {"Rana": "group", "Periwinkle": "listener", "Foxglove": "observer"}
    sheets = [
        {apart[word] for page in sheet for word in apart if word in page}
        for sheet in zip(pages[::2], [*pages[1::2], ""], strict=False)
    ]
    assert [who for who in sheets if who] == [{who} for who in apart.values()]


def test_cards_are_cut_slides_lie_on_their_side_and_cells_are_left_to_fill(session):
    kit = kit_of(session)
    blocks = kit_sheets.build_kit(kit, "en").blocks
    [cards] = [block for block in blocks if isinstance(block, Cards)]
    assert [card.title for card in cards.cards] == ["Rana", "Tomas"]
    assert cards.on_page == 6
    [slides] = [block for block in blocks if isinstance(block, Slides)]
    assert [card.title for card in slides.cards] == [
        "Ask each time",
        "A no is an answer",
    ]
    assert any(isinstance(block, NewPage) and block.sheet for block in blocks)
    tables = [block for block in blocks if isinstance(block, Table)]
    checklist = next(table for table in tables if table.head[0] == "Act")
    assert [cell[0].words for cell in checklist.rows[0]][1:] == ["", "", ""]


def test_slides_by_themselves_are_one_on_each_page(session):
    kit = kit_of(session)
    shown = kit.piece("02-slides")
    assert shown
    document = kit_sheets.build_piece(kit, shown, "fr")
    assert document.wide
    with pypdfium2.PdfDocument(as_pdf.write_pdf(document)) as opened:
        assert [page.get_width() > page.get_height() for page in opened] == [True] * 3


def test_a_kit_is_downloaded_as_pdf(cohort, trainer, browse):
    place = ["small", cohort.version.number, "m1"]
    whole = reverse("sessions:kit_pdf", args=[*place, "ar"])
    answer = browse(trainer).get(whole)
    assert answer.content.startswith(b"%PDF")
    assert answer["Content-Disposition"] == 'attachment; filename="m1-kit-ar.pdf"'
    alone = reverse("sessions:kit_piece_pdf", args=[*place, "04-listener", "fr"])
    assert browse(trainer).get(alone)["Content-Type"] == "application/pdf"
