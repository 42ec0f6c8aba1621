"""Models: what organisations offer, where and for whom; and areas."""

from amana.design.directory.models.areas import Area
from amana.design.directory.models.availability import Availability, ResponseTime
from amana.design.directory.models.changes import Change, Counter
from amana.design.directory.models.hidden_addresses import HiddenAddress
from amana.design.directory.models.service_changes import (
    Delisting,
    DuplicateDecision,
    ServiceChange,
)
from amana.design.directory.models.services import Service
from amana.design.directory.models.verification import (
    ChangeProposal,
    ReminderSwitch,
    Verification,
    VerificationRequest,
)

__all__ = [
    "Area",
    "Availability",
    "Change",
    "ChangeProposal",
    "Counter",
    "Delisting",
    "DuplicateDecision",
    "HiddenAddress",
    "ReminderSwitch",
    "ResponseTime",
    "Service",
    "ServiceChange",
    "Verification",
    "VerificationRequest",
]
