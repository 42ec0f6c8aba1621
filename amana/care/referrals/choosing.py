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

from amana.care.cases import kinds
from amana.care.cases.companions import Companion
from amana.care.cases.models import Case, Need, Urgency
from amana.care.cases.person import Known, person
from amana.care.consent import avoided
from amana.care.consent.models import Consent
from amana.care.referrals import actions, calendars, clocks, needed
from amana.care.referrals.clocks import Clock
from amana.care.referrals.models import Referral, Status
from amana.care.referrals.states import DeclineReason, Stage
from amana.design.directory import catalogue, sentences
from amana.design.directory.catalogue import Suggestion
from amana.design.directory.matching import Answer, Person, Point, Why
from amana.design.directory.models import Area, Service
from amana.registry import Registry
from amana.trust.access.models import Organisation, User

NOT_AGAIN = (Status.DECLINED, Status.REDIRECTED, Status.EXPIRED)
SHOWN = 6
MOST = 30
MOST_IN_ORDER = 5
"""So many services can be asked one after the other."""
MOST_IN_FAVOUR = 3

Along = tuple[Companion, ...] | None
Fact = tuple[Literal["yes", "no", "ask"], str]
"""Whether it speaks for a service, against it, or has to be asked; and in words."""


@dataclass(frozen=True)
class Option:
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
        return sentences.counted_when(self.service)


@dataclass(frozen=True)
class LeftOut:
    """A service that is not offered again, and why."""

    service: Service
    why: str | Promise
    ask_anyway: bool = False
    no_room_at: datetime | None = None
    """When it declined for want of a place."""


ASKED_OTHERWISE: Registry[Callable[[Need], Iterable[LeftOut]]] = Registry()
"""What upper rooms know of services that were asked about a need without a referral."""


@dataclass(frozen=True)
class Choice:
    options: list[Option]
    unsure: list[Option]
    """Full, or with a count of free places that has to be confirmed."""
    near: list[Option]
    fitting: int
    counted: str
    """How many offer it, and how many of them fit."""
    funnel: list[tuple[str, int]]
    left_out: list[LeftOut]
    avoided: list[Organisation]
    area: Area | None

    @property
    def more(self) -> bool:
        return self.fitting > len(self.options)

    @property
    def none_fits(self) -> bool:
        return not self.options

    @property
    def to_ask(self) -> list[Option]:
        """Those that can be asked one after the other, in the order of the page."""
        return [option for option in (*self.options, *self.unsure) if option.sendable]

    @property
    def ranks(self) -> range:
        """The places of an ordered list; none where one alone can be asked."""
        most = min(len(self.to_ask), MOST_IN_ORDER)
        return range(1, most + 1) if most > 1 else range(0)


@dataclass(frozen=True)
class Search:
    """What the worker adds to what is known: where, and how far."""

    area: Area | None = None
    within_km: float | None = None
    shown: int = SHOWN


def choice(
    need: Need, search: Search, *, by: User, follows: Referral | None = None
) -> Choice:
    """Open what matching needs, once, and ask the directory."""
    case = need.case
    known = person(case, by=by, purpose="choosing a service", needs=[need])
    kinds.require([need])
    area = search.area or area_in(known.area)
    not_wanted = avoided.organisations(case, by=by)
    left_out = list(left_out_for(need, known.companions))
    sought = sought_person(
        need,
        known,
        replace(search, area=area),
        not_services=frozenset(entry.service.pk for entry in left_out),
        not_organisations=not_wanted,
    )
    found = catalogue.for_person(sought, user=by, shown=MOST)
    told = Told(
        need=need,
        speaks=known.languages,
        at=sought.at,
        suggestion=follows.redirected_to_id if follows else None,
        without_room=declined_for_room(need)
        | {
            entry.service.team_id: entry.no_room_at
            for entry in left_out
            if entry.no_room_at and entry.service.team_id
        },
    )
    fits = [told.option(suggestion) for suggestion in found.eligible]
    blocked = [fit for fit in fits if fit.blocked]
    return Choice(
        options=ordered([fit for fit in fits if not fit.blocked], told, search.shown),
        unsure=[
            *[told.unsure(suggestion) for suggestion in found.unconfirmed],
            *[told.full(suggestion) for suggestion in found.full],
        ],
        near=[*blocked, *map(told.near_miss, found.near_misses)][: search.shown],
        fitting=found.answer.fitting - len(blocked),
        counted=found.counted,
        funnel=funnel(found.answer),
        left_out=left_out,
        avoided=list(Organisation.objects.filter(pk__in=not_wanted).order_by("name")),
        area=area,
    )


def sought_person(need: Need, known: Known, search: Search, **more: Any) -> Person:
    area = search.area
    place = Point(area.lat, area.lon) if area and area.level > 0 else None
    now = timezone.now()
    return known.for_need(
        [need.type],
        at=now,
        area=area.code if area else None,
        place=place,
        within_km=search.within_km if place else None,
        open_by=open_by(need, now),
        **more,
    )


def open_by(need: Need, now: datetime) -> datetime | None:
    """Compute until when a service has to open: what can't wait for office hours has to
    be answered by then. The rest can be sent at night and is read in the morning."""
    if need.urgency not in CANT_WAIT:
        return None
    return clocks.due(Clock.ANSWER, need.urgency, now, calendars.here())


CANT_WAIT = (Urgency.U0, Urgency.U1)


