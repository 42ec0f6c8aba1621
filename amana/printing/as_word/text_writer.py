"""Write text into a document of Word's: its styles, paragraphs and runs."""

from typing import Any

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run as WordRun

from amana.printing.as_word.word_elements import (
    begin_field,
    build_element,
    end_field,
    remove_controls,
    set_size,
)
from amana.printing.document import Document, Line, TextRun

FONT = "Arial"
"""There on every computer, with Latin and Arabic letters."""


class TextWriter:
    """Writes Latin and Arabic text, in the direction of the document."""

    def __init__(self, word: WordDocument, document: Document) -> None:
        self.word = word
        self.document = document
        self.rtl = document.direction == "rtl"
        self.codes: dict[str, str | None] = {}
        self.turns = False
        """Whether the next paragraph begins a page."""

    def style(
        self, name: str, size: float, colour: RGBColor | None = None, bold: bool = False
    ) -> None:
        """Set a style for Latin and Arabic letters alike: Word keeps size and weight of
        each apart."""
        found = self.word.styles[name]
        assert isinstance(found, ParagraphStyle)
        found.font.name, found.font.size, found.font.bold = FONT, Pt(size), bold
        if colour is not None:
            found.font.color.rgb = colour
        found.font.italic = False
        properties = found.element.get_or_add_rPr()
        for slanted in properties.findall(qn("w:iCs")):
            properties.remove(slanted)
        fonts = properties.get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{kind}"), FONT)
        if bold:
            properties.append(OxmlElement("w:bCs"))
        properties.append(build_element("w:szCs", val=str(int(size * 2))))
        said = {"bidi": self.document.language, "val": self.document.language}
        properties.append(build_element("w:lang", **said))

    def paragraph(self, words: str = "", style: str = "Normal") -> WordParagraph:
        paragraph = self.word.add_paragraph()
        paragraph._p.style = self.code_of(style)
        if self.turns:
            paragraph.paragraph_format.page_break_before = True
            self.turns = False
        self.directed(paragraph)
        if words:
            self.run(paragraph, TextRun(words))
        return paragraph

    def code_of(self, style: str) -> str | None:
        """Return the style's code, None for what is usual; looked up once, for Word's
        file goes through all its styles each time."""
        if style not in self.codes:
            part: Any = self.word.part  # says nothing of types
            self.codes[style] = part.get_style_id(style, WD_STYLE_TYPE.PARAGRAPH)
        return self.codes[style]

    def directed(self, paragraph: WordParagraph) -> None:
        if self.rtl:
            properties = paragraph._p.get_or_add_pPr()
            properties.insert_element_before(
                OxmlElement("w:bidi"),
                *("w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind"),
                *("w:contextualSpacing", "w:jc", "w:outlineLvl", "w:rPr", "w:sectPr"),
            )

    def run(self, paragraph: WordParagraph, one: TextRun) -> WordRun:
        run = paragraph.add_run(remove_controls(one.words))
        if one.strong:
            run.bold = True
            run._r.get_or_add_rPr().append(OxmlElement("w:bCs"))
        if one.emphasis:
            run.italic = True
        if one.code:
            run.font.name = "Courier New"
            set_size(run, 8)
        elif self.rtl:
            # Not of a code: a hash that is turned round can't be compared.
            run._r.get_or_add_rPr().append(OxmlElement("w:rtl"))
        return run

    def runs(self, paragraph: WordParagraph, line: Line) -> None:
        for run in line:
            self.run(paragraph, run)

    def field(self, paragraph: WordParagraph, what: str, shown: str) -> WordRun:
        begin_field(paragraph, what)
        run = self.run(paragraph, TextRun(shown))
        end_field(paragraph)
        return run
