"""From a need to services among which the person chooses, with reasons for each.

What failed before, what the person refused, and what is to be avoided is left out,
visibly. No one is assigned automatically: the person may choose none."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from amana.care.cases import need_kinds
from amana.care.cases.companions import Companion
from amana.care.cases.models import Case, Need, Urgency
from amana.care.cases.person import PersonProfile, load_person
from amana.care.consent import avoided
from amana.care.consent.models import Consent
from amana.care.referrals import actions, calendars, clocks, needed
from amana.care.referrals.clocks import ReferralClock
from amana.care.referrals.models import Referral, ReferralStatus
from amana.care.referrals.states import DeclineReason, ReferralStage
from amana.design.directory import catalogue, labels
from amana.design.directory.catalogue import Suggestion
from amana.design.directory.matching import MatchAnswer, MatchBenefit, Person, Point
from amana.design.directory.models import Area, Service
from amana.registry import Registry
from amana.trust.access.models import Organisation, User

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


@dataclass(frozen=True)
class ServiceSearch:
    """What the worker adds to what is known: where, and how far."""

    area: Area | None = None
    within_km: float | None = None
    shown: int = SHOWN


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
    for column in ("code", "name_en", "name_fr", "name_ar"):
        # Two of the same name: it is not certain which of them is meant.
        found = Area.objects.for_choice().filter(**{f"{column}__iexact": said})[:2]
        if len(found) == 1:
            return found[0]
    return None


# --- what is left out


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


# --- in words


@dataclass(frozen=True)
class ServiceCard:
    """What a service's card is written with."""

    need: Need
    speaks: frozenset[str]
    at: datetime
    suggestion: int | None
    without_room: Mapping[int, datetime]

    def option(self, one: Suggestion) -> ServiceOption:
        service = one.service
        obstacle = actions.describe_obstacle(service, self.need)
        own = service.team_id == self.need.case.team_id
        facts = self.in_favour(one)[:MOST_IN_FAVOUR]
        if obstacle:
            facts.insert(0, ("no", obstacle))
        elif self.has_no_room(service):
            facts.append(("ask", _("This team has just declined: no free place.")))
        return ServiceOption(
            service=service,
            facts=[*facts, *[("ask", words) for words in one.to_ask]],
            cost=one.but,
            opening=labels.format_opening(service, self.at),
            distance=one.distance,
            languages=labels.format_languages(service.languages),
            phone=service.phone or service.team.phone,
            sendable=not obstacle and not own,
            blocked=bool(obstacle),
            suggested=service.pk == self.suggestion,
            own=own,
        )

    def unsure(self, one: Suggestion) -> ServiceOption:
        return replace(self.option(one), unsure=True)

    def full(self, one: Suggestion) -> ServiceOption:
        """Build the option of a full service: accepting would be refused; its waiting
        list can be asked for."""
        found = self.near_miss(one)
        waits = found.sendable and one.service.waiting_list
        return replace(found, sendable=False, waiting_list=waits)

    def near_miss(self, one: Suggestion) -> ServiceOption:
        """Build the option with the one rule against it; some can't be changed from
        here."""
        found = self.option(one)
        if found.blocked:
            return found
        against = labels.format_reason(one.match.against[0], one.service)
        return replace(found, facts=[("no", against), *found.facts])

    def in_favour(self, one: Suggestion) -> list[Fact]:
        """List short reasons, what decides first; beds and hours are shown next to
        them."""
        service, why = one.service, one.match.why
        conditions = labels.list_conditions(service)
        for_whom = labels.describe_people(service)
        found = [for_whom] if for_whom else []
        if not conditions:
            found.append(_("For everyone"))
        if shared := self.speaks & set(service.languages):
            found.append(
                _("Speaks %(languages)s")
                % {"languages": labels.format_languages(shared)}
            )
        found += [
            labels.format_advantage(word, one.match, service)
            for word in SHORT_REASONS
            if word in why
        ]
        return [("yes", words) for words in found]

    def has_no_room(self, service: Service) -> bool:
        """Check whether its team has declined for want of a place, and not counted its
        places since."""
        said = self.without_room.get(service.team_id)
        counted = service.places_said_at if service.counts_places else None
        return said is not None and (counted is None or counted < said)


SHORT_REASONS = (
    MatchBenefit.COMES_TO_YOU,
    MatchBenefit.ANSWERS_IN_TIME,
    MatchBenefit.NO_WAIT,
    MatchBenefit.AS_WISHED,
    MatchBenefit.NEAR,
)


def sort_options(
    options: Iterable[ServiceOption], told: ServiceCard, shown: int
) -> list[ServiceOption]:
    """Sort options: first what was suggested by the service asked before, and last
    those of a team that has just declined for want of a place."""
    # Sorting is stable: services that are alike in this stay as they were ranked.
    by_hope = sorted(
        options,
        key=lambda one: (not one.suggested, told.has_no_room(one.service)),
    )
    first = next((n for n, option in enumerate(by_hope) if option.sendable), None)
    listed = enumerate(by_hope[:shown])
    return [replace(option, first=n == first) for n, option in listed]


def list_exclusions(answer: MatchAnswer) -> list[tuple[str, int]]:
    """List how many services each rule leaves out, most first."""
    counted = sorted(answer.funnel.items(), key=lambda pair: -pair[1])
    return [(str(labels.SHORT[reason]), count) for reason, count in counted]


def find_replaceable(need: Need, pk: UUID | None) -> Referral | None:
    """Find the referral that another replaces, if it may be replaced."""
    if pk is None:
        return None
    replaceable = Referral.objects.to_replace().filter(need=need, pk=pk)
    return replaceable.select_related("redirected_to", "service").first()
