"""Passages of a page of Markdown: each second heading, with the text below it."""

import re
from collections.abc import Iterator

from amana.academy.cohorts.engine.ranking import HelpPassage

TITLE = re.compile(r"^# +(?P<title>.+?) *$", re.MULTILINE)
HEADING = re.compile(r"^## +(?P<title>.+?) *$", re.MULTILINE)


def split_passages(page: str, *, weight: float = 1.0) -> Iterator[HelpPassage]:
    above = TITLE.search(page)
    parts = HEADING.split(page)
    for title, text in zip(parts[1::2], parts[2::2], strict=True):
        yield HelpPassage(title, text.strip(), weight, above["title"] if above else "")
