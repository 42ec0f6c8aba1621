"""Write one document into an empty one of Word's."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from docx import Document as Word
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph as WordParagraph

from amana.printing import as_pdf
from amana.printing import document as tree
from amana.printing.as_word.text_writer import TextWriter
from amana.printing.as_word.word_elements import (
    BOX,
    CIRCLE,
    begin_field,
    build_borders,
    build_element,
    end_field,
    format_mark,
    format_title,
    list_cells,
    raise_row,
    remove_controls,
    repeat_head,
    set_size,
    set_widths,
    shade_cell,
    sort_properties,
)
from amana.printing.document import Document, Line, TextRun

TEAL, DEEP = RGBColor(0x0F, 0x5C, 0x5C), RGBColor(0x0A, 0x44, 0x44)


QUIET, SOFT, SUNK, DUE = RGBColor(0x56, 0x60, 0x6B), "E4EFED", "F6F4EE", "FBF0D9"


SIZES = {1: 16, 2: 13, 3: 11, 4: 10}


KEPT_WHOLE = 10
"""Rows of a table that stays on one page."""


MAY_PART = 1
"""First rows of a table, which may part over two pages. Where the head alone fits on
a page and what comes next may not part, LibreOffice has lost whole tables."""


def write_docx(document: Document) -> bytes:
    word = Word()
    WordWriter(word, document).write()
    buffer = BytesIO()
    word.save(buffer)
    return buffer.getvalue()


class WordWriter(TextWriter):
    """Writes one document into an empty one of Word's."""

    def __init__(self, word: WordDocument, document: Document) -> None:
        super().__init__(word, document)
        self.marks = 0
        self.leads_on = False

    def write(self) -> None:
        document = self.document
        self.set_up()
        self.open()
        for block, then in tree.iterate_with_next(document.blocks):
            self.leads_on = tree.is_kept_with(block, then)
            SHOWN[type(block)](self, block)
        self.close()
        footer = self.word.sections[0].footer
        # Last, once for all: each method appends what it needs, and Word insists on the
        # order of its schema.
        for root in (self.word.element, self.word.styles.element, footer._element):
            sort_properties(root)

    # --- the whole

    def set_up(self) -> None:
        document, word = self.document, self.word
        word.core_properties.title = remove_controls(
            f"{document.title} – {document.of}"
        )
        word.core_properties.language = document.language
        # Else python-docx names itself as the author, in a document that agencies sign.
        word.core_properties.author = ""
        word.core_properties.comments = remove_controls(document.foot)
        section = word.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        if document.wide:
            section.orientation = WD_ORIENT.LANDSCAPE
            section.page_width, section.page_height = Cm(29.7), Cm(21)
        for margin in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
            setattr(section, margin, Cm(2.2))
        if self.rtl:
            section._sectPr.append(OxmlElement("w:bidi"))
        for level, size in SIZES.items():
            self.style(
                f"Heading {level}", size, DEEP if level == 1 else TEAL, bold=True
            )
        self.style("Normal", document.points or (12 if document.large else 10))
        after = Pt(3 if document.points else 6)
        self.word.styles["Normal"].paragraph_format.space_after = after
        self.style("Title", 26 if document.contents else 20, DEEP, bold=True)
        for line in self.word.styles["Title"].element.iter(qn("w:bottom")):
            line.set(qn("w:color"), str(TEAL))
        self.style("Subtitle", 13, QUIET)
        # Letters that are set apart tear an Arabic word.
        for apart in list(self.word.styles["Subtitle"].element.iter(qn("w:spacing"))):
            if apart.getparent().tag == qn("w:rPr"):
                apart.getparent().remove(apart)
        if document.large:
            heading = self.word.styles["Heading 1"]
            assert isinstance(heading, ParagraphStyle)
            heading.paragraph_format.space_before = Pt(10)
        for name in ("List Bullet", "List Number"):
            self.style(name, 12 if document.large else 10)
        self.style("Footer", 8, QUIET)
        self.foot(section.footer.paragraphs[0])

    def foot(self, paragraph: WordParagraph) -> None:
        self.directed(paragraph)
        run = self.run(paragraph, TextRun(f"{self.document.foot} · "))
        set_size(run, 8)
        set_size(self.field(paragraph, "PAGE", "1"), 8)

    def open(self) -> None:
        document = self.document
        first, second = document.of, document.title
        if document.contents:
            first, second = second, first
        self.paragraph(first, "Subtitle")
        self.paragraph(second, "Title")
        if document.contents:
            self.facts()
        elif document.facts:
            self.text(tree.build_paragraph(tree.format_first_facts(document), "quiet"))
        if document.notice:
            table = self.word.add_table(1, 1)
            self.fill(table.cell(0, 0), tree.build_line(document.notice))
            shade_cell(table.cell(0, 0), DUE)
            self.after_table()
        if document.contents:
            self.contents()

    def close(self) -> None:
        """Lower the last paragraph after a last table that fills its page, so that what
        must follow it makes no page of its own."""
        last = self.word.paragraphs[-1]
        if last._p.xpath("preceding-sibling::*[1][self::w:tbl]"):
            last.paragraph_format.line_spacing = Pt(1)

    def facts(self) -> None:
        table = self.word.add_table(0, 2)
        self.mirrored(table)
        for label, line in self.document.facts:
            cells = table.add_row().cells
            self.fill(cells[0], tree.build_line(label))
            self.fill(cells[1], line)
        set_widths(table, (4, 11), self.across)
        self.after_table()

    @property
    def across(self) -> float:
        """Between the margins, in centimetres."""
        return 25.3 if self.document.wide else 16.6

    def contents(self) -> None:
        self.new_page(tree.NewPage())
        heading = self.paragraph()
        self.runs(heading, tree.build_strong(self.document.contents))
        for run in heading.runs:
            set_size(run, 16)
            run.font.color.rgb = DEEP
        paragraph = self.paragraph("")
        paragraph.paragraph_format.space_after = Pt(3)
        begin_field(paragraph, 'TOC \\o "1-1" \\h \\z \\u')
        chapters = [
            block
            for block in self.document.blocks
            if isinstance(block, tree.Heading) and block.level == 1
        ]
        for nth, block in enumerate(chapters, 1):
            link = build_element("w:hyperlink", anchor=format_mark(nth), history="1")
            run = self.run(paragraph, TextRun(format_title(block)))
            paragraph._p.append(link)
            link.append(run._r)
            paragraph.paragraph_format.space_after = Pt(3)
            paragraph = self.paragraph("")
        # Word puts its own list in the place of this one, with this sentence.
        run = self.run(
            paragraph, TextRun(_("For page numbers, click here, then press F9."))
        )
        set_size(run, 9)
        run.font.color.rgb = QUIET
        end_field(paragraph)
        self.new_page(tree.NewPage())

    # --- blocks

    def heading(self, block: tree.Heading) -> None:
        paragraph = self.paragraph("", f"Heading {block.level}")
        if block.level == 1:
            self.marks += 1
            named = {"id": str(self.marks), "name": format_mark(self.marks)}
            paragraph._p.append(build_element("w:bookmarkStart", **named))
            paragraph._p.append(build_element("w:bookmarkEnd", id=str(self.marks)))
        self.run(paragraph, TextRun(format_title(block)))

    def text(self, block: tree.Paragraph) -> None:
        paragraph = self.paragraph()
        self.runs(paragraph, block.line)
        paragraph.paragraph_format.keep_with_next = self.leads_on
        for run in paragraph.runs:
            if block.kind == "lead":
                set_size(run, 12)
                run.font.color.rgb = DEEP
            elif block.kind in ("quiet", "hint"):
                set_size(run, 9)
                run.font.color.rgb = QUIET

    def points(self, block: tree.Points) -> None:
        for line in block.lines:
            style = "List Number" if block.ordered else "List Bullet"
            self.runs(self.paragraph("", style), line)

    def boxes(self, block: tree.Boxes) -> None:
        sign = CIRCLE if block.one_only else BOX
        # A no-break space holds a box and its label together.
        labels = [f"{sign} {label}" for label in block.labels]
        paragraph = self.paragraph("     ".join(labels))
        paragraph.paragraph_format.keep_with_next = self.leads_on

    def blank(self, block: tree.Blank) -> None:
        if block.label:
            self.leads_on = True
            self.text(tree.Paragraph(tree.build_line(block.label), "quiet"))
        for nth in range(block.lines):
            paragraph = self.paragraph("")
            paragraph.paragraph_format.space_before = Pt(10)
            under = OxmlElement("w:pBdr")
            # Neighbours of the same frame would share one line: so each has another.
            colour = ("857F73", "857F72")[nth % 2]
            under.append(build_element("w:bottom", val="single", sz="4", color=colour))
            paragraph._p.get_or_add_pPr().append(under)
            paragraph.paragraph_format.keep_with_next = nth < block.lines - 1

    def table(self, block: tree.Table) -> None:
        table = self.word.add_table(len(block.rows) + 1, len(block.head))
        table._tbl.tblPr.append(build_borders(ruled=block.ruled))
        self.mirrored(table)
        set_widths(table, block.widths, self.across)
        heads = list_cells(table, table._tbl.tr_lst[0])
        for cell, words in zip(heads, block.head, strict=True):
            self.fill(cell, tree.build_strong(words))
            cell.paragraphs[0].paragraph_format.keep_with_next = True
            shade_cell(cell, SOFT)
        repeat_head(table.rows[0])
        for written, row in zip(table._tbl.tr_lst[1:], block.rows, strict=True):
            there = list_cells(table, written)
            if len(row) < len(there):
                there = [there[0].merge(there[-1])]
                shade_cell(there[0], SUNK)
                row = (tuple(replace(run, strong=True) for run in row[0]),)
            for cell, line in zip(there, row, strict=True):
                self.fill(cell, line)
                # In a row, Word keeps the whole row with the next.
                cell.paragraphs[0].paragraph_format.keep_with_next = len(there) == 1
            if not tree.get_words(row[-1]):
                raise_row(written)
        # By rows, not by "keep with next" alone: LibreOffice has lost whole tables that
        # were kept by it.
        for whole in table._tbl.tr_lst[1 + MAY_PART :]:
            whole.get_or_add_trPr().insert(0, build_element("w:cantSplit"))
        if len(block.rows) <= KEPT_WHOLE:
            for last in table._tbl.tr_lst[:-1]:
                list_cells(table, last)[0].paragraphs[
                    0
                ].paragraph_format.keep_with_next = True
        if block.centred:
            for written in table._tbl.tr_lst:
                for cell in list_cells(table, written)[1:]:
                    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
        self.after_table()

    def mirrored(self, table: Table) -> None:
        if self.rtl:
            table._tbl.tblPr.append(OxmlElement("w:bidiVisual"))

    def fill(self, cell: _Cell, line: Line) -> None:
        paragraph = cell.paragraphs[0]
        self.directed(paragraph)
        self.runs(paragraph, line)
        paragraph.paragraph_format.space_after = Pt(2)
        paragraph.paragraph_format.keep_together = True
        for run in paragraph.runs:
            if run.font.size is None:
                set_size(run, 9)

    def picture(self, block: tree.Picture) -> None:
        drawing = block.drawing
        wide = max(drawing.width, tree.LEAST)
        for top, bottom in drawing.cuts(wide * tree.TALL):
            image = BytesIO(as_pdf.draw_png(drawing, top, bottom))
            width = Cm(self.across * drawing.width / wide)
            paragraph = self.paragraph("")
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            shown = paragraph.add_run().add_picture(image, width=width)
            shown._inline.docPr.set("descr", remove_controls(block.words))

    def numbers(self, block: tree.Numbers) -> None:
        table = self.word.add_table(1, len(block.items))
        self.mirrored(table)
        set_widths(table, (1,) * len(block.items), self.across)
        for cell, (large, what, sure) in zip(
            list_cells(table, table._tbl.tr_lst[0]), block.items, strict=True
        ):
            self.fill(cell, tree.build_strong(large))
            for run in cell.paragraphs[0].runs:
                set_size(run, 22)
                run.font.color.rgb = TEAL
            for words, size in ((what, 9), (sure, 8)):
                paragraph = cell.add_paragraph()
                self.directed(paragraph)
                set_size(self.run(paragraph, TextRun(words)), size)
                paragraph.paragraph_format.space_after = Pt(2)
            shade_cell(cell, SOFT)
        self.after_table()

    def cards(self, block: tree.Cards | tree.Slides) -> None:
        """Write what is cut out, or hung up, one below the other: its reader arranges
        it in Word."""
        for card in block.cards:
            if isinstance(block, tree.Slides):
                self.turns = True
            self.heading(tree.Heading(block.level, card.title))
            for part, then in tree.iterate_with_next(card.blocks):
                self.leads_on = tree.is_kept_with(part, then)
                SHOWN[type(part)](self, part)

    def new_page(self, block: tree.NewPage) -> None:
        """Begin a page by what comes next: a paragraph of its own would leave its line
        there."""
        self.turns = True

    def after_table(self) -> None:
        """Word wants a paragraph after a table; `close` sees to it after the last."""
        paragraph = self.paragraph("")
        paragraph.paragraph_format.space_after = Pt(0)
        low = build_element("w:rPr")
        low.extend((build_element("w:sz", val="12"), build_element("w:szCs", val="12")))
        paragraph._p.get_or_add_pPr().append(low)


SHOWN: dict[type[object], Callable[[WordWriter, Any], None]] = {
    tree.Heading: WordWriter.heading,
    tree.Paragraph: WordWriter.text,
    tree.Points: WordWriter.points,
    tree.Boxes: WordWriter.boxes,
    tree.Blank: WordWriter.blank,
    tree.Table: WordWriter.table,
    tree.Picture: WordWriter.picture,
    tree.Numbers: WordWriter.numbers,
    tree.Cards: WordWriter.cards,
    tree.Slides: WordWriter.cards,
    tree.NewPage: WordWriter.new_page,
}
