"""The knowledge of the help page: each course's list of questions, and the manual.

A course's list is in its folder as `faq.<language>.md`, the manual in docs/manual (in
English). Both are read once, and no question leaves the server."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from amana.academy.cohorts.engine.passages import split_passages
from amana.academy.cohorts.engine.ranking import HelpIndex, HelpPassage
from amana.academy.courses import shipped_courses
from amana.academy.courses.engine.prose import render_html
from amana.language_folders import SOURCE

MANUAL: Path = settings.ROOT / "docs" / "manual"
ANSWERS = 1.6
"""What was written as an answer comes before a page of the manual."""
NOT_FOR_HELP = frozenset({"README.md", "components.md", "loop.md"})
MOST = 4


@dataclass(frozen=True)
class HelpAnswer:
    title: str
    html: str
    page: str
    """Of the manual; empty for what was written as an answer."""


def list_answers(question: str, language: str) -> list[HelpAnswer]:
    return [
        render_answer(passage) for passage in build_index(language).best(question, MOST)
    ]


def render_answer(passage: HelpPassage) -> HelpAnswer:
    written = render_html(passage.text, numbers={}, address_of=str)
    # An answer needs no source; a passage of the manual names the page it is from.
    of_manual = passage.weight != ANSWERS
    return HelpAnswer(passage.title, written, passage.page if of_manual else "")


@cache
def build_index(language: str) -> HelpIndex:
    passages = list(iterate_passages(language))
    if not passages and language != SOURCE:
        return build_index(SOURCE)
    return HelpIndex(passages, language)


def iterate_passages(language: str) -> Iterator[HelpPassage]:
    for folder in shipped_courses.map_folders().values():
        page = folder / f"faq.{language}.md"
        if page.is_file():
            yield from split_passages(page.read_text("utf-8"), weight=ANSWERS)
    if language == SOURCE and MANUAL.is_dir():
        for page in sorted(MANUAL.glob("*.md")):
            if page.name not in NOT_FOR_HELP:
                yield from split_passages(page.read_text("utf-8"))


def list_usual_answers(language: str, most: int = 6) -> list[HelpAnswer]:
    """List answers to begin with: the first questions of the lists."""
    return [render_answer(passage) for passage in build_index(language).passages[:most]]
