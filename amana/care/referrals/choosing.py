"""From a need to services among which the person chooses, with reasons for each.

What came to nothing before, what the person refused, and what is to be avoided is left
out, and said. Nobody is assigned automatically: the person may choose none."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from amana.care.cases.models import Case, Need, Urgency
from amana.care.cases.person import Known, person
from amana.care.consent.models import Consent
from amana.care.referrals import actions, avoided
from amana.care.referrals.models import Referral, Status
from amana.care.referrals.states import Stage
from amana.design.directory import catalogue, sentences
from amana.design.directory.catalogue import Suggestion
from amana.design.directory.matching import Answer, Person, Point
from amana.design.directory.models import Area, Service
from amana.trust.access.models import Organisation, User

NOT_AGAIN = (Status.DECLINED, Status.REDIRECTED, Status.EXPIRED)
SHOWN = 6
MOST = 30


@dataclass(frozen=True)
class Option:
    """One service, and what a person weighs."""

    service: Service
    for_it: list[str]
    cost: list[str]
    questions: list[str]
    against: str = ""
    """The rule against it: of a near miss, or because nothing can be sent to it."""
    sendable: bool = True
    suggested: bool = False
    """By whoever was asked before."""
    first: bool = False
    own: bool = False
    """Of the team that owns the case: nothing has to be sent."""

    @property
    def tone(self) -> str:
        return "info" if self.suggested else "plain"


@dataclass(frozen=True)
class LeftOut:
    """A service that is not offered again, and why."""

    service: Service
    why: str | Promise
    ask_anyway: bool = False


@dataclass(frozen=True)
class Choice:
    options: list[Option]
    near: list[Option]
    fitting: int
    candidates: int
    funnel: list[tuple[str, int]]
    left_out: list[LeftOut]
    avoided: list[Organisation]
    area: Area | None

    @property
    def more(self) -> bool:
        return self.fitting > len(self.options)


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
    known = person(case, by=by, purpose="choosing a service")
    area = search.area or area_in(known.area)
    not_wanted = avoided.organisations(case, by=by)
    left_out = list(left_out_for(need))
    sought = sought_person(
        need,
        known,
        replace(search, area=area),
        not_services=frozenset(one.service.pk for one in left_out),
        not_organisations=not_wanted,
    )
    found = catalogue.for_person(sought, user=by, shown=MOST)
    suggestion = follows.redirected_to_id if follows else None
    return Choice(
        options=ordered(found.eligible, need, suggestion, search.shown),
        near=[
            near_miss(one, need, suggestion)
            for one in found.near_misses[: search.shown]
        ],
        fitting=found.answer.fitting,
        candidates=found.answer.candidates,
        funnel=funnel(found.answer),
        left_out=left_out,
        avoided=list(Organisation.objects.filter(pk__in=not_wanted).order_by("name")),
        area=area,
    )


def sought_person(need: Need, known: Known, search: Search, **more: Any) -> Person:
    area = search.area
    place = Point(area.lat, area.lon) if area and area.level > 0 else None
    return known.for_need(
        [need.type],
        at=timezone.now(),
        area=area.code if area else None,
        place=place,
        within_km=search.within_km if place else None,
        needs_open=need.urgency == Urgency.U0,
        **more,
    )


def area_in(words: str) -> Area | None:
    """The area that is meant by a code or a name, if it is one that we know."""
    said = words.strip()
    if not said:
        return None
    for column in ("code", "name_en", "name_fr", "name_ar"):
        found = Area.objects.for_choice().filter(**{f"{column}__iexact": said})[:2]
        if len(found) == 1:
            return found[0]
    return None


# --- what is left out


def left_out_for(need: Need) -> Iterator[LeftOut]:
    """Asked before, being asked, or refused by the person."""
    seen: set[int] = set()
    for one in (*tried(need), *being_asked(need), *refused(need.case)):
        if one.service.pk not in seen:
            seen.add(one.service.pk)
            yield one


def tried(need: Need) -> Iterator[LeftOut]:
    before = need.referrals.filter(status__in=NOT_AGAIN)
    for referral in before.select_related("service__organisation").order_by("-sent_at"):
        why = referral.what_came_of_it or referral.state.label
        yield LeftOut(referral.service, why)


def being_asked(need: Need) -> Iterator[LeftOut]:
    now = need.referrals.filter(stage__in=[Stage.ANSWER, Stage.SERVICE])
    for referral in now.select_related("service__organisation"):
        yield LeftOut(referral.service, _("It is being asked already."))


def refused(case: Case) -> Iterator[LeftOut]:
    """The person may change their mind at any time, so asking stays possible."""
    teams = teams_refused(case)
    if not teams:
        return
    services = Service.objects.active().filter(team__in=teams)
    for service in services.select_related("organisation").order_by("name", "pk"):
        why = _("The person does not wish to share with them.")
        yield LeftOut(service, why, ask_anyway=True)


def teams_refused(case: Case) -> set[int]:
    """Whose last question the person answered with no, or took their yes back."""
    latest: dict[int, str] = {}
    asked = case.consents.filter(purpose=Consent.Purpose.REFERRAL)
    for consent in asked.order_by("asked_at", "pk"):
        latest[consent.recipient_id] = consent.status
    no = (Consent.Status.REFUSED, Consent.Status.WITHDRAWN)
    return {team for team, status in latest.items() if status in no}


# --- in words


def ordered(
    found: Iterable[Suggestion], need: Need, suggestion: int | None, shown: int
) -> list[Option]:
    """As they fit; what was suggested by whoever was asked before stands first, and
    what nothing can be sent to last."""
    options = [option(one, need, suggestion) for one in found]
    options.sort(key=lambda one: (not one.suggested, bool(one.against)))
    return [replace(one, first=not n) for n, one in enumerate(options[:shown])]


def option(one: Suggestion, need: Need, suggestion: int | None) -> Option:
    match, service = one.match, one.service
    obstacle = actions.obstacle(service, need)
    own = service.team_id == need.case.team_id
    return Option(
        service=service,
        for_it=[sentences.in_favour(word, match, service) for word in match.why],
        cost=[sentences.cost_of(word, match, service) for word in match.but],
        questions=[sentences.to_ask(question, service) for question in match.ask],
        against=obstacle,
        sendable=not obstacle and not own,
        suggested=service.pk == suggestion,
        own=own,
    )


def near_miss(one: Suggestion, need: Need, suggestion: int | None) -> Option:
    """With the one rule against it; some nobody can do anything about from here."""
    found = option(one, need, suggestion)
    return replace(
        found,
        against=found.against or sentences.against(one.match.against[0], one.service),
    )


def funnel(answer: Answer) -> list[tuple[str, int]]:
    """How many services each rule leaves out, most first."""
    counted = sorted(answer.funnel.items(), key=lambda pair: -pair[1])
    return [(str(sentences.SHORT[reason]), count) for reason, count in counted]


def follows_of(need: Need, pk: UUID | None) -> Referral | None:
    """The referral in whose place another is chosen, if it may be replaced."""
    if pk is None:
        return None
    replaceable = Referral.objects.to_replace().filter(need=need, pk=pk)
    return replaceable.select_related("redirected_to", "service").first()
