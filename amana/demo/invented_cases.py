"""Whom cases are about, and what happens in which of them."""

from dataclasses import dataclass
from random import Random

from amana.care.cases.companions import ALONE
from amana.care.cases.models.case_needs import Need
from amana.care.referrals.models import ReferralStatus
from amana.demo.country import DemoFile
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


def draw_person(said: DemoFile, who: str, chance: Random) -> InventedPerson:
    """Draw a person from the names and languages in `people.toml`."""
    sex = "female" if who == "female" else chance.choice(["female", "male"])
    name = chance.choice(said[f"names_{sex}"])
    nationality = chance.choice(said["nationalities"])
    lowest, highest = (11, 17) if who == "child" else (18, 47)
    if who == "any":
        lowest = 15
    parent = chance.choice(said["parents"])
    native = said["names_native"]
    if name in native and chance.random() < 0.4:
        name = native[name]
    return InventedPerson(
        f"{name} {parent}",
        sex,
        chance.randint(lowest, highest),
        nationality,
        said["languages"][nationality],
    )


def build_identity(person: InventedPerson) -> dict[str, object]:
    identity: dict[str, object] = {
        "name": person.name,
        "age": person.age,
        "child": "yes" if person.is_child else "no",
        "sex": person.sex,
        "nationality": [person.nationality],
        "languages": person.languages,
    }
    if person.is_child:
        identity |= {
            "guardian": "Guardian of the children's centre",
            "guardian_state": "appointed",
            "guardian_suspect": "no",
            "assent": "agrees",
        }
    return identity


def draw_companions(chance: Random) -> str | list[dict[str, str]]:
    """Draw who comes along: most come alone; some bring a child or two."""
    children = chance.choice([0, 0, 0, 1, 2])
    return [
        {
            "age": str(chance.randint(0, 15)),
            "sex": chance.choice(["female", "male"]),
            "relation": "child",
        }
        for _child in range(children)
    ] or ALONE


def draw_flags(person: InventedPerson, chance: Random) -> list[str]:
    flags = chance.sample(["trafficking", "smuggling", "labour", "asylum", "health"], 2)
    return [*flags, "child"] if person.is_child else flags


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
