"""What a lesson cites, and what of it is gone from the sources of its course."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from amana.academy.authoring import lesson_parts
from amana.academy.authoring.lesson_parts import LessonPart
from amana.academy.courses.content import load_content
from amana.academy.courses.engine import prose
from amana.academy.courses.models import Version
from amana.design.mechanism import writing


@dataclass(frozen=True)
class CitedSource:
    """A source that a lesson cites."""

    key: str
    said: Mapping[str, Any]
    """As the course says it; of one that is gone as the last version said it."""
    gone: bool
    version: int = 0
    """The version that had one that is gone; 0: no version had it."""


def list_cited(
    parts: Iterable[LessonPart], files: Mapping[str, bytes]
) -> list[CitedSource]:
    """List what is cited, in order; what is gone with what is known of it."""
    sources = writing.read_plain(files, "sources.yaml")
    known = sources if isinstance(sources, Mapping) else {}
    keys = list(dict.fromkeys(iterate_cites(parts)))
    lost: Mapping[str, Mapping[str, Any]] = {}
    number = 0
    # Reading a published course takes a while, and most lessons lack nothing.
    if not set(keys) <= set(known):
        number, lost = load_published_sources(files)
    return [
        CitedSource(key, known[key], gone=False)
        if isinstance(known.get(key), Mapping)
        else CitedSource(key, lost.get(key, {}), True, number if key in lost else 0)
        for key in keys
    ]


def iterate_cites(parts: Iterable[LessonPart]) -> Iterator[str]:
    for part in parts:
        if part.kind == lesson_parts.WORDS:
            for block in prose.parse_blocks(part.said):
                yield from block.cites


def load_published_sources(
    files: Mapping[str, bytes],
) -> tuple[int, Mapping[str, Mapping[str, Any]]]:
    """Load the sources of the course’s last published version, and its number; nothing
    where none is published."""
    slug = writing.read_piece(files, "course.yaml", ("slug",))
    published = Version.objects.for_page().filter(course__slug=str(slug))
    last = published.order_by("-number").first()
    return (last.number, load_content(last).sources) if last else (0, {})
