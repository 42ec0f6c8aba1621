"""Read an interview: the file that its author wrote, with the story that ink compiled
from it.

Next to `interviews/name.ink` lies `name.ink.json`, compiled from it by ink's own tools,
with the SHA-256 of the file from which it was made under `source`. A translation is a
file of its own: `interviews/name.fr.ink`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from amana.academy.courses.engine import interview_story
from amana.academy.courses.engine.gathering import CourseSources, InterviewPlace
from amana.faults import Fault, gettext_noop

NOT_COMPILED = gettext_noop("This interview is not compiled yet.")
STALE = gettext_noop(
    "The interview has changed since it was compiled. Compile it again."
)
NO_SOURCE = gettext_noop("The interview from which this was compiled is missing.")
UNREADABLE = gettext_noop("This is not a compiled interview: %(why)s")


class UnreadableInterview(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


@dataclass(frozen=True)
class InterviewFile:
    """An interview in one language."""

    place: InterviewPlace
    written: str
    sha256: str
    """Of the file that its author wrote."""
    story: str
    """As ink compiled it."""
    head: Mapping[str, str]
    plain: Mapping[str, Any]
    """What `story` says."""

    @property
    def file(self) -> str:
        return self.place.file

    @property
    def top(self) -> list[Any]:
        """What comes before the first knot, where it begins."""
        top: list[Any] = self.plain["root"][:-1]
        return top

    @property
    def knots(self) -> dict[str, Any]:
        named = self.plain["root"][-1] or {}
        return {name: said for name, said in named.items() if is_knot(name)}

    def get_line(self, knot: str) -> int | None:
        for number, line in enumerate(self.written.splitlines(), 1):
            if line.strip().strip("=").strip() == knot and line.strip()[:2] == "==":
                return number
        return None


def is_knot(name: str) -> bool:
    return not name.startswith("#") and name != "global decl"


def list_interviews(gathered: CourseSources) -> list[InterviewPlace]:
    return sorted(set(gathered.interviews) | set(gathered.stories))


def read_interview(gathered: CourseSources, place: InterviewPlace) -> InterviewFile:
    """Read an interview; raise `UnreadableInterview` where it is not whole, or not
    fresh."""
    source, story = gathered.interviews.get(place), gathered.stories.get(place)
    if source is None:
        raise UnreadableInterview(Fault(f"{place.file}.json", None, NO_SOURCE))
    if story is None:
        raise UnreadableInterview(Fault(place.file, None, NOT_COMPILED))
    digest = sha256(source).hexdigest()
    try:
        text = story.decode()
        plain = json.loads(text)
        head = interview_story.read_header(text)
        written = source.decode()
        dict(plain["root"][-1] or {})
    except (
        *(ValueError, interview_story.BrokenStory, TypeError, LookupError),
        RecursionError,  # nested without end
    ) as error:
        fault = Fault(f"{place.file}.json", None, UNREADABLE, {"why": str(error)})
        raise UnreadableInterview(fault) from error
    # Compiled by tools that an installation does not have (ADR 19): the hash is how an
    # outdated file is noticed.
    if plain.get("source") != digest:
        raise UnreadableInterview(Fault(place.file, None, STALE))
    return InterviewFile(place, written, digest, text, head, plain)
