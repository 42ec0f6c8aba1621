"""The Markdown that a mechanism's prose is written in, and nothing more than that.

Headings, paragraphs, lists, **strong** and *emphasised* words, and the places that are
filled from the rest of the pack. Anything else stays as it was typed. Pure, and no
markup comes out: the page that shows it decides what a heading looks like.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

HEADING = re.compile(r"(#{1,4})\s+(.+?)\s*#*")
POINT = re.compile(r"\s{0,3}[-*]\s+(.+)")
NUMBERED = re.compile(r"\s{0,3}\d{1,3}[.)]\s+(.+)")
# A place comes first: stars within its braces are no emphasis.
MARKED = re.compile(
    r"\{\{\s*(?P<place>.*?)\s*\}\}"
    r"|\*\*(?P<strong>\S|\S.*?\S)\*\*"
    r"|\*(?P<emphasis>[^\s*]|[^\s*].*?[^\s*])\*",
    re.DOTALL,
)


@dataclass(frozen=True)
class ProseRun:
    """Words of one kind, one after the other; a place holds the name of what fills it,
    strong and emphasised words may hold places."""

    kind: Literal["plain", "strong", "emphasis", "place"]
    words: str
    within: tuple["ProseRun", ...] = ()


type Line = tuple[ProseRun, ...]


@dataclass(frozen=True)
class ProseBlock:
    kind: Literal["heading", "paragraph", "points", "numbered", "table"]
    lines: tuple[Line, ...]
    """A heading and a paragraph have one; a list has one for each of its points."""
    level: int = 0
    """Of a heading: 1 is the title."""

    @property
    def line(self) -> Line:
        return self.lines[0]

    @property
    def place(self) -> str:
        """Of a table: the name of what fills it."""
        return self.line[0].words


def parse_blocks(words: str) -> list[ProseBlock]:
    """Parse a text into its blocks, from the top."""
    return [
        block
        for paragraph in re.split(r"\n\s*\n", words.replace("\r\n", "\n"))
        for block in iterate_blocks(paragraph)
    ]


def fill_blocks(
    given: list[ProseBlock], fill: Callable[[str], str]
) -> list[ProseBlock]:
    """Fill the places in blocks with what belongs there; tables stay to be drawn."""

    def line(runs: Line) -> Line:
        return tuple(
            replace(run, words=fill(run.words))
            if run.kind == "place"
            else replace(run, within=line(run.within))
            for run in runs
        )

    return [
        block
        if block.kind == "table"
        else replace(block, lines=tuple(line(runs) for runs in block.lines))
        for block in given
    ]


def iterate_blocks(paragraph: str) -> Iterator[ProseBlock]:
    lines = [line for line in paragraph.split("\n") if line.strip()]
    joined = list(join_continued_lines(lines))
    for kind, group in groupby(joined, key=find_line_kind):
        yield from build_blocks(kind, list(group))


def join_continued_lines(lines: list[str]) -> Iterator[str]:
    """Join lines that begin with spaces to the line before them."""
    held = ""
    for line in lines:
        if held and line[:2] == "  " and find_line_kind(line) == "paragraph":
            held = f"{held} {line.strip()}"
            continue
        if held:
            yield held
        held = line
    if held:
        yield held


def find_line_kind(line: str) -> str:
    if HEADING.fullmatch(line):
        return "heading"
    if POINT.fullmatch(line):
        return "points"
    if NUMBERED.fullmatch(line):
        return "numbered"
    return "paragraph"


def build_blocks(kind: str, lines: list[str]) -> Iterator[ProseBlock]:
    if kind == "heading":
        for line in lines:
            marks, said = HEADING.fullmatch(line).groups()  # type: ignore[union-attr]
            yield ProseBlock("heading", (parse_runs(said),), level=len(marks))
    elif kind == "points":
        yield ProseBlock("points", tuple(parse_point(POINT, line) for line in lines))
    elif kind == "numbered":
        yield ProseBlock(
            "numbered", tuple(parse_point(NUMBERED, line) for line in lines)
        )
    else:
        said = parse_runs(" ".join(line.strip() for line in lines))
        yield ProseBlock("table" if is_table(said) else "paragraph", (said,))


def parse_point(pattern: re.Pattern[str], line: str) -> Line:
    found = pattern.fullmatch(line)
    assert found is not None
    return parse_runs(found[1].strip())


def is_table(line: Line) -> bool:
    alone = len(line) == 1 and line[0].kind == "place"
    return alone and line[0].words.startswith("table.")


def parse_runs(words: str) -> Line:
    return tuple(iterate_runs(words))


def iterate_runs(words: str) -> Iterator[ProseRun]:
    end = 0
    for found in MARKED.finditer(words):
        if found.start() > end:
            yield ProseRun("plain", words[end : found.start()])
        end = found.end()
        if (place := found["place"]) is not None:
            yield ProseRun("place", place)
        elif (strong := found["strong"]) is not None:
            yield ProseRun("strong", strong, parse_runs(strong))
        else:
            yield ProseRun("emphasis", found["emphasis"], parse_runs(found["emphasis"]))
    if end < len(words):
        yield ProseRun("plain", words[end:])
