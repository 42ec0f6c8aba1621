"""The course that comes along, published; everybody has begun it, some went on."""

from pathlib import Path
from uuid import uuid4

from django.conf import settings

from amana.academy.courses import actions
from amana.academy.courses.actions import Faulty
from amana.academy.courses.content import content_of
from amana.academy.courses.engine import files
from amana.academy.courses.models import Enrolment
from amana.demo.country import Country
from amana.trust.access.models import Role, User

FOLDER: Path = settings.ROOT / "courses" / "referral-mechanism"

READ = {Role.SCREENER: 2, Role.CASE_WORKER: 4, Role.FOCAL_POINT: 1}
"""How many lessons somebody in this role has read."""


def learn(country: Country) -> str:
    """What came of it, for whoever watches."""
    if not (FOLDER / "course.yaml").exists():
        return "No course"
    try:
        version = actions.publish(files.of_folder(FOLDER), by=country.coordinator)
    except Faulty as faulty:
        return f"Course: {len(faulty.faults)} to mend first"
    for person in country.people.values():
        go_on(actions.begin(version, by=person), roles_of(person, country))
    return "Course, begun by everybody"


def roles_of(person: User, country: Country) -> set[Role]:
    return {
        role
        for members in country.members.values()
        for role, user in members
        if user == person
    }


def go_on(enrolment: Enrolment, roles: set[Role]) -> None:
    many = max((READ.get(role, 0) for role in roles), default=0)
    for lesson in content_of(enrolment.version).lessons[:many]:
        actions.read(enrolment, lesson.path, by=enrolment.person, id=uuid4())
