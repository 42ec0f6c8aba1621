"""A document as PDF, by Typst: tagged, so that a screen reader reads it (PDF/UA-1).

The texts reach Typst as data, a JSON that `paper.typ` walks through; no text is ever
read as its markup. It sees the folder of this module alone, and its fonts. What is
printed for people is so in a process of its own (`print_process`).
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Literal

import typst

from amana.printing import document as tree
from amana.printing.document import (
    Block,
    Cards,
    Document,
    Drawn,
    Mark,
    Picture,
    Slides,
)
from amana.printing.font_files import FONTS

HERE = Path(__file__).parent
LATIN, ARABIC = "Noto Sans", "Noto Sans Arabic"


def write_pdf(document: Document) -> bytes:
    """Write the document as PDF. A letter that none of our fonts has shows as a box;
    such a paper is tagged like the others, but may not call itself PDF/UA."""
    paper = json.dumps(convert_document(document), ensure_ascii=False)
    try:
        return compile_pdf(paper, ["ua-1"])
    except typst.TypstError as error:
        if "PDF/UA-1 error" not in str(error):
            raise
        return compile_pdf(paper, ["1.7"])


def compile_pdf(paper: str, standards: list[Literal["ua-1", "1.7"]]) -> bytes:
    return typst.compile(
        str(HERE / "paper.typ"),
        root=str(HERE),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        format="pdf",
        # As data, never as markup: a pack could otherwise read files of the server with
        # `#read`.
        sys_inputs={"paper": paper},
        pdf_standards=[*standards],
        timestamp=0,
    )


def convert_document(document: Document) -> dict[str, object]:
    """Convert the tree to what Typst takes: each block names its kind."""
    rtl = document.direction == "rtl"
    return asdict(replace(document, blocks=())) | {
        "direction": document.direction,
        "first_facts": tree.format_first_facts(document),
        # Signs that both have, such as digits, come from the first.
        "fonts": [ARABIC, LATIN] if rtl else [LATIN, ARABIC],
        "blocks": convert_blocks(document.blocks),
    }


def convert_blocks(blocks: tuple[Block, ...]) -> list[dict[str, object]]:
    return [
        part | {"sticky": tree.is_kept_with(block, then)}
        for block, then in tree.iterate_with_next(blocks)
        for part in iterate_parts(block)
    ]


def iterate_parts(block: Block) -> Iterator[dict[str, object]]:
    """Yield the block, saying what it is; a tall drawing in pieces that fit on a
    page."""
    if isinstance(block, Cards | Slides):
        cards = [
            {"title": card.title, "blocks": convert_blocks(card.blocks)}
            for card in block.cards
        ]
        yield {"is": type(block).__name__} | asdict(block) | {"cards": cards}
        return
    if not isinstance(block, Picture):
        yield {"is": type(block).__name__} | asdict(block)
        return
    drawing = block.drawing
    wide = max(drawing.width, tree.LEAST)
    marks = drawing.marks()
    for top, bottom in drawing.cuts(wide * tree.TALL):
        yield {
            "is": "Picture",
            "marks": select_marks(marks, top, bottom),
            "width": drawing.width,
            "height": bottom - top,
            "top": top,
            "words": block.words,
            "share": drawing.width / wide,
        }


def select_marks(marks: list[Mark], top: float, bottom: float) -> list[Mark]:
    """Select what is drawn between two heights, at least in part."""
    return [
        mark
        for mark in marks
        if (
            mark["way"][0][1] < bottom and mark["way"][-1][-1] > top
            if "way" in mark
            else top <= mark["y"] < bottom
        )
    ]


def draw_png(drawing: Drawn, top: float, bottom: float) -> bytes:
    """Draw a piece of a drawing for what reads no SVG."""
    return typst.compile(
        str(HERE / "picture.typ"),
        root=str(HERE),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        format="png",
        ppi=120,
        sys_inputs={"svg": str(drawing.svg(top, bottom))},
    )
