"""The knowledge of the help page: each course's list of questions, and the manual.

A course's list is in its folder as `faq.<language>.md`, the manual in docs/manual (in
English). Both are read once, and no question leaves the server."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from amana.academy.cohorts.engine.passages import passages_of
from amana.academy.cohorts.engine.ranking import Index, Passage
from amana.academy.courses import shipped
from amana.academy.courses.engine.prose import html

MANUAL: Path = settings.ROOT / "docs" / "manual"
ANSWERS = 1.6
"""What was written as an answer comes before a page of the manual."""
NOT_FOR_HELP = frozenset({"README.md", "components.md", "loop.md"})
MOST = 4


@dataclass(frozen=True)
class Answer:
    title: str
    html: str
    page: str
    """Of the manual; empty for what was written as an answer."""


def answers(question: str, language: str) -> list[Answer]:
    return [shown(passage) for passage in index(language).best(question, MOST)]


def shown(passage: Passage) -> Answer:
    written = html(passage.text, numbers={}, address_of=str)
    # An answer needs no source; a passage of the manual names the page it is from.
    of_manual = passage.weight != ANSWERS
    return Answer(passage.title, written, passage.page if of_manual else "")


@cache
def index(language: str) -> Index:
    return Index(list(passages(language)), language)


def passages(language: str) -> Iterator[Passage]:
    for folder in shipped.folders().values():
        page = folder / f"faq.{language}.md"
        if page.is_file():
            yield from passages_of(page.read_text("utf-8"), weight=ANSWERS)
    if language == "en" and MANUAL.is_dir():
        for page in sorted(MANUAL.glob("*.md")):
            if page.name not in NOT_FOR_HELP:
                yield from passages_of(page.read_text("utf-8"))


def usual(language: str, most: int = 6) -> list[Answer]:
    """List answers to begin with: the first questions of the lists."""
    return [shown(passage) for passage in index(language).passages[:most]]
