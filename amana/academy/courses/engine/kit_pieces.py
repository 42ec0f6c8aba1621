"""The kit of a live session, as it was published: what it is led with by those who have
not seen the course, and on paper where there is no network."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

EVERYONE = "all"
FACILITATOR = "facilitator"
GROUP = "group"


@dataclass(frozen=True)
class FeedbackQuestion:
    """A question of a feedback form that is asked on screen, in one language."""

    text: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class KitText:
    """A piece of a kit in one language."""

    title: str
    copies: str
    """How many are printed, in words."""
    stale: bool
    """The original has changed since it was translated."""
    cites: tuple[str, ...]
    body: str
    """Markdown."""
    questions: tuple[FeedbackQuestion, ...] = ()
    """Of a feedback form."""


@dataclass(frozen=True)
class KitPiece:
    """A guide, slides, cards, a brief: what is handed over or used as one."""

    part: str
    """The name of its file, which begins with its place in the order of use."""
    kind: str
    audience: str
    step: int | None
    """The number of the step that it serves, from 1; None: the whole session."""
    texts: Mapping[str, KitText]

    def is_shared_at(self, place: int) -> bool:
        """Check whether participants may read it once a session has reached the step at
        this place, from 0: what is for everyone, and serves this step or an earlier
        one."""
        if self.audience != EVERYONE or self.step is None:
            return False
        return self.step <= place + 1


def build_kit_piece(plain: Mapping[str, Any]) -> KitPiece:
    return KitPiece(
        part=plain["part"],
        kind=plain["kind"],
        audience=plain["audience"],
        step=plain["step"],
        texts={
            language: KitText(
                title=text["title"],
                copies=text["copies"],
                stale=text["stale"],
                cites=tuple(text["cites"]),
                body=text["body"],
                questions=tuple(
                    FeedbackQuestion(asked["text"], tuple(asked["options"]))
                    for asked in text.get("questions", ())
                ),
            )
            for language, text in plain["texts"].items()
        },
    )
