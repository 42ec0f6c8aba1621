"""Ask whether a person is known elsewhere, compare, answer, end.

The server compares, in a request of the team that was asked, since only their keys open
their cards. Those who ask get the same page, in the same time, whether she is known
there or not; so does everyone there but those who help her. An answer leaves the same
in the log, the tables and the mail as a look that answers nothing; only the session
and a web server's access log see that it was a POST."""

from amana.care.known_elsewhere.actions.comparing_cards import (
    ComparedEnquiry,
    answer_question,
    compare_waiting,
    is_strong,
    notify_askers,
    read_reply,
    review_questions,
)
from amana.care.known_elsewhere.actions.ending_enquiries import (
    end_expired,
    end_questions_of_case,
    withdraw,
)
from amana.care.known_elsewhere.actions.enquiring import (
    EACH_DAY,
    PART,
    SHOWN,
    ask_team,
    fill_to_size,
    is_over_budget,
)

__all__ = [
    "EACH_DAY",
    "PART",
    "SHOWN",
    "ComparedEnquiry",
    "answer_question",
    "ask_team",
    "compare_waiting",
    "end_expired",
    "end_questions_of_case",
    "fill_to_size",
    "is_over_budget",
    "is_strong",
    "notify_askers",
    "read_reply",
    "review_questions",
    "withdraw",
]
