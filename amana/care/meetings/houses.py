"""The services that can be asked without a network, and for whom each is.

For each answer that matching reads, matching itself is asked what it has against each
service, and the device looks that up: what is known here of a rule is which answers it
reads, and how several answers to one question go together. A test draws sheets by
chance and compares what the device offers with what the page of a case does."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np
from django.utils import timezone

from amana.care.cases.companions import MOST as MOST_COMPANIONS
from amana.care.cases.companions import Companion, Relation
from amana.care.cases.fields import Flag, Sex, YesNo
from amana.care.cases.models import Urgency
from amana.care.cases.person import build_known
from amana.care.cases.usual import get_usual_urgency
from amana.care.consent import consent_text
from amana.care.consent.consent_questions import list_teams_outside
from amana.care.consent.purposes import may_learn
from amana.care.referrals import actions as referrals
from amana.care.referrals import calendars, clocks
from amana.care.referrals.choosing import CANT_WAIT, find_area
from amana.care.referrals.clocks import ReferralClock
from amana.design.directory import catalogue, labels
from amana.design.directory.catalogue import build_offer, map_areas
from amana.design.directory.codes import list_countries
from amana.design.directory.matching import (
    Directory,
    MatchRule,
    Person,
    Point,
    ServiceRecord,
)
from amana.design.directory.matching.match import judge_rows
from amana.design.directory.models import Area, Service
from amana.design.directory.rules import see_service
from amana.design.directory.taxonomy import (
    Accessibility,
    LegalStatus,
    PersonGroup,
    ServiceType,
)
from amana.trust.access.models import Team, User
from amana.trust.vault.compartments import Compartment as C

MOST_HOUSES = 60
MOST_AREAS = 400
"""With more, what a device knows is not narrowed by where someone is."""
OLDEST = 120
SLOT = timedelta(minutes=15)
WEEK = timedelta(days=7)

type Excluded = list[int]
"""Places of houses in the list, that an answer speaks against."""


class ExcludedLists(list[Excluded]):
    """Each list once: many answers speak against the same houses."""

    def place_of(self, houses: Excluded) -> int:
        if houses not in self:
            self.append(houses)
        return self.index(houses)

    def places(self, answers: Mapping[str, Excluded]) -> dict[str, int]:
        return {answer: self.place_of(houses) for answer, houses in answers.items()}


@dataclass(frozen=True)
class CandidateHouse:
    service: Service
    outside: bool

    @property
    def sphere(self) -> str:
        return str(self.service.organisation.sphere)

    @property
    def types(self) -> list[str]:
        """The needs for which it may be asked at all."""
        return [kind for kind in self.service.types if may_learn(self.sphere, kind)]

    @property
    def table(self) -> dict[str, object]:
        service = self.service
        return {
            "pk": service.pk,
            "name": service.called,
            "by": service.organisation.name,
            "area": service.area.name if service.area else "",
            "types": self.types,
            "team": service.team_id,
            "named": consent_text.format_team(service.team),
            "sphere": self.sphere,
            "outside": self.outside,
            "for": labels.list_conditions(service),
            "phone": service.phone or service.team.phone,
        }


def find_meeting_area(teams: Sequence[Team]) -> Area | None:
    """Find where these teams work: the area of a service of theirs, or of a sister
    team."""
    services = Service.objects.active().filter(area__level__gt=0)
    of = [team.organisation_id for team in teams]
    for near in ({"team__in": teams}, {"organisation__in": of}):
        found = services.filter(**near).select_related("area").order_by("pk").first()
        if found:
            return found.area
    return None


def list_houses(
    teams: Sequence[Team], *, user: User, near: Area | None = None
) -> list[CandidateHouse]:
    """List those that `user` may see, and that can be asked, in the order in which
    matching ranks them for someone who is met there, and of whom nothing else is
    known."""
    every = frozenset(ServiceType.values)
    place = Point(near.lat, near.lon) if near else None
    anyone = Person(needs=(every,), at=timezone.now(), place=place)
    # Twice as many, because some of them can't be asked.
    found = catalogue.match_for_person(anyone, user=user, shown=MOST_HOUSES * 2)
    ranked = [suggestion.service for suggestion in (*found.eligible, *found.unsure)]
    ranked += [near_miss.service for near_miss in found.near_misses]
    rows = see_service.among(Service.objects.active(), user)
    rows = rows.select_related("organisation", "team__organisation", "area")
    services = rows.in_bulk([service.pk for service in ranked])
    own = {team.pk for team in teams}
    askable = [
        services[service.pk]
        for service in ranked
        if service.pk in services
        and service.team_id not in own
        and not referrals.describe_obstacle(service)
    ][:MOST_HOUSES]
    outside = {
        team.pk for team in list_teams_outside([service.team for service in askable])
    }
    return [CandidateHouse(service, service.team_id in outside) for service in askable]


# --- what speaks against each


@dataclass(frozen=True)
class ExclusionMatrix:
    """What matching has against these houses, answer by answer."""

    houses: list[CandidateHouse]
    at: datetime

    @cached_property
    def offers(self) -> list[ServiceRecord]:
        return [build_offer(house.service) for house in self.houses]

    @cached_property
    def directory(self) -> Directory:
        return Directory(self.offers, map_areas())

    def excluded(
        self, *reasons: MatchRule, among: Directory | None = None, **known: Any
    ) -> Excluded:
        """List the houses that these rules are against, with this known and no more."""
        directory = among or self.directory
        needs = (frozenset(ServiceType.values),)
        person = Person(needs=needs, **{"at": self.at} | known)
        rows = [directory.rows[offer.id] for offer in self.offers]
        against, _ask = judge_rows(directory, person, np.array(rows, np.intp))
        bits = sum(reason.bit for reason in reasons)
        return [place for place, found in enumerate(against) if int(found) & bits]

    def tables(self, lists: ExcludedLists) -> list[dict[str, Any]]:
        """Build each fact: the name under which the device knows it, how several
        answers go together, and whom each answer speaks against."""
        nobody = frozenset[str]()
        # Whom a house serves and whom it does not serve are asked separately: of two
        # nationalities one is enough for the first, and one too many for the second.
        no_ban = self._with(lambda offer: replace(offer, not_nationalities=nobody))
        no_list = self._with(lambda offer: replace(offer, nationalities=nobody))
        sets: list[tuple[str, str, Iterable[str], Callable[[str], Excluded]]] = [
            (
                "nationality",
                "any",
                list_codes(list_countries()),
                lambda code: self.excluded(
                    MatchRule.NATIONALITY, among=no_ban, nationalities=frozenset({code})
                ),
            ),
            (
                "nationality",
                "some",
                list_codes(list_countries()),
                lambda code: self.excluded(
                    MatchRule.NATIONALITY,
                    among=no_list,
                    nationalities=frozenset({code}),
                ),
            ),
            (
                "groups",
                "some",
                PersonGroup.values,
                lambda code: self.excluded(MatchRule.NOT_FOR, groups=frozenset({code})),
            ),
            (
                "access",
                "some",
                Accessibility.values,
                lambda code: self.excluded(
                    MatchRule.ACCESS, access_needs=frozenset({code})
                ),
            ),
            (
                "sex",
                "any",
                Sex.values,
                lambda code: self.excluded(MatchRule.SEX, sex=code),
            ),
            (
                "status",
                "any",
                LegalStatus.values,
                lambda code: self.excluded(
                    MatchRule.STATUS, statuses=frozenset({code})
                ),
            ),
            ("age", "any", iterate_ages(), self._by_age),
            ("along", "any", iterate_companies(), self._by_company),
            ("area", "any", list_area_names(), self._by_area),
        ]
        found = [
            {
                "fact": fact,
                "mode": mode,
                "against": lists.places(map_excluding_answers(values, against)),
            }
            for fact, mode, values, against in sets
        ]
        # What never depends on her: no money left, or not confirmed for too long.
        never = self.excluded(MatchRule.FUNDING, MatchRule.OUTDATED)
        always = lists.places({"": never})
        return [*found, {"fact": "", "mode": "some", "against": always}]

    def _with(self, change: Callable[[ServiceRecord], ServiceRecord]) -> Directory:
        return Directory(map(change, self.offers), map_areas())

    def _by_age(self, key: str) -> Excluded:
        age, said = key.split("|")
        known = build_known({C.IDENTITY: {"age": age, "child": said}})
        person = known.for_need(["SH1"], at=self.at)
        return self.excluded(
            MatchRule.AGE, ages=person.ages, perhaps_child=person.perhaps_child
        )

    def _by_company(self, key: str) -> Excluded:
        adults, children = map(int, key.split("|"))
        return self.excluded(
            MatchRule.CHILDREN, MatchRule.FULL, adults=adults, children=children
        )

    def _by_area(self, name: str) -> Excluded:
        area = find_area(name)
        return self.excluded(MatchRule.OUT_OF_AREA, area=area.code if area else None)

    def unknown(self) -> Excluded:
        """List those that are full for everyone, when it isn't known who comes
        along."""
        return self.excluded(MatchRule.FULL, children=None)

    def closed(self, lists: ExcludedLists) -> dict[str, list[tuple[int, int]]]:
        """Build, of what can't wait, who is closed too long, from which quarter of an
        hour of a week on, by urgency. Hours are the same each week."""
        return {
            urgency: [
                (slot, lists.place_of(houses))
                for slot, houses in iterate_runs(self._closed_from(Urgency(urgency)))
            ]
            for urgency in CANT_WAIT
        }

    def _closed_from(self, urgency: Urgency) -> Iterator[Excluded]:
        for slot in range(WEEK // SLOT):
            at = self.at + slot * SLOT
            by = clocks.compute_deadline(
                ReferralClock.ANSWER, urgency, at, calendars.get_calendar()
            )
            yield self.excluded(MatchRule.CLOSED, at=at, open_by=by)


def map_excluding_answers(
    values: Iterable[str], against: Callable[[str], Excluded]
) -> dict[str, Excluded]:
    """Map answers to the houses they speak against; those against none are left out."""
    found = {value: against(value) for value in values}
    return {value: houses for value, houses in found.items() if houses}


def iterate_runs(lists: Iterable[Excluded]) -> Iterator[tuple[int, Excluded]]:
    before: Excluded | None = None
    for slot, now in enumerate(lists):
        if now != before:
            yield slot, now
        before = now


def list_codes(choices: Iterable[tuple[str, object]]) -> list[str]:
    return [code for code, _label in choices]


def iterate_ages() -> Iterator[str]:
    said = ("", *YesNo.values)
    for child in said:
        yield f"|{child}"
        yield from (f"{age}|{child}" for age in range(OLDEST + 11))


def iterate_companies() -> Iterator[str]:
    for adults in range(MOST_COMPANIONS + 1):
        for children in range(MOST_COMPANIONS + 1 - adults):
            yield f"{adults}|{children}"


def list_area_names() -> list[str]:
    """List what a worker may type to name an area, in small letters."""
    rows = list(Area.objects.for_choice()[: MOST_AREAS + 1])
    if len(rows) > MOST_AREAS:
        return []
    names = {name.lower() for a in rows for name in (a.code, *list_names(a)) if name}
    return sorted(names)


def list_names(area: Area) -> list[str]:
    return list(area.names.values())


# --- what answers show of her


def build_groups_table() -> dict[str, object]:
    """Build in which groups each answer places her, by the rules of a case."""

    def of(records: Mapping[C, Mapping[str, Any]]) -> list[str]:
        return sorted(build_known(records).groups)

    child = {"age": "3", "sex": "", "relation": "child"}
    return {
        "flags": {flag: of({C.NARRATIVE: {"flags": [flag]}}) for flag in Flag.values},
        "children": of({C.NEEDS: {"companions": [child]}}),
        "access": of({C.NEEDS: {"disability": [Accessibility.values[0]]}}),
        "alone": of({C.IDENTITY: {"child": "yes", "guardian_state": "needed"}}),
    }


def build_companions_table() -> dict[str, object]:
    """Build who of those that come along is a child."""
    return {
        "ages": [age for age in range(OLDEST + 1) if Companion(age).is_child],
        "relations": [
            relation
            for relation in ("", *Relation.values)
            if Companion(None, "", relation).is_child
        ],
    }


def build_urgency_table(types: Collection[str]) -> dict[str, str]:
    return {kind: str(get_usual_urgency(kind)) for kind in types}
