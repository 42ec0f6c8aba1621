"""Models: what organisations offer, where and for whom; and areas."""

from amana.design.directory.models.areas import Area
from amana.design.directory.models.availability import Availability, ResponseTime
from amana.design.directory.models.changes import Change, Counter
from amana.design.directory.models.hidden_addresses import HiddenAddress
from amana.design.directory.models.services import Service

__all__ = [
    "Area",
    "Availability",
    "Change",
    "Counter",
    "HiddenAddress",
    "ResponseTime",
    "Service",
]
