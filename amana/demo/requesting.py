"""Requests for help that are under way: one list of houses, and one without a name."""

from datetime import timedelta

from django.utils import timezone

from amana.care.cases import need_kinds
from amana.care.consent import actions as consents
from amana.care.consent.models import Consent
from amana.care.referrals.actions import describe_obstacle
from amana.care.referrals.states import DeclineReason
from amana.care.requests import actions, reach
from amana.care.requests.models import Enquiry
from amana.care.requests.states import AskingOrder
from amana.demo.country import DemoCountry
from amana.demo.invented_cases import ANSWERS, OPENS, is_suitable
from amana.demo.stories import CaseStoryteller
from amana.design.directory.models import Service
from amana.design.directory.taxonomy import ServiceType

IN_A_LIST = 3
NEEDED = {
    "type": "SH2",
    "urgency": "U1",
    "words": ["A bed for tonight, with a door that locks."],
}


def ask_houses(country: DemoCountry, teller: CaseStoryteller) -> str:
    """Ask three houses in order, of which the first has no place; and, in an emergency
    at the border, the nearest that are open.
    """
    ask_in_turn(country, teller)
    ask_without_name(country)
    return "Requests for help"


def ask_in_turn(country: DemoCountry, teller: CaseStoryteller) -> None:
    team = country.teams["Migrant Support International"]
    worker = country.who(team, *OPENS)
    person = teller.a_person("female")
    while person.is_child:
        person = teller.a_person("female")
    case = teller.open(team, worker, person, NEEDED)
    need = case.needs.select_related("case__team").get()
    need_kinds.learn([need], by=worker)
    houses: dict[int, Service] = {}
    for service in teller.services:
        if need.type in service.types and is_suitable(service, person, need):
            may = not describe_obstacle(service, need) and service.team_id != team.pk
            if may and len(houses) < IN_A_LIST:
                houses.setdefault(service.team_id, service)
    agreed = consents.give_in_order(
        case,
        recipients=[service.team for service in houses.values()],
        need=need,
        fields=teller.fields("humanitarian"),
        purpose=Consent.Purpose.REFERRAL,
        expires_at=timezone.now() + timedelta(days=90),
        language=worker.language,
        mode=Consent.Mode.SPOKEN,
        given_by=Consent.GivenBy.PERSON,
        interpreter=worker.language not in person.languages,
        understood=True,
        by=worker,
    )
    asked = actions.ask(
        need,
        services=list(houses.values()),
        agreed=agreed,
        order=AskingOrder.IN_TURN,
        by=worker,
    )
    first = Enquiry.objects.for_page().asked().get(request=asked)
    answers = country.who(first.recipient, *ANSWERS)
    actions.decline(first, reason=DeclineReason.NO_CAPACITY, by=answers)


def ask_without_name(country: DemoCountry) -> None:
    team = country.teams["Border Guard"]
    worker = country.who(team, *OPENS)
    kind = ServiceType.SH1
    near = reach.list_choices(kind, team=team, user=worker)
    services = [
        choice.service for choice in reach.choose_nearest(near) or near[:IN_A_LIST]
    ]
    actions.ask_without_name(
        team, type=kind, services=services, where="Gate 3, blue bench", by=worker
    )
