"""PDF, Word and HTML open, say what the document says, and read nothing as markup."""

from io import BytesIO
from xml.etree import ElementTree

import pikepdf
import pypdfium2
import pytest
from django.utils.translation import gettext, override
from docx import Document as Word
from docx.oxml.ns import qn
from docx.shared import Pt

from amana.design.mechanism.documents.document_catalogue import SHAPES
from amana.design.mechanism.documents.tests.printing import paper
from amana.printing import as_html, as_pdf, as_word
from amana.printing.document import (
    Blank,
    Block,
    Boxes,
    Card,
    Cards,
    Document,
    Heading,
    NewPage,
    Paragraph,
    Points,
    Slides,
    Table,
    TextRun,
    build_line,
)

HOSTILE = (
    '#panic("x")',
    "#read(\"/etc/passwd\")",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "$x^2$ *strong* _soft_ `raw` <label> @label // no comment",
    "]] #[ \\ ~ = Heading",
    "{{ step.meet.due }} {% if %}",
    "&amp; &#60;b&#62;",
)  # fmt: skip


def letters(words):
    """Without what a printer may add or take: spaces, hyphens, line ends."""
    return "".join(sign for sign in words if sign.isalnum())


def pages_of(pdf):
    with pypdfium2.PdfDocument(pdf) as opened:
        return [page.get_textpage().get_text_range() for page in opened]


def headings(document, level=1):
    return [
        b.words for b in document.blocks if isinstance(b, Heading) and b.level == level
    ]


def test_what_a_printer_adds_is_in_the_language_of_the_paper():
    with override("fr"):
        by_hand = gettext("For page numbers, click here, then press F9.")
    word = Word(BytesIO(SHAPES["docx"].made(paper("sop", "fr"), by=None)))
    assert by_hand in {paragraph.text for paragraph in word.paragraphs}


def test_the_pdf_has_every_heading_in_order_and_is_tagged_for_screen_readers():
    document = paper("sop", "en")
    pdf = as_pdf.write_pdf(document)
    text = letters(" ".join(pages_of(pdf)[2:]))
    at = 0
    for words in headings(document):
        at = text.index(letters(words), at)
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert opened.Root.MarkInfo.Marked
        assert opened.Root.Lang == "en"
        assert b"<pdfuaid:part>1</pdfuaid:part>" in opened.Root.Metadata.read_bytes()
        assert opened.docinfo.Title == (
            "Standard operating procedures – National Referral Mechanism of Merravia"
        )


def test_arabic_is_printed_in_arabic_letters_from_the_right():
    pdf = as_pdf.write_pdf(paper("rights", "ar"))
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert opened.Root.Lang == "ar"
        fonts = {
            str(font.BaseFont)
            for page in opened.pages
            for font in page.Resources.get("/Font", {}).values()
        }
        assert any("NotoSansArabic" in font for font in fonts)
    with pypdfium2.PdfDocument(pdf) as opened:
        page = opened[0]
        text = page.get_textpage()
        words = text.get_text_range()
        places = [
            text.get_charbox(nth)
            for nth, sign in enumerate(words)
            if "\u0600" <= sign <= "\u06ff"
        ]
        assert len(places) > 100
        # What stands at the edge that is read from is at the right one.
        assert max(right for _l, _b, right, _t in places) > page.get_width() - 70


@pytest.fixture(scope="module")
def word():
    return Word(BytesIO(as_word.write_docx(paper("sop", "en", "district"))))


def test_word_opens_it_with_real_headings_and_a_way_to_each(word):
    found = [p.text for p in word.paragraphs if p.style.name == "Heading 1"]
    assert [heading.split("  ", 1)[1] for heading in found] == headings(
        paper("sop", "en", "district")
    )
    marks = {
        mark.get(qn("w:name")) for mark in word.element.iter(qn("w:bookmarkStart"))
    }
    links = [link.get(qn("w:anchor")) for link in word.element.iter(qn("w:hyperlink"))]
    assert len(links) == len(found)
    assert set(links) <= marks
    assert word.core_properties.language == "en"


def test_what_word_is_told_of_letters_and_lines_is_in_the_order_of_its_schema():
    word = Word(BytesIO(as_word.write_docx(paper("rights", "ar"))))
    roots = (word.element, word.styles.element, word.sections[0].footer._element)
    for name, order in as_word.ORDER.items():
        places = [qn(f"w:{tag}") for tag in order.split()]
        for root in roots:
            for properties in root.iter(qn(name)):
                found = [places.index(child.tag) for child in properties]
                assert found == sorted(found)


def test_word_repeats_a_tables_head_and_names_what_a_picture_shows(word):
    shown = [picture.get("descr") for picture in word.element.iter(qn("wp:docPr"))]
    assert shown
    assert all(shown)
    rows = word.tables[-1].rows
    assert rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_every_arabic_paragraph_of_a_word_document_goes_from_the_right():
    word = Word(BytesIO(as_word.write_docx(paper("agreement", "ar"))))
    body = word.element.body
    with_words = [p for p in body.iter(qn("w:p")) if "".join(p.itertext()).strip()]
    assert len(with_words) > 100
    for paragraph in with_words:
        assert paragraph.pPr is not None
        assert paragraph.pPr.find(qn("w:bidi")) is not None
    for table in body.iter(qn("w:tbl")):
        if len(table.tblGrid.gridCol_lst) > 1:
            assert table.tblPr.find(qn("w:bidiVisual")) is not None


