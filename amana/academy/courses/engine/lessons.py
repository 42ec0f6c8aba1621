"""Read a lesson's file: its header between two lines of three hyphens, and the text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any

from amana.academy.courses.engine import prose
from amana.design.mechanism.pack import yamls
from amana.faults import Fault, gettext_noop

NO_FRONT = gettext_noop(
    "A lesson begins with a line of three hyphens, its details, and another "
    "line of three hyphens."
)
FENCE = "---"


@dataclass(frozen=True)
class LessonFile:
    """A lesson in one language, as its file says it."""

    file: str
    folder: str
    language: str
    part: str
    source: yamls.YAMLSource
    body: str
    first: int
    """The line on which the body begins."""
    sha256: str
    pieces: tuple[prose.ProsePiece, ...] = field(repr=False)

    @property
    def said(self) -> Mapping[str, Any]:
        plain: Mapping[str, Any] = self.source.plain
        return plain

    @cached_property
    def blocks(self) -> list[prose.MarkdownBlock]:
        return [
            block
            for piece in self.pieces
            if piece.kind == "words"
            for block in prose.parse_blocks(piece.said, piece.line)
        ]

    @property
    def cites(self) -> list[str]:
        """Each source once, in the order in which the text comes to it."""
        return list(dict.fromkeys(key for block in self.blocks for key in block.cites))

    def asked(self) -> list[str]:
        return [piece.said for piece in self.pieces if piece.kind == "question"]

    def fault(self, line: int, sentence: str, /, **values: object) -> Fault:
        return Fault(self.file, line, sentence, values)


def read_lesson(
    file: str, content: bytes, *, folder: str, language: str, part: str
) -> LessonFile:
    text = yamls.decode_text(file, content).replace("\r\n", "\n")
    lines = text.split("\n")
    ends = [at for at, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE]
    if lines[0].rstrip() != FENCE or not ends:
        raise yamls.UnreadableYAML(file, 1, NO_FRONT)
    # An empty first line in place of the hyphens keeps the numbers of the lines.
    source = yamls.read_yaml(file, "\n".join(["", *lines[1 : ends[0]]]).encode())
    body, first = "\n".join(lines[ends[0] + 1 :]), ends[0] + 2
    return LessonFile(
        file=file,
        folder=folder,
        language=language,
        part=part,
        source=source,
        body=body,
        first=first,
        sha256=sha256(content).hexdigest(),
        pieces=tuple(prose.iterate_pieces(body, first)),
    )
