"""What is printed, before it is known on what: one tree for HTML, PDF and Word.

Every text in it is plain text. The module that prints it decides how a heading appears,
and escapes; nothing in a pack is ever read as HTML, as Typst or as a field of Word.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

from django.utils.translation import gettext as _

from amana.registry import Registry
from amana.ui import languages


@dataclass(frozen=True, slots=True)
class TextRun:
    """Words of one kind, one after the other."""

    words: str
    strong: bool = False
    emphasis: bool = False
    code: bool = False
    """A code or a hash: left to right everywhere."""


DEEPEST = 4
"""Of headings."""

type Mark = dict[str, Any]
"""One thing that is drawn: a box, a line, its tip, a text around the middle `x` on the
base line `y`."""

type Line = tuple[TextRun, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    """1 stands in the table of contents."""
    words: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    line: Line
    kind: Literal["plain", "lead", "quiet", "ask", "hint"] = "plain"
    """`ask` and `hint` belong to what comes after them."""


@dataclass(frozen=True, slots=True)
class Points:
    lines: tuple[Line, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Boxes:
    """To be ticked by hand."""

    labels: tuple[str, ...]
    one_only: bool = False


@dataclass(frozen=True, slots=True)
class Blank:
    """To be written on by hand."""

    label: str = ""
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    head: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    """A row of one cell alone is a heading for those below it."""
    widths: tuple[int, ...]
    """How wide each column is, beside the others."""
    centred: bool = False
    """All columns but the first hold a letter or a sign."""
    ruled: bool = False
    """With lines around each cell: people write in the empty ones."""


class Drawn(Protocol):
    """A drawing of our own making (`drawing`)."""

    @property
    def width(self) -> float: ...
    @property
    def height(self) -> float: ...
    def svg(self, top: float = 0.0, bottom: float = 0.0) -> str: ...
    def marks(self) -> list[Mark]: ...
    def cuts(self, most: float) -> list[tuple[float, float]]: ...


TALL = 1.22
"""How much taller than wide a drawing may be on one page, below a heading."""
LEAST = 850.0
"""A drawing that is narrower is not stretched: its letters stay as large as others'."""


@dataclass(frozen=True, slots=True)
class Flat:
    """A drawing that is drawn already, and cut into pages: as it is sent to the process
    that prints, which knows nothing of how it was made."""

    width: float
    height: float
    drawn: list[Mark]
    pieces: dict[tuple[float, float], str]

    def marks(self) -> list[Mark]:
        return self.drawn

    def cuts(self, _most: float) -> list[tuple[float, float]]:
        return list(self.pieces)

    def svg(self, top: float = 0.0, bottom: float = 0.0) -> str:
        return self.pieces[top, bottom]


def flatten_drawing(drawing: Drawn) -> Flat:
    cuts = drawing.cuts(max(drawing.width, LEAST) * TALL)
    # Drawn here and not in the process: it has the whole mechanism to draw from, the
    # process only what is sent.
    pieces = {cut: str(drawing.svg(*cut)) for cut in cuts}
    return Flat(drawing.width, drawing.height, drawing.marks(), pieces)


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing, and what it shows in words."""

    drawing: Drawn
    words: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """A few numbers seen first: what stands large, what it is, and how sure."""

    items: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A title, and the blocks below it: none of them a heading or a picture."""

    title: str
    blocks: tuple["Block", ...]


@dataclass(frozen=True, slots=True)
class Cards:
    """To be cut out along lines; so many on a page."""

    cards: tuple[Card, ...]
    on_page: Literal[4, 6] = 4
    level: int = 2
    """Of their titles, as headings."""


@dataclass(frozen=True, slots=True)
class Slides:
    """Each on a page of its own that lies on its long side, to be read from afar."""

    cards: tuple[Card, ...]
    level: int = 2
    """Of their titles, as headings."""


@dataclass(frozen=True, slots=True)
class NewPage:
    sheet: bool = False
    """A new sheet of paper, also where both sides are printed: what comes next is
    handed to someone else."""