@pytest.fixture(scope="module")
def hostile():
    blocks: list[Block] = []
    for words in HOSTILE:
        line = (
            TextRun(words, strong=True),
            TextRun(words, emphasis=True),
            TextRun(words, code=True),
        )
        blocks += [
            Heading(1, words, words),
            Paragraph(line),
            Points((line,), ordered=True),
            Boxes((words,)),
            Blank(words, 2),
            Table((words, words), ((line, line), (build_line(words),)), (1, 2)),
            Cards((Card(words, (Paragraph(line),)),)),
            Slides((Card(words, (Paragraph(line),)),)),
            NewPage(),
        ]
    title = HOSTILE[0]
    return Document(
        title, HOSTILE[2], "en", tuple(blocks),
        facts=((title, build_line(title)),), notice=title, contents=title, foot=title,
    )  # fmt: skip


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize("name", ["national", "district"])
def test_a_card_is_one_page_and_what_is_read_aloud_one_sheet(name, language):
    assert len(pages_of(as_pdf.write_pdf(paper("rights", language, name)))) == 1
    assert len(pages_of(as_pdf.write_pdf(paper("consent", language, name)))) <= 2


def test_no_head_of_rows_is_left_alone_at_the_foot_of_a_page():
    """Whatever stands above it: the last line of a page's table is never a head."""
    for above in range(24, 44):
        rows = ((build_line("HEAD"),), (build_line("one"), build_line("two")))
        blocks: tuple[Block, ...] = (
            Blank("", 1),
            *(Paragraph(build_line("above")) for _nth in range(above)),
            Table(("A", "B"), rows, (1, 1)),
        )
        for text in pages_of(as_pdf.write_pdf(Document("T", "M", "en", blocks))):
            assert "HEAD" not in text or "one" in text, above


def test_word_draws_each_line_to_write_on_and_keeps_a_head_with_its_rows():
    rows = ((build_line("HEAD"),), (build_line("one"), build_line("")))
    blocks = (Blank("Name", 2), Table(("A", "B"), rows, (1, 1)))
    word = Word(BytesIO(as_word.write_docx(Document("T", "M", "en", blocks))))
    frames = [
        frame
        for paragraph in word.paragraphs
        if not paragraph.text
        for frame in paragraph._p.iter(qn("w:pBdr"))
    ]
    assert len(frames) == 2
    lines = [frame.find(qn("w:bottom")).get(qn("w:color")) for frame in frames]
    assert lines[0] != lines[1]
    _head, heading, written = word.tables[-1].rows
    assert heading.cells[0].paragraphs[0].paragraph_format.keep_with_next
    assert written.height is not None


def test_a_row_stays_on_one_page_of_word_and_a_last_table_makes_no_page():
    rows = tuple((build_line(str(nth)), build_line("words")) for nth in range(20))
    blocks = (Table(("A", "B"), rows, (1, 1)),)
    word = Word(BytesIO(as_word.write_docx(Document("T", "M", "en", blocks))))
    whole = [bool(row._tr.xpath("w:trPr/w:cantSplit")) for row in word.tables[-1].rows]
    # The first may part: LibreOffice loses a table whose head alone fits on a page.
    parted = 1 + as_word.MAY_PART
    assert whole == [False] * parted + [True] * (21 - parted)
    assert word.paragraphs[-1].paragraph_format.line_spacing == Pt(1)


def test_typst_reads_no_text_as_its_markup(hostile):
    text = letters(" ".join(pages_of(as_pdf.write_pdf(hostile))))
    for words in HOSTILE:
        assert text.count(letters(words)) >= 5, words


def test_html_has_no_element_that_a_text_asked_for(hostile):
    html = as_html.render_file(hostile)
    assert "<script" not in html
    assert "<img" not in html
    body = html[html.index("<main>") : html.index("</main>") + len("</main>")]
    tree = ElementTree.fromstring(body.replace("<hr>", "<hr/>"))
    texts = ["".join(paragraph.itertext()) for paragraph in tree.iter("p")]
    for words in HOSTILE:
        assert words * 3 in texts


def test_word_has_every_text_as_it_was_typed(hostile):
    word = Word(BytesIO(as_word.write_docx(hostile)))
    texts = [paragraph.text for paragraph in word.paragraphs]
    for words in HOSTILE:
        assert words * 3 in texts
    told = {instruction.text for instruction in word.element.iter(qn("w:instrText"))}
    assert told == {'TOC \\o "1-1" \\h \\z \\u'}


def test_a_letter_that_no_font_has_and_a_sign_that_xml_has_not_stop_nothing():
    odd = "ሰላም \x00\x08 \ud7ff 🙂 \u202e"
    document = Document(odd, odd, "am", (Heading(1, odd), Paragraph(build_line(odd))))
    assert as_pdf.write_pdf(document).startswith(b"%PDF")
    word = Word(BytesIO(as_word.write_docx(document)))
    assert any("ሰላም" in paragraph.text for paragraph in word.paragraphs)
    assert "ሰላም" in as_html.render_file(document)


def test_the_same_version_prints_to_the_same_bytes():
    assert as_pdf.write_pdf(paper("rights", "en")) == as_pdf.write_pdf(
        paper("rights", "en")
    )
