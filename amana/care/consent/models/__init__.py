"""The ledger: what a person agreed to share, with whom, why, until when."""

from amana.care.consent.models.consents import (
    LONGEST,
    NEXT,
    SOON,
    USUAL,
    Consent,
    ConsentQuerySet,
)
from amana.care.consent.models.destructions import Destruction
from amana.care.consent.models.vital_interest_record import VitalInterest

__all__ = [
    "LONGEST",
    "NEXT",
    "SOON",
    "USUAL",
    "Consent",
    "ConsentQuerySet",
    "Destruction",
    "VitalInterest",
]
