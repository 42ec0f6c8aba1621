"""Negotiations at a table, and clinics in which a circle thinks about a case."""

from amana.academy.practice.labs.models.clinic_record import (
    MINUTES,
    NEXT,
    Clinic,
    ClinicMessage,
    ClinicQuerySet,
    ClinicStage,
    GivenAnswer,
)
from amana.academy.practice.labs.models.table_record import (
    Acceptance,
    Departure,
    Lab,
    LabEvent,
    LabMessage,
    LabParticipant,
    LabQuerySet,
    Proposal,
    Refusal,
    Signature,
)

__all__ = [
    "MINUTES",
    "NEXT",
    "Acceptance",
    "Clinic",
    "ClinicMessage",
    "ClinicQuerySet",
    "ClinicStage",
    "Departure",
    "GivenAnswer",
    "Lab",
    "LabEvent",
    "LabMessage",
    "LabParticipant",
    "LabQuerySet",
    "Proposal",
    "Refusal",
    "Signature",
]
