"""Whom cases are about, and what happens in which of them."""

from dataclasses import dataclass

from amana.care.cases.models.case_needs import Need
from amana.care.referrals.models import ReferralStatus
from amana.design.directory.models import Service
from amana.trust.access.models.organisations import Role, Sphere

S = ReferralStatus


LENGTH = 60
"""Days from the start of the clock to today."""


ANSWERS = (Role.FOCAL_POINT, Role.CASE_WORKER, Role.SUPERVISOR)


OPENS = (Role.CASE_WORKER, Role.SCREENER, Role.FOCAL_POINT)


MEETS_PEOPLE = (
    "Border Guard",
    "Labour Inspection Service",
    "Dar Amal",
    "Harbour House",
    "Lantern Children's Centre",
    "Central Hospital",
    "Open Door Legal Aid",
    "Migrant Support International",
)


ENDS: tuple[ReferralStatus, ...] = (
    *(S.SENT,) * 9,
    *(S.RECEIVED,) * 5,
    *(S.ACCEPTED,) * 7,
    *(S.WAITLISTED,) * 4,
    *(S.DECLINED,) * 5,
    *(S.REDIRECTED,) * 2,
    *(S.APPOINTMENT,) * 7,
    *(S.ATTENDED,) * 4,
    *(S.NO_SHOW,) * 3,
    *(S.UNREACHABLE,) * 2,
    *(S.STARTED,) * 7,
    *(S.COMPLETED,) * 5,
    *(S.PARTLY,) * 3,
    *(S.DISCONTINUED,) * 2,
    *(S.CONFIRMED,) * 9,
    *(S.RECALLED,) * 2,
    *(S.WITHDRAWN,) * 3,
    S.EXPIRED,
)
"""Where each case's first referral stands today: eighty, in every state."""


@dataclass
class InventedPerson:
    """A person who does not exist."""

    name: str
    sex: str
    age: int
    nationality: str
    languages: list[str]

    @property
    def is_child(self) -> bool:
        return self.age < 18


PHONE_IS_FOLLOWED = 0.2
"""How often a later talk finds out that another person may follow the phone."""


SAFE_IF_NO = ("SAFE02", "SAFE03", "SAFE04", "SAFE07", "SAFE09", "SAFE10", "SAFE12")


SAFE_IF_YES = ("SAFE01", "SAFE05", "SAFE06", "SAFE11", "SAFE13", "SAFE14")


def build_safe_answers(person: InventedPerson) -> dict[str, str]:
    """Answer every safety question so that one can talk; a child has a guardian."""
    answers = dict.fromkeys(SAFE_IF_NO, "no") | dict.fromkeys(SAFE_IF_YES, "yes")
    return answers | {"SAFE08": "yes" if person.is_child else "no", "SAFE08A": "no"}


def is_suitable(service: Service, person: InventedPerson, need: Need) -> bool:
    return (
        service.accepts_referrals
        and service.organisation.sphere != Sphere.BORDER
        and service.team_id != need.case.team_id
        and (not service.sexes or person.sex in service.sexes)
        and service.age_min <= person.age <= service.age_max
    )
