"""Elements of Word's XML: fields, borders, cells, bookmarks."""

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.table import CT_Row
from docx.shared import Cm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run as WordRun

from amana.printing import document as tree

BOX, CIRCLE = "☐", "○"


def set_size(run: WordRun, points: float) -> None:
    """Set the size of Latin and of Arabic letters: Word keeps the latter's apart."""
    run.font.size = Pt(points)
    run._r.get_or_add_rPr().append(build_element("w:szCs", val=str(int(points * 2))))


ORDER = {
    "w:rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike noProof vanish webHidden "
    "color spacing w kern position sz szCs highlight u bdr shd vertAlign rtl cs lang",
    "w:pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr "
    "pBdr shd tabs bidi spacing ind contextualSpacing jc outlineLvl rPr sectPr",
    "w:tblPr": "tblStyle bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc "
    "tblInd tblBorders shd tblLayout tblCellMar tblLook",
    "w:sectPr": "headerReference footerReference type pgSz pgMar cols bidi docGrid",
}
"""Of what stands in each, by Word's schema (ISO/IEC 29500-1), which it insists on."""


def sort_properties(root: Any) -> None:
    for name, order in ORDER.items():
        places = {qn(f"w:{tag}"): place for place, tag in enumerate(order.split())}
        for properties in root.iter(qn(name)):
            if all(child.tag in places for child in properties):
                properties[:] = sorted(properties, key=lambda one: places[one.tag])


def format_title(block: tree.Heading) -> str:
    return f"{block.number}  {block.words}" if block.number else block.words


def remove_controls(words: str) -> str:
    """Remove control characters, which XML does not hold."""
    return "".join(sign for sign in words if sign >= " " or sign in "\n\t")


def format_mark(nth: int) -> str:
    return f"part_{nth}"


def build_element(name: str, /, **attributes: str) -> Any:
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def begin_field(paragraph: WordParagraph, what: str) -> None:
    """Begin a field; `what` is ours, never a text of the pack."""
    paragraph.add_run()._r.append(build_element("w:fldChar", fldCharType="begin"))
    told = OxmlElement("w:instrText")
    told.set(qn("xml:space"), "preserve")
    told.text = what
    paragraph.add_run()._r.append(told)
    paragraph.add_run()._r.append(build_element("w:fldChar", fldCharType="separate"))


def end_field(paragraph: WordParagraph) -> None:
    paragraph.add_run()._r.append(build_element("w:fldChar", fldCharType="end"))


def shade_cell(cell: _Cell, colour: str) -> None:
    properties = cell._tc.get_or_add_tcPr()
    properties.append(build_element("w:shd", val="clear", color="auto", fill=colour))


def build_borders(*, ruled: bool = False) -> object:
    """Build the borders of a table: a thin line below each row, and where it is ruled
    between the columns."""
    borders = OxmlElement("w:tblBorders")
    sides = [("top", "12"), ("bottom", "4"), ("insideH", "4")]
    for side, size in [*sides, ("insideV", "4")] if ruled else sides:
        colour = "0F5C5C" if side == "top" else "DDD7CB"
        borders.append(build_element(f"w:{side}", val="single", sz=size, color=colour))
    return borders


def repeat_head(row: _Row) -> None:
    """Repeat a table's head at the top of each page that it reaches over."""
    row._tr.get_or_add_trPr().append(build_element("w:tblHeader", val="true"))


def list_cells(table: Table, row: CT_Row) -> list[_Cell]:
    """List the cells of one row; Word's own `row.cells` counts through the whole table
    each time."""
    return [_Cell(cell, table) for cell in row.tc_lst]


def raise_row(row: CT_Row) -> None:
    """Raise a row to the height of a signature."""
    height = build_element("w:trHeight", val="520", hRule="atLeast")
    row.get_or_add_trPr().append(height)


def set_widths(table: Table, shares: tuple[int, ...], across: float) -> None:
    table.autofit = False
    wide = [Cm(across * share / sum(shares)) for share in shares]
    for column, width in zip(table.columns, wide, strict=True):
        column.width = width
    for row in table._tbl.tr_lst:
        for cell, width in zip(list_cells(table, row), wide, strict=True):
            cell.width = width
