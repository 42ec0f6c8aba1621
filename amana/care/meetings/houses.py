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
from amana.care.cases.person import known_from
from amana.care.cases.usual import usual_urgency
from amana.care.consent import wording
from amana.care.consent.asking import outside_of
from amana.care.consent.purposes import may_learn
from amana.care.referrals import actions as referrals
from amana.care.referrals import calendars, clocks
from amana.care.referrals.choosing import CANT_WAIT, area_in
from amana.care.referrals.clocks import Clock
from amana.design.directory import catalogue, sentences
from amana.design.directory.catalogue import offer_of, tree_of_areas
from amana.design.directory.codes import countries
from amana.design.directory.matching import Directory, Offer, Person, Point, Reason
from amana.design.directory.matching.match import judge
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


class Lists(list[Excluded]):
    """Each list once: many answers speak against the same houses."""

    def place_of(self, houses: Excluded) -> int:
        if houses not in self:
            self.append(houses)
        return self.index(houses)

    def places(self, answers: Mapping[str, Excluded]) -> dict[str, int]:
        return {answer: self.place_of(houses) for answer, houses in answers.items()}


@dataclass(frozen=True)
class House:
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
    def table(self) -> dict[str, Any]:
        service = self.service
        return {
            "pk": service.pk,
            "name": service.called,
            "by": service.organisation.name,
            "area": service.area.name if service.area else "",
            "types": self.types,
            "team": service.team_id,
            "named": wording.named(service.team),
            "sphere": self.sphere,
            "outside": self.outside,
            "for": sentences.conditions(service),
            "phone": service.phone or service.team.phone,
        }


def area_of(teams: Sequence[Team]) -> Area | None:
    """Find where these teams work: the area of a service of theirs, or of a sister
    team."""
    services = Service.objects.active().filter(area__level__gt=0)
    of = [team.organisation_id for team in teams]
    for near in ({"team__in": teams}, {"organisation__in": of}):
        found = services.filter(**near).select_related("area").order_by("pk").first()
        if found:
            return found.area
    return None


def houses_for(
    teams: Sequence[Team], *, user: User, near: Area | None = None
) -> list[House]:
    """List those that `user` may see, and that can be asked, in the order in which
    matching ranks them for someone who is met there, and of whom nothing else is
    known."""
    every = frozenset(ServiceType.values)
    place = Point(near.lat, near.lon) if near else None
    anyone = Person(needs=(every,), at=timezone.now(), place=place)
    # Twice as many, because some of them can't be asked.
    found = catalogue.for_person(anyone, user=user, shown=MOST_HOUSES * 2)
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
        and not referrals.obstacle(service)
    ][:MOST_HOUSES]
    outside = {team.pk for team in outside_of([service.team for service in askable])}
    return [House(service, service.team_id in outside) for service in askable]


# --- what speaks against each


