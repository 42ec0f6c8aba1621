"""A service in words, as a person weighs it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from amana.care.cases.models.case_needs import Need
from amana.care.referrals import actions
from amana.care.referrals.choosing.service_option import (
    MOST_IN_FAVOUR,
    Fact,
    ServiceOption,
)
from amana.care.referrals.models import Referral
from amana.design.directory import labels
from amana.design.directory.catalogue import Suggestion
from amana.design.directory.matching import MatchAnswer, MatchBenefit
from amana.design.directory.models import Service


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