type Block = (
    Heading
    | Paragraph
    | Points
    | Boxes
    | Blank
    | Table
    | Picture
    | Numbers
    | Cards
    | Slides
    | NewPage
)


MARKS: Registry[Callable[[], str]] = Registry()
"""What is at the foot of each page, whatever it is: that this is an exercise."""


@dataclass(frozen=True, slots=True)
class Document:
    title: str
    of: str
    """The mechanism."""
    language: str
    blocks: tuple[Block, ...]
    facts: tuple[tuple[str, Line], ...] = ()
    """Which version it is, and what that is worth."""
    notice: str = ""
    contents: str = ""
    """The heading of a table of contents; with it, a page of its own for the title."""
    foot: str = ""
    wide: bool = False
    """On paper that lies on its long side."""
    large: bool = False
    """In large letters."""
    points: float = 0
    """How large its letters are where all has to fit on few pages, and stands closer;
    0: as elsewhere."""

    def __post_init__(self) -> None:
        for mark in (write() for write in MARKS):
            if mark not in self.foot:  # a copy of one that is marked has it already
                foot = " · ".join(filter(None, (mark, self.foot)))
                object.__setattr__(self, "foot", foot)

    @property
    def direction(self) -> str:
        return languages.get_direction(self.language)


def flatten_document(document: Document) -> Document:
    """Draw each of the document's drawings, and return it with them."""
    blocks = tuple(
        replace(block, drawing=flatten_drawing(block.drawing))
        if isinstance(block, Picture)
        else block
        for block in document.blocks
    )
    return replace(document, blocks=blocks)


def close_level_gaps(blocks: Iterable[Block]) -> Iterator[Block]:
    """Lower the headings that are more than one level below the one before (PDF/UA,
    WCAG 1.3.1), whatever an author wrote."""
    level = 0
    for block in blocks:
        if isinstance(block, Heading):
            level = min(block.level, level + 1, DEEPEST)
            block = replace(block, level=level)
        yield block


def is_kept_with(block: Block, then: Block | None) -> bool:
    """Check whether a block stays on one page with what comes after it: a question, its
    boxes with what to do then, the words before a table or a line to write on, a line
    in strong letters."""
    if isinstance(block, Boxes):
        return isinstance(then, Paragraph) and then.kind == "hint"
    if not isinstance(block, Paragraph):
        return False
    if block.kind in ("ask", "hint") or isinstance(then, Table | Blank):
        return True
    return bool(block.line) and all(run.strong for run in block.line)


def iterate_with_next(
    blocks: tuple[Block, ...],
) -> Iterator[tuple[Block, Block | None]]:
    """Pair each block with the one after it."""
    return zip(blocks, (*blocks[1:], None), strict=True)


def build_line(words: object) -> Line:
    return (TextRun(str(words)),)


def get_words(line: Line) -> str:
    return "".join(run.words for run in line)


def build_strong(words: object) -> Line:
    return (TextRun(str(words), strong=True),)


def build_paragraph(
    words: object, kind: Literal["plain", "lead", "quiet"] = "plain"
) -> Paragraph:
    return Paragraph(build_line(words), kind)


def build_labelled(label: object, words: object) -> Line:
    """Build “When: 24 hours”, its label strong."""
    before = _("%(label)s:") % {"label": label}
    return (TextRun(f"{before} ", strong=True), TextRun(str(words)))


def format_first_facts(document: Document) -> str:
    """Format which version it is, in a line, where no page is set apart for it."""
    lines = (
        build_labelled(label, get_words(line)) for label, line in document.facts[:2]
    )
    return " · ".join(map(get_words, lines))


def build_points(lines: Iterable[object]) -> Points:
    return Points(tuple(build_line(line) for line in lines))


def build_row(*cells: object) -> tuple[Line, ...]:
    return tuple(
        cell if isinstance(cell, tuple) else build_line(cell) for cell in cells
    )
