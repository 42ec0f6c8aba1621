"""A first meeting: the safety gate, the way to help at once, and the little that is
needed to begin. Answers travel in the form itself: nothing of them is kept before."""

from amana.care.cases.views.meeting.gate_page import emergency, meet, sort_contacts
from amana.care.cases.views.meeting.intake_page import (
    VERDICTS,
    a_new_set,
    a_set,
    copy_as_typed,
    get_verdict,
    has_need,
    intake,
    judged_unlike,
    list_filled,
    say_opened,
    with_one_more,
)

__all__ = [
    "VERDICTS",
    "a_new_set",
    "a_set",
    "copy_as_typed",
    "emergency",
    "get_verdict",
    "has_need",
    "intake",
    "judged_unlike",
    "list_filled",
    "meet",
    "say_opened",
    "sort_contacts",
    "with_one_more",
]