def declined_for_room(need: Need) -> dict[int, datetime]:
    """Map the teams that declined this need for want of a place to when they did."""
    no_room = need.referrals.filter(
        status=Status.DECLINED, decline_reason=DeclineReason.NO_CAPACITY
    )
    said = no_room.order_by("answered_at").values_list("recipient", "answered_at")
    return {team: at for team, at in said if at is not None}


def area_in(words: str) -> Area | None:
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


def left_out_for(need: Need, along: Along) -> Iterator[LeftOut]:
    """Yield the services asked before, being asked, or refused by the person."""
    seen: set[int] = set()
    otherwise = (entry for asked in ASKED_OTHERWISE for entry in asked(need))
    for entry in (*tried(need), *being_asked(need), *otherwise, *refused(need, along)):
        if entry.service.pk not in seen:
            seen.add(entry.service.pk)
            yield entry


def tried(need: Need) -> Iterator[LeftOut]:
    before = need.referrals.filter(status__in=NOT_AGAIN)
    for referral in before.select_related("service__organisation").order_by("-sent_at"):
        why = referral.what_came_of_it or referral.state.label
        yield LeftOut(referral.service, why)


def being_asked(need: Need) -> Iterator[LeftOut]:
    now = need.referrals.filter(stage__in=[Stage.ANSWER, Stage.SERVICE])
    for referral in now.select_related("service__organisation"):
        yield LeftOut(referral.service, _("Already being asked"))


def refused(need: Need, along: Along) -> Iterator[LeftOut]:
    """Yield the services that the person refused. They may change their mind at any
    time, so asking stays possible where there is a place."""
    teams = teams_refused(need.case)
    if not teams:
        return
    services = Service.objects.active().filter(team__in=teams)
    for service in services.select_related("organisation").order_by("name", "pk"):
        why = _("The person does not wish to share with them.")
        ask = not actions.obstacle(service, need) and not service.refuses(
            needed.at(service, along)
        )
        yield LeftOut(service, why, ask_anyway=ask)


def teams_refused(case: Case) -> set[int]:
    """Find the teams to which the person last said no, or withdrew consent."""
    latest: dict[int, str] = {}
    asked = case.consents.filter(purpose=Consent.Purpose.REFERRAL)
    for consent in asked.order_by("asked_at", "pk"):
        latest[consent.recipient_id] = consent.status
    no = (Consent.Status.REFUSED, Consent.Status.WITHDRAWN)
    return {team for team, status in latest.items() if status in no}


# --- in words


@dataclass(frozen=True)
class Told:
    """What a service's card is written with."""

    need: Need
    speaks: frozenset[str]
    at: datetime
    suggestion: int | None
    without_room: Mapping[int, datetime]

    def option(self, one: Suggestion) -> Option:
        service = one.service
        obstacle = actions.obstacle(service, self.need)
        own = service.team_id == self.need.case.team_id
        facts = self.in_favour(one)[:MOST_IN_FAVOUR]
        if obstacle:
            facts.insert(0, ("no", obstacle))
        elif self.has_no_room(service):
            facts.append(("ask", _("This team has just declined: no free place.")))
        return Option(
            service=service,
            facts=[*facts, *[("ask", words) for words in one.to_ask]],
            cost=one.but,
            opening=sentences.opening(service, self.at),
            distance=one.distance,
            languages=sentences.languages(service.languages),
            phone=service.phone or service.team.phone,
            sendable=not obstacle and not own,
            blocked=bool(obstacle),
            suggested=service.pk == self.suggestion,
            own=own,
        )

    def unsure(self, one: Suggestion) -> Option:
        return replace(self.option(one), unsure=True)

    def full(self, one: Suggestion) -> Option:
        """Build the option of a full service: accepting would be refused; its waiting
        list can be asked for."""
        found = self.near_miss(one)
        waits = found.sendable and one.service.waiting_list
        return replace(found, sendable=False, waiting_list=waits)

    def near_miss(self, one: Suggestion) -> Option:
        """Build the option with the one rule against it; some can't be changed from
        here."""
        found = self.option(one)
        if found.blocked:
            return found
        against = sentences.against(one.match.against[0], one.service)
        return replace(found, facts=[("no", against), *found.facts])

    def in_favour(self, one: Suggestion) -> list[Fact]:
        """List short reasons, what decides first; beds and hours are shown next to
        them."""
        service, why = one.service, one.match.why
        conditions = sentences.conditions(service)
        for_whom = sentences.whom(service)
        found = [for_whom] if for_whom else []
        if not conditions:
            found.append(_("For everyone"))
        if shared := self.speaks & set(service.languages):
            found.append(
                _("Speaks %(languages)s") % {"languages": sentences.languages(shared)}
            )
        found += [
            sentences.in_favour(word, one.match, service)
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
    Why.COMES_TO_YOU,
    Why.ANSWERS_IN_TIME,
    Why.NO_WAIT,
    Why.AS_WISHED,
    Why.NEAR,
)


def ordered(options: Iterable[Option], told: Told, shown: int) -> list[Option]:
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


def funnel(answer: Answer) -> list[tuple[str, int]]:
    """List how many services each rule leaves out, most first."""
    counted = sorted(answer.funnel.items(), key=lambda pair: -pair[1])
    return [(str(sentences.SHORT[reason]), count) for reason, count in counted]


def follows_of(need: Need, pk: UUID | None) -> Referral | None:
    """Find the referral that another replaces, if it may be replaced."""
    if pk is None:
        return None
    replaceable = Referral.objects.to_replace().filter(need=need, pk=pk)
    return replaceable.select_related("redirected_to", "service").first()
