"""What the test knows: canaries, who is there, and what may flow to whom."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from uuid import UUID

from amana import given
from amana.design.directory.models import Service
from amana.design.directory.taxonomy import ServiceType
from amana.trust.access.models import Role, Sphere, Team, User
from tests.properties.attacker import Keys

MARK = "canary"
number = count(1)

SPHERES = {
    "shelter": Sphere.HUMANITARIAN,
    "outreach": Sphere.HUMANITARIAN,
    "clinic": Sphere.HEALTH,
    "lawyer": Sphere.LEGAL,
    "police": Sphere.LAW_ENFORCEMENT,
    "border": Sphere.BORDER,
}
MAY_FLOW = {
    # What the promises say (P07), written down a second time on purpose.
    Sphere.HUMANITARIAN: {"identity", "contact", "needs", "narrative"},
    Sphere.HEALTH: {"identity", "contact", "needs", "health"},
    Sphere.LEGAL: {"identity", "contact", "needs", "narrative", "legal", "migration"},
    Sphere.LAW_ENFORCEMENT: {"identity", "evidence"},
    Sphere.BORDER: set(),
}
FIELDS = [
    "identity.name",
    "identity.other_names",
    "contact.number",
    "needs.words",
    "needs.wishes",
    "narrative.account",
    "health.summary",
    "legal.situation",
    "migration.removal",
    "evidence.items",
]
NEEDED, FOR_THE_POLICE = ServiceType.AC3, ServiceType.PR1
"""What people need: kinds of help that no service of the test offers, so that no row
but a case's could hold them."""
SENDERS = ["shelter", "outreach"]
KINDS = ["supervisor", "worker", "focal"]
ROLES = {
    "supervisor": Role.SUPERVISOR,
    "worker": Role.CASE_WORKER,
    "focal": Role.FOCAL_POINT,
}


def word() -> str:
    """A canary: one word of letters, always as long, that stands nowhere else."""
    digits = f"{next(number):06}"
    return MARK + digits.translate(str.maketrans("0123456789", "bdfghjklmn")) + "x"


@dataclass
class Known:
    """What the test knows of a case: its words, and who may read them."""

    team: str
    fields: dict[str, str]
    words: set[str]
    files: set[str] = field(default_factory=set)
    people: set[str] | None = None
    """Named people, when the case is kept to them."""
    offered: str | None = None


@dataclass
class Shared:
    """What the test knows of a disclosure."""

    case: UUID
    recipient: str
    words: set[str]
    expires_at: datetime
    taken_back: bool = False


@dataclass
class Left:
    """A leaver: the keys that they could have kept, and what these opened that day."""

    kept: Keys
    read: set[str]
    team: str
    files: set[str]
    in_person: set[str]


@dataclass
class Mechanism:
    """Who is there before anybody is met. Made once; each life has its own copy."""

    people: dict[str, User] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)


def a_mechanism() -> Mechanism:
    made = Mechanism()
    for name, sphere in SPHERES.items():
        team = given.make_team(of=given.make_organisation(sphere=sphere))
        made.teams[name], made.members[name] = team, set()
        for kind in KINDS:
            person = f"{name} {kind}"
            made.people[person] = given.make_worker(of=team, role=ROLES[kind])
            made.members[name].add(person)
        if sphere != Sphere.BORDER:
            focal = made.people[f"{name} focal"]
            made.services[name] = given.make_service(of=team, by=focal)
    for role in (Role.ADMINISTRATOR, Role.COORDINATOR, Role.AUDITOR):
        made.people[f"nobody's {role}"] = given.make_worker(
            of=made.teams["shelter"], role=role
        )
    return made
