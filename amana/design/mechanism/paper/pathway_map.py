"""The referral map: the pathway as a drawing, and as a list for a narrow screen."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from amana.design.mechanism.paper.document import (
    Block,
    Document,
    Heading,
    Picture,
    said,
)
from amana.design.mechanism.paper.drawing import drawings
from amana.design.mechanism.paper.layout import TooLarge
from amana.design.mechanism.paper.source import Source
from amana.design.mechanism.paper.way import way

TOO_LARGE_TO_DRAW = lazy(
    "This pathway is too large to draw. Read it as a list, or divide it into "
    "parts: each part is drawn separately."
)


def referral_map(source: Source) -> Document:
    blocks = [*drawn(source, 1), Heading(1, _("The same in words")), *way(source)]
    return source.document(_("Referral map"), blocks)


def drawn(source: Source, level: int) -> list[Block]:
    """Build each drawing under its title; the list has the same in words."""
    try:
        found = drawings(source)
    except TooLarge:
        return [said(TOO_LARGE_TO_DRAW, "quiet")]
    blocks: list[Block] = []
    for drawing in found:
        blocks.append(Heading(level, drawing.title))
        words = _("A drawing of the steps. The list below shows the same.")
        blocks.append(Picture(drawing, words))
    return blocks


def way_drawn_and_said(source: Source) -> list[Block]:
    return [*drawn(source, 2), *way(source)]
