"""What can be done with a meeting that was held without a network: a first one, or a
screening.

What a device sends is opened and does what the same answers do online, by the same
forms and actions, in one transaction. What is refused meanwhile (a service has closed,
a text has changed) undoes only itself: the case is opened with all that could be done,
and a note lists what could not."""

from amana.care.meetings.actions.meeting_requests import (
    LONGEST_AGO,
    LONGEST_ANSWER,
    MOST_OFFSET,
    PURPOSE,
    ReceivedMeeting,
    compute_answer_time,
)
from amana.care.meetings.actions.receiving import (
    MOST_WAITING,
    receive,
    receive_and_take,
    set_aside,
    take_meeting_over,
)

__all__ = [
    "LONGEST_AGO",
    "LONGEST_ANSWER",
    "MOST_OFFSET",
    "MOST_WAITING",
    "PURPOSE",
    "ReceivedMeeting",
    "compute_answer_time",
    "receive",
    "receive_and_take",
    "set_aside",
    "take_meeting_over",
]
