"""What a course certifies, as it was published."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

type Words = Mapping[str, str]
"""A text by language."""


@dataclass(frozen=True)
class Certification:
    """What the course certifies, and what it asks for it."""

    code: str
    title: Words
    about: Words
    months: int
    """How long it is in force."""
    after: str
    """The one that has to be in force before; empty: none."""
    modules: tuple[str, ...]
    """Whose lessons are read and whose test is passed."""
    assignments: tuple[str, ...]
    """The modules whose work was handed in, judged and passed."""
    sessions: tuple[str, ...]
    """The modules whose live session was attended."""
    refresher: tuple[str, ...]
    """The modules whose test is passed again, to renew it."""


def build_certification(plain: Mapping[str, Any]) -> Certification:
    lists = ("modules", "assignments", "sessions", "refresher")
    return Certification(**{**plain, **{key: tuple(plain[key]) for key in lists}})
