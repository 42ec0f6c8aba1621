"""A cohort that learns together, and everyone on their way into one."""

from amana.academy.cohorts.models.applications import (
    ANSWER_WITHIN,
    FADING,
    OFFER_FOR,
    Application,
)
from amana.academy.cohorts.models.cohort_record import AdmissionRule, Cohort, CohortMode

__all__ = [
    "ANSWER_WITHIN",
    "FADING",
    "OFFER_FOR",
    "AdmissionRule",
    "Application",
    "Cohort",
    "CohortMode",
]
