"""A referral with short answers to everything that a shelter asks first."""

from typing import Any

from amana import given
from amana.care.cases.actions import StatedNeed
from amana.care.cases.models import Urgency
from amana.care.referrals.models import Referral
from amana.care.referrals.referral_messages import HandoverMessage
from amana.design.directory.models import Service
from amana.design.directory.taxonomy import ServiceType
from amana.trust.access.models import Role, Sphere, Team, User

PHONE = "+999 20 555 0101"
WORDS = "A door that I can lock."
SAID: dict[str, Any] = {
    "identity_name": "Hope",
    "identity_age": "24",
    "identity_child": "no",
    "identity_sex": "female",
    "identity_languages": ["ti", "ar"],
    "contact_channel": "message",
    "contact_number": "+999 70 555 0199",
    "contact_hours": "after 18:00",
    "contact_never": "call her phone",
    "needs_words": WORDS,
    "needs_area": "Ferry terminal, gate 3",
    "needs_companions": [
        {"age": "4", "sex": "female", "relation": "child"},
        {"age": "7", "sex": "male", "relation": "child"},
    ],
    "needs_interpreter": "Tigrinya, a woman",
    "needs_disability": ["step_free"],
}


def an_officer() -> User:
    border = given.make_organisation(name="Border Guard", sphere=Sphere.BORDER)
    desk = given.make_team(of=border, name="First contact desk", phone=PHONE)
    return given.make_worker(of=desk, role=Role.SCREENER, name="Karim Bensalah")


def a_house() -> tuple[Service, User]:
    dar = given.make_organisation(name="Dar Amal")
    team = given.make_team(of=dar, name="Harbour House", phone="+999 20 555 0202")
    answers = given.make_worker(of=team, role=Role.FOCAL_POINT, name="Grace Achieng")
    service = given.make_service(
        of=team,
        by=answers,
        name="Harbour House beds",
        types=["SH1"],
        counts_places=True,
        places_total=12,
        places_free=3,
    )
    return service, answers


def a_short_referral(
    officer: User, house: Service, *, without: str = "", **said: Any
) -> Referral:
    """Sent in an emergency; `without`: this was never asked."""
    answers = {key: value for key, value in (SAID | said).items() if key != without}
    words = str(answers.get("needs_words", ""))
    case = given.make_case(
        worked_on_by=officer,
        needs=[StatedNeed(ServiceType.SH1, Urgency.U0, words)],
        **answers,
    )
    agreed = [key.replace("_", ".", 1) for key in answers]
    team: Team = house.team
    consent = given.make_consent(case, to=team, by=officer, fields=agreed)
    return given.make_referral(
        need=case.needs.get(),
        to=house,
        by=officer,
        consent=consent,
        handover=HandoverMessage(who="Karim Bensalah"),
    )
