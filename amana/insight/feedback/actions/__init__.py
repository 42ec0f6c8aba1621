"""What can be done with what people say: ask, answer, read, complain, publish."""

from amana.insight.feedback.actions.answering import (
    answer_at_kiosk,
    answer_by_voice,
    answer_with_slip,
    mix_words,
)
from amana.insight.feedback.actions.asking import (
    appoint_team,
    dismiss_desk,
    end_kiosk,
    forget_old_slips,
    open_kiosk,
    print_slips,
)
from amana.insight.feedback.actions.complaints import (
    acknowledge_complaint,
    close_complaint,
    look_up_complaint,
    notify_late,
    take_complaint,
    write_to_person,
)
from amana.insight.feedback.actions.council import (
    answer_advice,
    count_late_advice,
    record_advice,
)
from amana.insight.feedback.actions.offering import record_offer
from amana.insight.feedback.actions.partners import rate_referral
from amana.insight.feedback.actions.published import announce_change, withdraw_change
from amana.insight.feedback.actions.reading import (
    mark_themes,
    open_complaint,
    open_voices,
)
from amana.insight.feedback.actions.reviewing import (
    decide_review,
    open_review,
    request_review,
    transfer_letters,
    write_for_review,
)

__all__ = [
    "acknowledge_complaint",
    "announce_change",
    "answer_advice",
    "answer_at_kiosk",
    "answer_by_voice",
    "answer_with_slip",
    "appoint_team",
    "close_complaint",
    "count_late_advice",
    "decide_review",
    "dismiss_desk",
    "end_kiosk",
    "forget_old_slips",
    "look_up_complaint",
    "mark_themes",
    "mix_words",
    "notify_late",
    "open_complaint",
    "open_kiosk",
    "open_review",
    "open_voices",
    "print_slips",
    "rate_referral",
    "record_advice",
    "record_offer",
    "request_review",
    "take_complaint",
    "transfer_letters",
    "withdraw_change",
    "write_for_review",
    "write_to_person",
]
