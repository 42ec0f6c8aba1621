"""One service as an option, and what is asked for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.functional import Promise

from amana.care.cases.companions import Companion
from amana.care.referrals.models import ReferralStatus
from amana.design.directory import labels
from amana.design.directory.models import Area, Service

NOT_AGAIN = (ReferralStatus.DECLINED, ReferralStatus.REDIRECTED, ReferralStatus.EXPIRED)


SHOWN = 6


MOST = 30


MOST_IN_ORDER = 5
"""So many services can be asked one after the other."""


MOST_IN_FAVOUR = 3


Along = tuple[Companion, ...] | None


Fact = tuple[Literal["yes", "no", "ask"], str]
"""Whether it speaks for a service, against it, or has to be asked; and in words."""


@dataclass(frozen=True)
class ServiceOption:
    """One service as a person weighs it, what decides first."""

    service: Service
    facts: list[Fact]
    """At most three in favour, then the rule against it and what has to be asked."""
    cost: list[str]
    opening: str
    distance: str
    languages: str
    phone: str
    sendable: bool = True
    """A referral can be sent, and accepting it would book a place."""
    waiting_list: bool = False
    """It is full, and a referral can be sent for its waiting list."""
    suggested: bool = False
    """By the service that was asked before."""
    first: bool = False
    blocked: bool = False
    """Nothing can be sent to it, whatever the person agrees to."""
    own: bool = False
    """Of the team that owns the case: nothing has to be sent."""
    unsure: bool = False
    """Its free places were counted long ago, or never."""

    @property
    def tone(self) -> str:
        return "info" if self.suggested else "plain"

    @property
    def counted(self) -> bool:
        """Whether a number of free places is shown."""
        return self.service.counts_places and self.service.places_said_at is not None

    @property
    def counted_when(self) -> str:
        return labels.format_count_time(self.service)


@dataclass(frozen=True)
class ExcludedService:
    """A service that is not offered again, and why."""

    service: Service
    why: str | Promise
    ask_anyway: bool = False
    no_room_at: datetime | None = None
    """When it declined for want of a place."""


@dataclass(frozen=True)
class ServiceSearch:
    """What the worker adds to what is known: where, and how far."""

    area: Area | None = None
    within_km: float | None = None
    shown: int = SHOWN
