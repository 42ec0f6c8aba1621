"""The referral map: the pathway as a drawing, and as a list for a narrow screen."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from amana.design.mechanism.documents.pathway_drawing import draw_pathway
from amana.design.mechanism.documents.source import PrintSource
from amana.design.mechanism.documents.way import describe_pathway
from amana.printing.document import Block, Document, Heading, Picture, build_paragraph
from amana.printing.layout import DrawingTooLarge

TOO_LARGE_TO_DRAW = lazy(
    "This pathway is too large to draw. Read it as a list, or divide it into "
    "parts: each part is drawn separately."
)


def build_referral_map(source: PrintSource) -> Document:
    blocks = [
        *build_pictures(source, 1),
        Heading(1, _("The same in words")),
        *describe_pathway(source),
    ]
    return source.document(_("Referral map"), blocks)


def build_pictures(source: PrintSource, level: int) -> list[Block]:
    """Build each drawing under its title; the list has the same in words."""
    try:
        found = draw_pathway(source)
    except DrawingTooLarge:
        return [build_paragraph(TOO_LARGE_TO_DRAW, "quiet")]
    blocks: list[Block] = []
    for drawing in found:
        blocks.append(Heading(level, drawing.title))
        words = _("A drawing of the steps. The list below shows the same.")
        blocks.append(Picture(drawing, words))
    return blocks


def build_pathway_blocks(source: PrintSource) -> list[Block]:
    return [*build_pictures(source, 2), *describe_pathway(source)]
