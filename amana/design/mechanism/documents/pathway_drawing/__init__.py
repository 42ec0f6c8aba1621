"""The pathway as a drawing: our own SVG, in which every word stays in its box.

What a box is shows in its shape and in a word as well as in its colour: who does it
stands above what is done. Right to left, the whole is mirrored.
"""

from amana.design.mechanism.documents.pathway_drawing.sketch import draw_pathway
from amana.design.mechanism.documents.pathway_drawing.svg import (
    INK,
    INSIDE,
    LINE,
    QUIET,
    WIDEST,
    measure_width,
    render_svg,
    wrap_words,
)
from amana.printing.document import Mark

__all__ = [
    "INK",
    "INSIDE",
    "LINE",
    "QUIET",
    "WIDEST",
    "Mark",
    "draw_pathway",
    "measure_width",
    "render_svg",
    "wrap_words",
]
