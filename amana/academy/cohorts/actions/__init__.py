"""Actions on cohorts, and on the applications of people on their way into one."""

from amana.academy.cohorts.actions.asking import (
    Said,
    answer,
    apply,
    ask,
    bring,
    forget,
    link,
)
from amana.academy.cohorts.actions.cohorts import (
    Plan,
    cancel_cohort,
    change_cohort,
    open_cohort,
    plan_of,
)
from amana.academy.cohorts.actions.places import (
    accept,
    complete,
    decline,
    end_with_cohort,
    grant_scholarship,
    invite,
    lapse_offers,
    note_fee,
    offer,
    wait,
    withdraw,
)

__all__ = [
    "Plan",
    "Said",
    "accept",
    "answer",
    "apply",
    "ask",
    "bring",
    "cancel_cohort",
    "change_cohort",
    "complete",
    "decline",
    "end_with_cohort",
    "forget",
    "grant_scholarship",
    "invite",
    "lapse_offers",
    "link",
    "note_fee",
    "offer",
    "open_cohort",
    "plan_of",
    "wait",
    "withdraw",
]
