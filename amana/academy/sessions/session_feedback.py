"""The feedback form of a session’s kit on screen, and its counts."""

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms

from amana.academy.sessions import kits
from amana.academy.sessions.actions.kit_acts import CLOSED, list_shown_counts
from amana.academy.sessions.engine.room_state import RoomState
from amana.academy.sessions.models import Session
from amana.academy.sessions.session_kit import ShownKitPiece, find_session_kit
from amana.ui.form_options import Posted


@dataclass(frozen=True)
class FeedbackOptionCount:
    text: str
    count: int


@dataclass(frozen=True)
class FeedbackQuestionCount:
    """A question with its counts; without any where too few people answered it."""

    number: int
    text: str
    options: list[FeedbackOptionCount]
    answers: int


class FeedbackForm(forms.Form):
    """The questions of a kit’s feedback form, in the reader’s language; each may be
    left out."""

    def __init__(self, piece: ShownKitPiece, data: Posted = None) -> None:
        super().__init__(data)
        for number, asked in enumerate(piece.text.questions):
            self.fields[f"question-{number}"] = forms.TypedChoiceField(
                label=asked.text,
                choices=[(str(at), text) for at, text in enumerate(asked.options)],
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
            )

    @property
    def choices(self) -> Mapping[int, int]:
        """The chosen options, by their questions."""
        said = self.cleaned_data
        return {
            number: said[name]
            for number, name in enumerate(self.fields)
            if said.get(name) is not None
        }


def find_feedback(session: Session) -> ShownKitPiece | None:
    """Find the feedback form of a session’s kit; None where nothing is asked on
    screen."""
    kit = find_session_kit(session)
    if kit is None or not kits.list_questions(session):
        return None
    return next((shown for shown in kit.pieces if shown.piece.kind == "feedback"), None)


def list_results(session: Session, room: RoomState) -> list[FeedbackQuestionCount]:
    """List what was answered, once the form is closed."""
    piece = find_feedback(session)
    # While it is open, each look would show by how much a count grew, and so whose.
    if piece is None or room.feedback != CLOSED:
        return []
    shown = list_shown_counts(session)
    return [
        FeedbackQuestionCount(
            number=number + 1,
            text=asked.text,
            options=[
                FeedbackOptionCount(text, count)
                for text, count in zip(asked.options, shown[number], strict=True)
            ]
            if number in shown
            else [],
            answers=sum(shown.get(number, ())),
        )
        for number, asked in enumerate(piece.text.questions)
    ]
