"""Which services a request for help may go to, and which are near, open and free."""

from dataclasses import dataclass

from django.utils import timezone

from amana.care.cases.models import Urgency
from amana.care.consent.purposes import may_learn
from amana.care.referrals import actions as referrals
from amana.care.referrals import calendars, clocks
from amana.care.referrals.clocks import ReferralClock
from amana.design.directory import catalogue
from amana.design.directory.catalogue import Suggestion
from amana.design.directory.matching import Person, Point
from amana.design.directory.models import Area, Service
from amana.trust.access.models import Team, User

NEAREST = 3
"""So many are asked at once, where the worker does not choose."""
SHOWN = 8


@dataclass(frozen=True)
class EmergencyService:
    """One service that may be asked in an emergency, and what decides."""

    service: Service
    distance: str
    free: int | None
    """Places free now, as the service said lately; None: not counted, or not known."""
    at_once: bool
    """Open now, and not known to be full: one of those that are asked together."""


def list_choices(kind: str, *, team: Team, user: User) -> list[EmergencyService]:
    """List the services that a team may ask in an emergency, nearest first: those that
    open within the hour in which they have to answer, then those that may not."""
    near = find_area(team)
    place = Point(near.lat, near.lon) if near and near.level > 0 else None
    now = timezone.now()
    person = Person(
        needs=(frozenset({kind}),),
        at=now,
        place=place,
        area=near.code if near else None,
        open_by=clocks.compute_deadline(
            ReferralClock.ANSWER, Urgency.U0, now, calendars.get_calendar()
        ),
    )
    # What is full is in neither list: accepting would be refused (ADR 38).
    found = catalogue.match_for_person(person, user=user, shown=30)
    open_now = [build_choice(fitting, at_once=True) for fitting in found.eligible]
    to_confirm = [*found.unconfirmed, *found.near_misses]
    others = [build_choice(unsure, at_once=False) for unsure in to_confirm]
    reachable = [
        choice
        for choice in [*open_now, *others]
        if is_askable(choice.service, kind, team)
    ]
    return reachable[:SHOWN]


def build_choice(suggestion: Suggestion, *, at_once: bool) -> EmergencyService:
    service = suggestion.service
    known = service.counts_places and service.places_said_at is not None
    free = service.places_free if known else None
    return EmergencyService(service, suggestion.distance, free, at_once and free != 0)


def choose_nearest(found: list[EmergencyService]) -> list[EmergencyService]:
    """Choose the nearest that are open and not known to be full."""
    return [choice for choice in found if choice.at_once][:NEAREST]


def is_askable(service: Service, kind: str, team: Team) -> bool:
    """Check whether a request may go there at all: within its sphere's ceiling, not to
    border services, not to the team that asks."""
    return (
        service.team_id != team.pk
        and not referrals.describe_obstacle(service)
        and may_learn(service.organisation.sphere, kind)
    )


def find_area(team: Team) -> Area | None:
    """Find where a team works, as its own services record; None where none does."""
    services = Service.objects.active().filter(team=team, area__isnull=False)
    first = services.select_related("area").order_by("pk").first()
    return first.area if first else None
