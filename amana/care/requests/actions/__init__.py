"""What can be done with a request for help.

Each verb is one transaction and one event in the log. Ending a consent must never wait
for us for ever: so we take the consents of a request first, in the order of their keys,
and then the request, as the end of a consent does."""

from amana.care.requests.actions.asking_for_help import (
    ask,
    ask_without_name,
    join,
    recall,
    share,
)
from amana.care.requests.actions.enquiry_moves import WHERE, destroy_held_back_copies
from amana.care.requests.actions.helping import accept, decline
from amana.care.requests.actions.lapsing import (
    delete_old,
    destroy_left_behind,
    end_with_consent,
    finish,
    follow_case,
    lapse,
    leave_out,
    pass_on_lost_place,
    stop_asking,
)

__all__ = [
    "WHERE",
    "accept",
    "ask",
    "ask_without_name",
    "decline",
    "delete_old",
    "destroy_held_back_copies",
    "destroy_left_behind",
    "end_with_consent",
    "finish",
    "follow_case",
    "join",
    "lapse",
    "leave_out",
    "pass_on_lost_place",
    "recall",
    "share",
    "stop_asking",
]
