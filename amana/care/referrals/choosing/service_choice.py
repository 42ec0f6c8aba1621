"""Which services fit, and which are left out."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases import need_kinds
from amana.care.cases.models.case_needs import Need
from amana.care.cases.models.case_record import Case, Urgency
from amana.care.cases.person import PersonProfile, load_person
from amana.care.consent import avoided
from amana.care.consent.models import Consent
from amana.care.referrals import actions, calendars, clocks, needed
from amana.care.referrals.choosing.service_card import (
    ServiceCard,
    list_exclusions,
    sort_options,
)
from amana.care.referrals.choosing.service_option import (
    MOST,
    MOST_IN_ORDER,
    NOT_AGAIN,
    Along,
    ExcludedService,
    ServiceOption,
    ServiceSearch,
)
from amana.care.referrals.clocks import ReferralClock
from amana.care.referrals.models import Referral, ReferralStatus
from amana.care.referrals.states import DeclineReason, ReferralStage
from amana.design.directory import catalogue
from amana.design.directory.matching import Person, Point
from amana.design.directory.models import Area, Service
from amana.registry import Registry
from amana.trust.access.models.organisations import Organisation, User

ASKED_OTHERWISE: Registry[Callable[[Need], Iterable[ExcludedService]]] = Registry()
"""What upper rooms know of services that were asked about a need without a referral."""


@dataclass(frozen=True)
class ServiceChoice:
    options: list[ServiceOption]
    unsure: list[ServiceOption]
    """Full, or with a count of free places that has to be confirmed."""
    near: list[ServiceOption]
    fitting: int
    counted: str
    """How many offer it, and how many of them fit."""
    funnel: list[tuple[str, int]]
    left_out: list[ExcludedService]
    avoided: list[Organisation]
    area: Area | None

    @property
    def more(self) -> bool:
        return self.fitting > len(self.options)

    @property
    def none_fits(self) -> bool:
        return not self.options

    @property
    def to_ask(self) -> list[ServiceOption]:
        """Those that can be asked one after the other, in the order of the page."""
        return [option for option in (*self.options, *self.unsure) if option.sendable]

    @property
    def ranks(self) -> range:
        """The places of an ordered list; none where one alone can be asked."""
        most = min(len(self.to_ask), MOST_IN_ORDER)
        return range(1, most + 1) if most > 1 else range(0)


def build_choice(
    need: Need, search: ServiceSearch, *, by: User, follows: Referral | None = None
) -> ServiceChoice:
    """Open what matching needs, once, and ask the directory."""
    case = need.case
    known = load_person(case, by=by, purpose="choosing a service", needs=[need])
    need_kinds.require([need])
    area = search.area or find_area(known.area)
    not_wanted = avoided.open_organisations(case, by=by)
    left_out = list(iterate_left_out(need, known.companions))
    sought = build_sought_person(
        need,
        known,
        replace(search, area=area),
        not_services=frozenset(entry.service.pk for entry in left_out),
        not_organisations=not_wanted,
    )
    found = catalogue.match_for_person(sought, user=by, shown=MOST)
    told = ServiceCard(
        need=need,
        speaks=known.languages,
        at=sought.at,
        suggestion=follows.redirected_to_id if follows else None,
        without_room=map_teams_without_room(need)
        | {
            entry.service.team_id: entry.no_room_at
            for entry in left_out
            if entry.no_room_at and entry.service.team_id
        },
    )
    fits = [told.option(suggestion) for suggestion in found.eligible]
    blocked = [fit for fit in fits if fit.blocked]
    return ServiceChoice(
        options=sort_options(
            [fit for fit in fits if not fit.blocked], told, search.shown
        ),
        unsure=[
            *[told.unsure(suggestion) for suggestion in found.unconfirmed],
            *[told.full(suggestion) for suggestion in found.full],
        ],
        near=[*blocked, *map(told.near_miss, found.near_misses)][: search.shown],
        fitting=found.answer.fitting - len(blocked),
        counted=found.counted,
        funnel=list_exclusions(found.answer),
        left_out=left_out,
        avoided=list(Organisation.objects.filter(pk__in=not_wanted).order_by("name")),
        area=area,
    )


def build_sought_person(
    need: Need, known: PersonProfile, search: ServiceSearch, **more: Any
) -> Person:
    area = search.area
    place = Point(area.lat, area.lon) if area and area.level > 0 else None
    now = timezone.now()
    return known.for_need(
        [need.type],
        at=now,
        area=area.code if area else None,
        place=place,
        within_km=search.within_km if place else None,
        open_by=compute_opening_limit(need, now),
        **more,
    )


def compute_opening_limit(need: Need, now: datetime) -> datetime | None:
    """Compute until when a service has to open: what can't wait for office hours has to
    be answered by then. The rest can be sent at night and is read in the morning."""
    if need.urgency not in CANT_WAIT:
        return None
    return clocks.compute_deadline(
        ReferralClock.ANSWER, need.urgency, now, calendars.get_calendar()
    )


CANT_WAIT = (Urgency.U0, Urgency.U1)


def map_teams_without_room(need: Need) -> dict[int, datetime]:
    """Map the teams that declined this need for want of a place to when they did."""
    no_room = need.referrals.filter(
        status=ReferralStatus.DECLINED, decline_reason=DeclineReason.NO_CAPACITY
    )
    said = no_room.order_by("answered_at").values_list("recipient", "answered_at")
    return {team: at for team, at in said if at is not None}


def find_area(words: str) -> Area | None:
    """Find the area that is meant by a code or a name, if it is one that we know."""
    said = words.strip()
    if not said:
        return None
    found = list(Area.objects.for_choice().called(said))
    # A code before a name; of two of the same name it is not certain which is meant.
    by_code = [area for area in found if area.code.casefold() == said.casefold()]
    meant = by_code or found
    return meant[0] if len(meant) == 1 else None


def iterate_left_out(need: Need, along: Along) -> Iterator[ExcludedService]:
    """Yield the services asked before, being asked, or refused by the person."""
    seen: set[int] = set()
    otherwise = (entry for asked in ASKED_OTHERWISE for entry in asked(need))
    for entry in (
        *iterate_tried(need),
        *iterate_being_asked(need),
        *otherwise,
        *iterate_refused(need, along),
    ):
        if entry.service.pk not in seen:
            seen.add(entry.service.pk)
            yield entry


def iterate_tried(need: Need) -> Iterator[ExcludedService]:
    before = need.referrals.filter(status__in=NOT_AGAIN)
    for referral in before.select_related("service__organisation").order_by("-sent_at"):
        why = referral.what_came_of_it or referral.state.label
        yield ExcludedService(referral.service, why)


def iterate_being_asked(need: Need) -> Iterator[ExcludedService]:
    now = need.referrals.filter(stage__in=[ReferralStage.ANSWER, ReferralStage.SERVICE])
    for referral in now.select_related("service__organisation"):
        yield ExcludedService(referral.service, _("Already being asked"))


def iterate_refused(need: Need, along: Along) -> Iterator[ExcludedService]:
    """Yield the services that the person refused. They may change their mind at any
    time, so asking stays possible where there is a place."""
    teams = find_refused_teams(need.case)
    if not teams:
        return
    services = Service.objects.active().filter(team__in=teams)
    for service in services.select_related("organisation").order_by("name", "pk"):
        why = _("The person does not wish to share with them.")
        ask = not actions.describe_obstacle(service, need) and not service.refuses(
            needed.count_places_for(service, along)
        )
        yield ExcludedService(service, why, ask_anyway=ask)


def find_refused_teams(case: Case) -> set[int]:
    """Find the teams to which the person last said no, or withdrew consent."""
    latest: dict[int, str] = {}
    asked = case.consents.filter(purpose=Consent.Purpose.REFERRAL)
    for consent in asked.order_by("asked_at", "pk"):
        latest[consent.recipient_id] = consent.status
    no = (Consent.Status.REFUSED, Consent.Status.WITHDRAWN)
    return {team for team, status in latest.items() if status in no}
