"""How long what may take, by urgency; and when that is, by the calendar of the place.

Pure: no Django, no database. Sources of the table: IASC MHPSS inter-agency referral
form, 2017 (emergency 24 h, urgent 72 h, normal two weeks); GBVIMS+ (high 24 h, medium
72 h); CPIMS+ response times (1 h, 3 h, 1 day, 3 days). Danger to life does not wait
for an office to open, so emergencies and high urgency run day and night.
"""

from datetime import datetime
from enum import StrEnum

from amana.working_time import Calendar, Days, Hours, Minutes, TimeSpan, WorkingDays


class ReferralClock(StrEnum):
    """What is waited for."""

    RECEIPT = "receipt"
    """The recipient has seen it."""
    ANSWER = "answer"
    """Yes, not yet, or no; counted from the sending."""
    CONTACT = "contact"
    """The person hears from them."""
    FOLLOW_UP = "follow_up"
    """How it goes: the first report after she came."""
    NEXT_FOLLOW_UP = "next_follow_up"
    """Each report after that, and asking again for a free place."""
    ESCALATION = "escalation"
    """From telling one to telling the next, once a clock was missed."""


C = ReferralClock
TABLE: dict[str, dict[ReferralClock, TimeSpan]] = {
    "U0": {
        C.RECEIPT: Minutes(30),
        C.ANSWER: Hours(1),
        C.CONTACT: Hours(3),
        C.FOLLOW_UP: Hours(24),
        # `Days` keep the time of day when clocks are put forward; `Hours` count through
        # it.
        C.NEXT_FOLLOW_UP: Days(1),
        C.ESCALATION: Minutes(30),
    },
    "U1": {
        C.RECEIPT: Hours(4),
        C.ANSWER: Hours(24),
        C.CONTACT: Hours(24),
        C.FOLLOW_UP: Hours(72),
        C.NEXT_FOLLOW_UP: Days(7),
        C.ESCALATION: Hours(4),
    },
    "U2": {
        C.RECEIPT: WorkingDays(1),
        C.ANSWER: Hours(72),
        C.CONTACT: Hours(72),
        C.FOLLOW_UP: Days(14),
        C.NEXT_FOLLOW_UP: Days(14),
        C.ESCALATION: WorkingDays(1),
    },
    "U3": {
        C.RECEIPT: WorkingDays(2),
        C.ANSWER: WorkingDays(5),
        C.CONTACT: Days(14),
        C.FOLLOW_UP: Days(30),
        C.NEXT_FOLLOW_UP: Days(30),
        C.ESCALATION: WorkingDays(2),
    },
}


def compute_deadline(
    clock: ReferralClock, urgency: str, start: datetime, calendar: Calendar
) -> datetime:
    return TABLE[urgency][clock].after(start, calendar)


def compute_receipt_deadline(
    urgency: str,
    sent_at: datetime,
    calendar: Calendar,
    promised: TimeSpan | None = None,
) -> datetime:
    """Compute when it has to be acknowledged: never later than it has to be
    answered."""
    ordinary = compute_deadline(C.RECEIPT, urgency, sent_at, calendar)
    return min(ordinary, compute_answer_deadline(urgency, sent_at, calendar, promised))


def compute_answer_deadline(
    urgency: str,
    sent_at: datetime,
    calendar: Calendar,
    promised: TimeSpan | None = None,
) -> datetime:
    """Compute when it has to be answered. What the service promised can make this
    earlier, never later."""
    ordinary = compute_deadline(C.ANSWER, urgency, sent_at, calendar)
    if promised is None:
        return ordinary
    return min(ordinary, promised.after(sent_at, calendar))