@dataclass(frozen=True)
class Against:
    """What matching has against these houses, answer by answer."""

    houses: list[House]
    at: datetime

    @cached_property
    def offers(self) -> list[Offer]:
        return [offer_of(house.service) for house in self.houses]

    @cached_property
    def directory(self) -> Directory:
        return Directory(self.offers, tree_of_areas())

    def excluded(
        self, *reasons: Reason, among: Directory | None = None, **known: Any
    ) -> Excluded:
        """List the houses that these rules are against, with this known and no more."""
        directory = among or self.directory
        needs = (frozenset(ServiceType.values),)
        person = Person(needs=needs, **{"at": self.at} | known)
        rows = [directory.rows[offer.id] for offer in self.offers]
        against, _ask = judge(directory, person, np.array(rows, np.intp))
        bits = sum(reason.bit for reason in reasons)
        return [place for place, found in enumerate(against) if int(found) & bits]

    def tables(self, lists: Lists) -> list[dict[str, Any]]:
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
                codes(countries()),
                lambda code: self.excluded(
                    Reason.NATIONALITY, among=no_ban, nationalities=frozenset({code})
                ),
            ),
            (
                "nationality",
                "some",
                codes(countries()),
                lambda code: self.excluded(
                    Reason.NATIONALITY, among=no_list, nationalities=frozenset({code})
                ),
            ),
            (
                "groups",
                "some",
                PersonGroup.values,
                lambda code: self.excluded(Reason.NOT_FOR, groups=frozenset({code})),
            ),
            (
                "access",
                "some",
                Accessibility.values,
                lambda code: self.excluded(
                    Reason.ACCESS, access_needs=frozenset({code})
                ),
            ),
            (
                "sex",
                "any",
                Sex.values,
                lambda code: self.excluded(Reason.SEX, sex=code),
            ),
            (
                "status",
                "any",
                LegalStatus.values,
                lambda code: self.excluded(Reason.STATUS, statuses=frozenset({code})),
            ),
            ("age", "any", ages(), self._by_age),
            ("along", "any", companies(), self._by_company),
            ("area", "any", areas(), self._by_area),
        ]
        found = [
            {
                "fact": fact,
                "mode": mode,
                "against": lists.places(given(values, against)),
            }
            for fact, mode, values, against in sets
        ]
        # What never depends on her: no money left.
        always = lists.places({"": self.excluded(Reason.FUNDING)})
        return [*found, {"fact": "", "mode": "some", "against": always}]

    def _with(self, change: Callable[[Offer], Offer]) -> Directory:
        return Directory(map(change, self.offers), tree_of_areas())

    def _by_age(self, key: str) -> Excluded:
        age, said = key.split("|")
        known = known_from({C.IDENTITY: {"age": age, "child": said}})
        person = known.for_need(["SH1"], at=self.at)
        return self.excluded(
            Reason.AGE, ages=person.ages, perhaps_child=person.perhaps_child
        )

    def _by_company(self, key: str) -> Excluded:
        adults, children = map(int, key.split("|"))
        return self.excluded(
            Reason.CHILDREN, Reason.FULL, adults=adults, children=children
        )

    def _by_area(self, name: str) -> Excluded:
        area = area_in(name)
        return self.excluded(Reason.OUT_OF_AREA, area=area.code if area else None)

    def unknown(self) -> Excluded:
        """List those that are full for everyone, when it isn't known who comes
        along."""
        return self.excluded(Reason.FULL, children=None)

    def closed(self, lists: Lists) -> dict[str, list[tuple[int, int]]]:
        """Build, of what can't wait, who is closed too long, from which quarter of an
        hour of a week on, by urgency. Hours are the same each week."""
        return {
            urgency: [
                (slot, lists.place_of(houses))
                for slot, houses in runs(self._closed_from(Urgency(urgency)))
            ]
            for urgency in CANT_WAIT
        }

    def _closed_from(self, urgency: Urgency) -> Iterator[Excluded]:
        for slot in range(WEEK // SLOT):
            at = self.at + slot * SLOT
            by = clocks.due(Clock.ANSWER, urgency, at, calendars.here())
            yield self.excluded(Reason.CLOSED, at=at, open_by=by)


def given(
    values: Iterable[str], against: Callable[[str], Excluded]
) -> dict[str, Excluded]:
    """Map answers to the houses they speak against; those against none are left out."""
    found = {value: against(value) for value in values}
    return {value: houses for value, houses in found.items() if houses}


def runs(lists: Iterable[Excluded]) -> Iterator[tuple[int, Excluded]]:
    before: Excluded | None = None
    for slot, now in enumerate(lists):
        if now != before:
            yield slot, now
        before = now


def codes(choices: Iterable[tuple[str, Any]]) -> list[str]:
    return [code for code, _label in choices]


def ages() -> Iterator[str]:
    said = ("", *YesNo.values)
    for child in said:
        yield f"|{child}"
        yield from (f"{age}|{child}" for age in range(OLDEST + 11))


def companies() -> Iterator[str]:
    for adults in range(MOST_COMPANIONS + 1):
        for children in range(MOST_COMPANIONS + 1 - adults):
            yield f"{adults}|{children}"


def areas() -> list[str]:
    """List what a worker may type to name an area, in small letters."""
    rows = list(Area.objects.for_choice()[: MOST_AREAS + 1])
    if len(rows) > MOST_AREAS:
        return []
    names = {name.lower() for a in rows for name in (a.code, *names_of(a)) if name}
    return sorted(names)


def names_of(area: Area) -> list[str]:
    return [area.name_en, area.name_fr, area.name_ar]


# --- what answers show of her


def groups_table() -> dict[str, Any]:
    """Build in which groups each answer places her, by the rules of a case."""

    def of(records: Mapping[C, Mapping[str, Any]]) -> list[str]:
        return sorted(known_from(records).groups)

    child = {"age": "3", "sex": "", "relation": "child"}
    return {
        "flags": {flag: of({C.NARRATIVE: {"flags": [flag]}}) for flag in Flag.values},
        "children": of({C.NEEDS: {"companions": [child]}}),
        "access": of({C.NEEDS: {"disability": [Accessibility.values[0]]}}),
        "alone": of({C.IDENTITY: {"child": "yes", "guardian_state": "needed"}}),
    }


def companions_table() -> dict[str, Any]:
    """Build who of those that come along is a child."""
    return {
        "ages": [age for age in range(OLDEST + 1) if Companion(age).is_child],
        "relations": [
            relation
            for relation in ("", *Relation.values)
            if Companion(None, "", relation).is_child
        ],
    }


def usual_table(types: Collection[str]) -> dict[str, str]:
    return {kind: str(usual_urgency(kind)) for kind in types}
