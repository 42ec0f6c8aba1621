"""A lesson as the parts that its form shows, and the file that comes of them.

Pure. Parts that are left as they were give the same bytes again, so that a saved form
makes no translation out of date.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from amana.academy.courses.engine import prose
from amana.academy.courses.engine.markdown_files import FENCE
from amana.design.mechanism import writing
from amana.yaml_files import yamls

WORDS, PICTURE, ASKED, THOUGHT, HELP = (
    "words",
    "figure",
    "question",
    "reflect",
    "helplines",
)
KINDS = (WORDS, PICTURE, ASKED, THOUGHT, HELP)
HEAD = "head"
FIGURE_LINE = re.compile(
    r"!\[(?P<alternative>[^\]\n]*)\]\(figures/(?P<name>[a-z0-9.-]+)\.svg\)"
)


@dataclass(frozen=True)
class LessonPart:
    """One thing that learners meet in a lesson, from the top."""

    kind: str
    said: str = ""
    """Markdown; a drawing’s name; a question’s code; what to think about."""
    alternative: str = ""
    """What is said of a drawing to those who can’t see it."""
    line: int = field(default=0, compare=False)
    """Where it begins in the file."""


@dataclass(frozen=True)
class LessonDraft:
    """A lesson’s file as its form takes it apart."""

    head: str
    body: str
    first: int
    """The line on which the body begins."""
    said: Mapping[str, Any]

    @property
    def parts(self) -> list[LessonPart]:
        return list(split_parts(self.body, self.first))


def read_draft(content: bytes) -> LessonDraft | None:
    """Read a lesson; None where it has to be mended as text first."""
    try:
        text = yamls.decode_text(HEAD, content).replace("\r\n", "\n")
        lines = text.split("\n")
        ends = [at for at, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE]
        if lines[0].rstrip() != FENCE or not ends:
            return None
        head = "\n".join(lines[1 : ends[0]])
        # An empty first line in place of the hyphens keeps the numbers of the lines.
        source = yamls.read_yaml(HEAD, f"\n{head}".encode())
    except yamls.UnreadableYAML:
        return None
    if not isinstance(source.plain, Mapping | None):
        return None
    return LessonDraft(
        head=head,
        body="\n".join(lines[ends[0] + 1 :]),
        first=ends[0] + 2,
        said=source.plain or {},
    )


def write_draft(
    draft: LessonDraft, head: Mapping[str, object], parts: Sequence[LessonPart]
) -> bytes:
    """Write the file with other entries in its head (None: removed), and these
    parts."""
    changed: dict[writing.Place, object] = {
        (key,): value for key, value in head.items() if draft.said.get(key) != value
    }
    lines = draft.head
    if changed:
        files = {HEAD: f"{lines}\n".encode()}
        lines = writing.write_values(files, HEAD, changed)[HEAD].decode().rstrip("\n")
    # Its author’s own empty lines stay where nothing else was changed.
    body = draft.body if list(parts) == draft.parts else join_parts(parts)
    return f"{FENCE}\n{lines}\n{FENCE}\n{body}".encode()


# -- taking apart, and putting together ------------------------------------------------


def split_parts(body: str, first: int = 1) -> Iterator[LessonPart]:
    """Yield the parts of a body: text by its headings, drawings, and our own lines."""
    for piece in prose.iterate_pieces(body, first):
        if piece.kind in (ASKED, THOUGHT, HELP):
            yield LessonPart(piece.kind, piece.said, line=piece.line)
        else:
            # A line that is none of ours is shown as text, so that it can be mended.
            yield from split_words(piece.said, piece.line)


def split_words(words: str, first: int) -> Iterator[LessonPart]:
    lines = words.split("\n")
    tops = [top for top, _below, _title in prose.iterate_headings(words)]
    cuts = sorted({0, *tops, *iterate_figure_cuts(lines), len(lines)})
    for begin, end in pairwise(cuts):
        said = "\n".join(lines[begin:end]).strip("\n")
        if said.strip():
            # Faults name the line of the words, and not of the empty one above them.
            blank = next(at for at in range(begin, end) if lines[at].strip())
            yield build_text_part(said, first + blank)


def iterate_figure_cuts(lines: Sequence[str]) -> Iterator[int]:
    """Yield where a drawing that is a paragraph of its own begins and ends."""
    for at, line in enumerate(lines):
        around = (lines[near] for near in (at - 1, at + 1) if 0 <= near < len(lines))
        if FIGURE_LINE.fullmatch(line) and not any(near.strip() for near in around):
            yield from (at, at + 1)


def build_text_part(said: str, line: int) -> LessonPart:
    if found := FIGURE_LINE.fullmatch(said):
        return LessonPart(PICTURE, found["name"], found["alternative"], line)
    return LessonPart(WORDS, said, line=line)


def join_parts(parts: Iterable[LessonPart]) -> str:
    """Write parts with an empty line between them."""
    return "\n\n".join(map(format_part, parts)) + "\n"


def format_part(part: LessonPart) -> str:
    """Write a part as it is in the file."""
    match part.kind:
        case "figure":
            return f"![{part.alternative}](figures/{part.said}.svg)"
        case "question":
            return f"{{{{ question: {part.said} }}}}"
        case "reflect":
            return f'{{{{ reflect: "{part.said}" }}}}'
        case "helplines":
            return "{{ helplines }}"
        case _:
            return part.said


def find_part(parts: Sequence[LessonPart], line: int) -> int | None:
    """Find the part in which a line of the file is; None for one in the head."""
    before = [at for at, part in enumerate(parts) if part.line <= line]
    return before[-1] if before else None
