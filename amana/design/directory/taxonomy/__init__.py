"""The vocabulary of the directory as data: what is offered, to whom, how. Codes are
stable.

Service types merge the lists of Primero, HTCDS and inter-agency practice; a new one is
one line here."""

from amana.design.directory.taxonomy.person_codes import (
    COMES_TO_YOU,
    Accessibility,
    Exploitation,
    FeedbackMethod,
    LegalStatus,
    Modality,
    NextStep,
    PersonGroup,
    PlaceTrait,
    ReferralMethod,
    RequiredDocument,
    Sex,
)
from amana.design.directory.taxonomy.service_types import (
    ICONS,
    CapacityUnit,
    ServiceGroup,
    ServiceType,
    group_types,
)

# Whom a service is for. What it asks of a person, and what we may know of her.


# How it works.


__all__ = [
    "COMES_TO_YOU",
    "ICONS",
    "Accessibility",
    "CapacityUnit",
    "Exploitation",
    "FeedbackMethod",
    "LegalStatus",
    "Modality",
    "NextStep",
    "PersonGroup",
    "PlaceTrait",
    "ReferralMethod",
    "RequiredDocument",
    "ServiceGroup",
    "ServiceType",
    "Sex",
    "group_types",
]
