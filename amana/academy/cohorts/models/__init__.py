"""A cohort that learns together, and everyone on their way into one."""

from amana.academy.cohorts.models.applications import (
    ANSWER_WITHIN,
    FADING,
    KEPT_FOR,
    OFFER_FOR,
    Application,
)
from amana.academy.cohorts.models.cohort_messages import CohortMessage
from amana.academy.cohorts.models.cohort_record import (
    SHOWN,
    AdmissionRule,
    Cohort,
    CohortMode,
)
from amana.academy.cohorts.models.invitations import CohortInvitation

__all__ = [
    "ANSWER_WITHIN",
    "FADING",
    "KEPT_FOR",
    "OFFER_FOR",
    "SHOWN",
    "AdmissionRule",
    "Application",
    "Cohort",
    "CohortInvitation",
    "CohortMessage",
    "CohortMode",
]
