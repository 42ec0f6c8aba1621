"""What can be done with what people say: ask, answer, read, complain, publish."""

from amana.insight.feedback.actions.answering import (
    answer_at_kiosk,
    answer_by_voice,
    answer_with_slip,
    mix_words,
)
from amana.insight.feedback.actions.changes import announce_change, withdraw_change
from amana.insight.feedback.actions.complaint_handling import (
    acknowledge_complaint,
    close_complaint,
    look_up_complaint,
    notify_late,
    take_complaint,
    write_to_person,
)
from amana.insight.feedback.actions.complaint_reviews import (
    decide_review,
    open_review,
    request_review,
    transfer_letters,
    write_for_review,
)
from amana.insight.feedback.actions.council_advice import (
    answer_advice,
    count_late_advice,
    record_advice,
)
from amana.insight.feedback.actions.feedback_doors import (
    appoint_team,
    dismiss_desk,
    end_kiosk,
    forget_old_slips,
    open_kiosk,
    print_slips,
)
from amana.insight.feedback.actions.offering import record_offer
from amana.insight.feedback.actions.opened_voices import (
    mark_themes,
    open_complaint,
    open_voices,
)
from amana.insight.feedback.actions.partner_ratings import rate_referral

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
