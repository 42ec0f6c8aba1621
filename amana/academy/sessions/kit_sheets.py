"""A session's kit on paper: cards to cut, slides to hang up, a sheet for each
person."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import override

from amana.academy.courses import pages
from amana.academy.courses.engine.kit_pieces import FACILITATOR
from amana.academy.courses.engine.prose import count_words
from amana.academy.courses.prose_blocks import ProsePrinter
from amana.academy.sessions.session_kit import ShownKit, ShownKitPart, ShownKitPiece
from amana.printing.document import (
    Block,
    Card,
    Cards,
    Document,
    Heading,
    Line,
    NewPage,
    Paragraph,
    Points,
    Slides,
    Table,
    build_line,
    build_paragraph,
    build_row,
    build_strong,
    close_level_gaps,
)

SMALL_CARD = 45
"""Words; six such cards fit on a page, else four."""


def build_kit(kit: ShownKit, language: str) -> Document:
    """Build the whole kit, to be printed in one go."""
    with override(language):
        blocks = [*build_overview(kit)]
        before = FACILITATOR
        for shown in kit.pieces:
            # Two pieces for different people on one sheet of paper would show each what
            # is for the other.
            alike = before == shown.piece.audience == FACILITATOR
            blocks += [NewPage(sheet=not alike), Heading(1, shown.text.title)]
            blocks += build_piece_blocks(shown)
            before = shown.piece.audience
        return Document(
            title=_("Session kit"),
            of=kit.title,
            language=language,
            blocks=tuple(close_level_gaps(blocks)),
            facts=(
                (_("Course"), build_line(kit.course_title)),
                (_("Version"), build_line(kit.course.version)),
                (_("Licence"), build_line(kit.course.licence)),
            ),
            contents=_("Contents"),
            foot=build_foot(kit),
        )


def build_piece(kit: ShownKit, shown: ShownKitPiece, language: str) -> Document:
    """Build one piece, to be handed over by itself."""
    with override(language):
        return Document(
            title=shown.text.title,
            of=kit.title,
            language=language,
            blocks=tuple(close_level_gaps(build_piece_blocks(shown, level=1))),
            foot=build_foot(kit),
            wide=shown.is_slides,
        )


def build_foot(kit: ShownKit) -> str:
    return _("%(course)s, version %(version)s") % {
        "course": kit.course_title,
        "version": kit.course.version,
    }


def build_overview(kit: ShownKit) -> Iterator[Block]:
    yield Heading(1, _("What to print, and how many"))
    yield build_paragraph(
        _(
            "Cut out the cards, and give each piece only to the people it is for. In "
            "this file, what is for other people begins on a new sheet, also when you "
            "print on both sides."
        )
    )
    rows = [
        build_row(
            build_strong(shown.text.title),
            shown.audience_name,
            shown.step or _("The whole session"),
            shown.text.copies,
        )
        for shown in kit.pieces
    ]
    head = (_("What"), _("For"), _("Step"), _("Copies"))
    yield Table(head, tuple(rows), (5, 3, 4, 4))


def build_piece_blocks(shown: ShownKitPiece, level: int = 2) -> Iterator[Block]:
    """Build what is below the title of a piece; `level`: of its first headings."""
    yield build_paragraph(format_use(shown), "quiet")
    printer = ProsePrinter(shown.numbers)
    yield from printer.build_blocks(shown.intro.words)
    cards = tuple(build_card(printer, part) for part in shown.parts)
    if shown.piece.kind == "slides":
        yield Slides(cards, level)
    elif shown.piece.kind == "cards":
        counts = [count_words(part.prose.words) for part in shown.parts]
        yield Cards(cards, 6 if max(counts, default=0) <= SMALL_CARD else 4, level)
    else:
        for card in cards:
            yield Heading(2, card.title)
            yield from card.blocks
    if shown.sources:
        yield Heading(2, _("Sources"))
        yield Points(tuple(map(build_source, shown.sources)), ordered=True)


def format_use(shown: ShownKitPiece) -> str:
    """Format for whom it is, when, and how many are printed."""
    used = (shown.audience_name, shown.step, shown.text.copies)
    return " · ".join(str(words) for words in used if words)


def build_card(printer: ProsePrinter, part: ShownKitPart) -> Card:
    blocks = printer.build_blocks(part.prose.words)
    return Card(part.title, tuple(map(replace_heading, blocks)))


def replace_heading(block: Block) -> Block:
    """Replace a heading on a card by strong words: the card has its title."""
    if isinstance(block, Heading):
        return Paragraph(build_strong(block.words))
    return block


def build_source(source: pages.ShownSource) -> Line:
    words = (source.title, source.by, source.year, source.at)
    return build_line(" · ".join(filter(None, words)))
