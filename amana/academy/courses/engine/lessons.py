"""Read a lesson's file: its text, and our own lines in it."""

from dataclasses import dataclass, field, fields
from functools import cached_property

from amana.academy.courses.engine import prose
from amana.academy.courses.engine.markdown_files import MarkdownFile, read_markdown
from amana.faults import gettext_noop

NO_FRONT = gettext_noop(
    "A lesson begins with a line of three hyphens, its details, and another "
    "line of three hyphens."
)


@dataclass(frozen=True)
class LessonFile(MarkdownFile):
    """A lesson in one language, as its file says it."""

    pieces: tuple[prose.ProsePiece, ...] = field(repr=False)

    @cached_property
    def blocks(self) -> list[prose.MarkdownBlock]:
        return [
            block
            for piece in self.pieces
            if piece.kind == "words"
            for block in prose.parse_blocks(piece.said, piece.line)
        ]

    def asked(self) -> list[str]:
        return [piece.said for piece in self.pieces if piece.kind == "question"]


def read_lesson(
    file: str, content: bytes, *, folder: str, language: str, part: str
) -> LessonFile:
    place = {"folder": folder, "language": language, "part": part}
    read = read_markdown(file, content, NO_FRONT, **place)
    return LessonFile(
        **{known.name: getattr(read, known.name) for known in fields(read)},
        pieces=tuple(prose.iterate_pieces(read.body, read.first)),
    )
