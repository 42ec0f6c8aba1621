"""The kit of a session, out of the version by which its cohort learns: what of it is
shown, handed out and asked in the room."""

from collections.abc import Sequence

from amana.academy.courses.content import load_content
from amana.academy.courses.engine.kit_pieces import (
    GROUP,
    FeedbackQuestion,
    KitPiece,
)
from amana.academy.courses.engine.prose import split_sections
from amana.academy.sessions.models import Session


def list_pieces(session: Session) -> tuple[KitPiece, ...]:
    """List the pieces of a session’s kit; none where it has no kit."""
    module = load_content(session.cohort.version).module(session.module)
    return module.kit if module else ()


def find_slides(session: Session) -> KitPiece | None:
    pieces = list_pieces(session)
    return next((piece for piece in pieces if piece.kind == "slides"), None)


def count_slides(session: Session) -> int:
    """Count the slides, in the language of which there are fewest: each that is shown
    can then be seen by everyone."""
    slides = find_slides(session)
    # The check holds translations to the same headings, but not an outdated one.
    counts = [
        sum(bool(section.title) for section in split_sections(text.body))
        for text in (slides.texts.values() if slides else ())
    ]
    return min(counts, default=0)


def is_for_groups(session: Session, part: str) -> bool:
    """Check whether a piece of the kit is one that is handed out to groups."""
    return any(
        piece.part == part and piece.audience == GROUP for piece in list_pieces(session)
    )


def list_questions(session: Session) -> Sequence[FeedbackQuestion]:
    """List what the feedback form asks on screen, in the course’s first language."""
    first = load_content(session.cohort.version).first
    for piece in list_pieces(session):
        if piece.kind == "feedback" and first in piece.texts:
            return piece.texts[first].questions
    return ()
