"""Actions on cohorts, and on the applications of people on their way into one."""

from amana.academy.cohorts.actions.asking import (
    ApplicantDetails,
    apply_for_cohort,
    apply_for_person,
    ask_academy,
    forget_applications,
    link_account,
    record_answer,
)
from amana.academy.cohorts.actions.cohort_planning import (
    CohortPlan,
    build_plan,
    cancel_cohort,
    change_cohort,
    open_cohort,
)
from amana.academy.cohorts.actions.enrolling import (
    enrol_oneself,
    forget_invitations,
    invite_listed,
    mail_again,
    make_invitation,
    use_invitation,
    withdraw_invitation,
)
from amana.academy.cohorts.actions.following import (
    forget_messages,
    send_message,
    share_progress,
)
from amana.academy.cohorts.actions.further_attempts import open_attempts
from amana.academy.cohorts.actions.places import (
    accept_place,
    add_to_waiting_list,
    complete_cohort,
    decline_application,
    end_applications,
    grant_scholarship,
    invite_person,
    lapse_offers,
    offer_place,
    record_fee,
    withdraw_application,
)

__all__ = [
    "ApplicantDetails",
    "CohortPlan",
    "accept_place",
    "add_to_waiting_list",
    "apply_for_cohort",
    "apply_for_person",
    "ask_academy",
    "build_plan",
    "cancel_cohort",
    "change_cohort",
    "complete_cohort",
    "decline_application",
    "end_applications",
    "enrol_oneself",
    "forget_applications",
    "forget_invitations",
    "forget_messages",
    "grant_scholarship",
    "invite_listed",
    "invite_person",
    "lapse_offers",
    "link_account",
    "mail_again",
    "make_invitation",
    "offer_place",
    "open_attempts",
    "open_cohort",
    "record_answer",
    "record_fee",
    "send_message",
    "share_progress",
    "use_invitation",
    "withdraw_application",
    "withdraw_invitation",
]
