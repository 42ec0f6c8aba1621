"""What can be done with a person's answer. There is no way around it."""

from amana.care.consent.actions.consent_checks import (
    ConsentState,
    open_consent_state,
)
from amana.care.consent.actions.consent_records import (
    NOTHING_WRITTEN,
    SAY_IT,
    close_unused,
    discount_given_by_others,
    end_consent,
    end_resting_on_sphere,
    expire_lapsed,
    lock_consents_of_cases,
    lock_live_consents,
    open_answer,
)
from amana.care.consent.actions.consenting import (
    find_by_reference,
    give,
    give_in_order,
    prolong,
    refuse,
    withdraw,
)
from amana.care.consent.actions.destroying import (
    confirm_destruction,
    confirm_destruction_outside,
    remind_silent,
)
from amana.care.consent.actions.disclosing import (
    disclose,
    hold_back,
    release,
    replace_vital_interest,
)

__all__ = [
    "NOTHING_WRITTEN",
    "SAY_IT",
    "ConsentState",
    "close_unused",
    "confirm_destruction",
    "confirm_destruction_outside",
    "disclose",
    "discount_given_by_others",
    "end_consent",
    "end_resting_on_sphere",
    "expire_lapsed",
    "find_by_reference",
    "give",
    "give_in_order",
    "hold_back",
    "lock_consents_of_cases",
    "lock_live_consents",
    "open_answer",
    "open_consent_state",
    "prolong",
    "refuse",
    "release",
    "remind_silent",
    "replace_vital_interest",
    "withdraw",
]
