"""What can be done with a referral.

Each verb is one transaction and one event in the log. What may follow what is said
in `states.NEXT`; a verb that comes too late raises `Changed` and changes nothing."""

from amana.care.referrals.actions.confirming import (
    avoid_organisation,
    close_unasked,
    confirm,
    recall,
    record_unmet_need,
    stop_avoiding,
)
from amana.care.referrals.actions.cover import arrange_cover, end_cover, set_duty
from amana.care.referrals.actions.outsiders import (
    offer_page,
    offer_slip,
    open_page,
    record_wrong_code,
    revoke_slips,
    write_message,
)
from amana.care.referrals.actions.referral_answers import (
    NotHandedOver,
    accept,
    acknowledge,
    add_to_waiting_list,
    assign,
    assign_together,
    decline,
    redirect,
    take_on,
)
from amana.care.referrals.actions.referral_ends import (
    end_with_consent,
    end_with_vital_interest,
    expire,
    restart_clock,
)
from amana.care.referrals.actions.referral_moves import (
    NEXT_DUE,
    NOT_HEARD_OF,
    WORDS_IN,
    _move,
)
from amana.care.referrals.actions.referring import (
    describe_obstacle,
    require_can_be_asked,
    require_consent,
    require_heard_of,
    require_takes_referrals,
    rest_on_consent,
    send,
    send_accepted,
    send_in_vital_interest,
)
from amana.care.referrals.actions.service_steps import (
    complete_service,
    discontinue_service,
    make_appointment,
    record_attendance,
    record_departure,
    record_failed_attempt,
    record_no_show,
    record_partly_met,
    report_progress,
    start_service,
)

# --- the sender


# --- the recipient answers


# --- the recipient helps


# --- both


# --- a recipient without the system


# --- the clock, and the end of consent


# --- who answers, who covers


# --- how


__all__ = [
    "NEXT_DUE",
    "NOT_HEARD_OF",
    "WORDS_IN",
    "NotHandedOver",
    "_move",
    "accept",
    "acknowledge",
    "add_to_waiting_list",
    "arrange_cover",
    "assign",
    "assign_together",
    "avoid_organisation",
    "close_unasked",
    "complete_service",
    "confirm",
    "decline",
    "describe_obstacle",
    "discontinue_service",
    "end_cover",
    "end_with_consent",
    "end_with_vital_interest",
    "expire",
    "make_appointment",
    "offer_page",
    "offer_slip",
    "open_page",
    "recall",
    "record_attendance",
    "record_departure",
    "record_failed_attempt",
    "record_no_show",
    "record_partly_met",
    "record_unmet_need",
    "record_wrong_code",
    "redirect",
    "report_progress",
    "require_can_be_asked",
    "require_consent",
    "require_heard_of",
    "require_takes_referrals",
    "rest_on_consent",
    "restart_clock",
    "revoke_slips",
    "send",
    "send_accepted",
    "send_in_vital_interest",
    "set_duty",
    "start_service",
    "stop_avoiding",
    "take_on",
    "write_message",
]
