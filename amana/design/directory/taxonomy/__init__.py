"""The vocabulary of the directory: what is offered, to whom, how. Codes are stable.

`service_types.yaml` and `person_codes.yaml` have the codes and their texts;
`search_terms.yaml`, by which words people search for a kind of help."""

from amana.design.directory.taxonomy.person_codes import (
    COMES_TO_YOU,
    FROM_AFAR,
    VISITS,
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

__all__ = [
    "COMES_TO_YOU",
    "FROM_AFAR",
    "ICONS",
    "VISITS",
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
