"""What can be done with what people say: ask, answer, read, complain, publish."""

from amana.insight.feedback.actions.answering import answer, answer_at, answer_for, mix
from amana.insight.feedback.actions.asking import (
    appoint,
    dismiss,
    end_kiosk,
    forget_old,
    open_kiosk,
    print_slips,
)
from amana.insight.feedback.actions.complaints import (
    chase,
    close,
    complain,
    look_up,
    see,
    write,
)
from amana.insight.feedback.actions.council import advise, answer_advice, count_late
from amana.insight.feedback.actions.offering import offer
from amana.insight.feedback.actions.partners import rate
from amana.insight.feedback.actions.published import publish, take_back
from amana.insight.feedback.actions.reading import mark, opened, opened_complaint
from amana.insight.feedback.actions.reviewing import (
    ask_again,
    decide,
    hand_over,
    opened_review,
    write_again,
)

__all__ = [
    "advise",
    "answer",
    "answer_advice",
    "answer_at",
    "answer_for",
    "appoint",
    "ask_again",
    "chase",
    "close",
    "complain",
    "count_late",
    "decide",
    "dismiss",
    "end_kiosk",
    "forget_old",
    "hand_over",
    "look_up",
    "mark",
    "mix",
    "offer",
    "open_kiosk",
    "opened",
    "opened_complaint",
    "opened_review",
    "print_slips",
    "publish",
    "rate",
    "see",
    "take_back",
    "write",
    "write_again",
]
