"""The services that can be asked without a network, and for whom each is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from amana.care.consent import wording
from amana.care.consent.asking import outside_of
from amana.care.consent.purposes import may_learn
from amana.care.referrals import actions as referrals
from amana.design.directory import sentences
from amana.design.directory.models import Service
from amana.design.directory.rules import see_service
from amana.trust.access.models import Team, User

MOST_HOUSES = 60


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
            "name": service.name,
            "by": service.organisation.name,
            "area": service.area.name if service.area else "",
            "types": self.types,
            "team": service.team_id,
            "named": wording.named(service.team),
            "sphere": self.sphere,
            "outside": self.outside,
            "for": sentences.conditions(service),
        }


def houses_for(teams: Sequence[Team], *, user: User) -> list[House]:
    rows = Service.objects.active().select_related(
        "organisation", "team__organisation", "area"
    )
    found = [
        service
        for service in see_service.among(rows, user).order_by("name", "pk")
        if service.team_id
        and not referrals.obstacle(service)
        and not own(service, teams)
    ][:MOST_HOUSES]
    outside = {team.pk for team in outside_of([service.team for service in found])}
    return [House(service, service.team_id in outside) for service in found]


def own(service: Service, teams: Collection[Team]) -> bool:
    return service.team_id in {team.pk for team in teams}
