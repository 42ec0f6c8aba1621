"""People who can't be asked because their life is in danger, and what follows.

One wakes up and says no: the hospital has copies to destroy. For another a second
person has confirmed it, and she has still to be told. The third waits for the second
person."""

from amana.care.consent import vital_interests
from amana.care.consent.models import VitalInterest
from amana.care.referrals import actions as referrals
from amana.demo.country import DemoCountry
from amana.demo.invented_cases import OPENS, InventedPerson
from amana.demo.stories import CaseStoryteller
from amana.design.directory.models import Service
from amana.trust.access.models import Role

SENT_BY, SENT_TO = "Dar Amal", "Central Hospital"
WOKE = InventedPerson("Sunita Rai", "female", 29, "NP", ["ne"])
SLEEPS = InventedPerson("Helen Okafor", "female", 36, "NG", ["en"])
FOUND = InventedPerson("Rosa Delgado", "female", 22, "CO", ["es"])
ASKED = {
    "type": "HE1",
    "urgency": "U0",
    "words": ["Found on the floor; breathes, does not answer."],
}
Reason = VitalInterest.Reason


def send_without_consent(country: DemoCountry, teller: CaseStoryteller) -> str:
    """Send three referrals without consent, each left at another step."""
    team = country.teams[SENT_BY]
    second = country.who(team, Role.SUPERVISOR)
    woke = send_case(teller, WOKE, Reason.CONDITION)
    vital_interests.confirm(woke, by=second)
    vital_interests.record_objection(woke, by=woke.recorded_by)
    vital_interests.confirm(send_case(teller, SLEEPS, Reason.UNCONSCIOUS), by=second)
    send_case(teller, FOUND, Reason.UNCONSCIOUS)
    return "People who can't be asked"


def send_case(
    teller: CaseStoryteller, person: InventedPerson, reason: Reason
) -> VitalInterest:
    team = teller.country.teams[SENT_BY]
    worker = teller.country.who(team, *OPENS)
    case = teller.open(team, worker, person, ASKED)
    need = case.needs.select_related("case__team").get()
    referral = referrals.send_in_vital_interest(
        need,
        to=find_hospital(teller),
        reason=reason,
        words="She does not answer, and her pulse is weak.",
        by=worker,
    )
    interest = referral.vital_interest
    assert interest is not None
    return interest


def find_hospital(teller: CaseStoryteller) -> Service:
    team = teller.country.teams[SENT_TO]
    return next(
        service
        for service in teller.services
        if service.team_id == team.pk and ASKED["type"] in service.types
    )
