"""The course that comes along, published; everyone has begun it, some continued."""

from pathlib import Path
from uuid import uuid4

from django.conf import settings

from amana.academy.courses import actions
from amana.academy.courses.actions import Faulty
from amana.academy.courses.content import content_of
from amana.academy.courses.engine import files
from amana.academy.courses.engine import placement as placements
from amana.academy.courses.engine.course import Question
from amana.academy.courses.engine.marking import Given
from amana.academy.courses.models import Enrolment
from amana.academy.courses.pages import questions_in
from amana.academy.interviews import actions as interviews
from amana.academy.placement import actions as placing
from amana.demo.country import Country
from amana.exchange.lti import actions as lti
from amana.trust.access.models import Role, User

FOLDER: Path = settings.ROOT / "courses" / "referral-mechanism"

MOODLE = {
    "name": "Moodle of the Ministry of Health",
    "issuer": "https://moodle.health.example",
    "client_id": "amana",
    "deployment_id": "1",
    "login_url": "https://moodle.health.example/mod/lti/auth.php",
    "keys_url": "https://moodle.health.example/mod/lti/certs.php",
    "token_url": "https://moodle.health.example/mod/lti/token.php",
}
"""From where people may come to the course; no one is there."""

READ = {Role.SCREENER: 2, Role.CASE_WORKER: 4, Role.FOCAL_POINT: 1}
"""How many lessons a person in this role has read."""

SECTORS = {
    Role.SCREENER: "border",
    Role.CASE_WORKER: "protection",
    Role.FOCAL_POINT: "health",
}
"""For which sector a person in this role was asked where to begin."""


def learn(country: Country) -> str:
    """Publish the course and have everyone begin it; return the line of progress."""
    if not (FOLDER / "course.yaml").exists():
        return "No course"
    try:
        version = actions.publish(files.of_folder(FOLDER), by=country.coordinator)
    except Faulty as faulty:
        return f"Course: {len(faulty.faults)} to fix first"
    for person in country.people.values():
        go_on(actions.begin(version, by=person), roles_of(person, country))
    lti.add_platform(by=country.coordinator, **MOODLE)
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
    content = content_of(enrolment.version)
    for lesson in content.lessons[:many]:
        actions.read(enrolment, lesson.path, by=enrolment.person, id=uuid4())
        for name in questions_in(lesson, content):
            miss(enrolment, content.questions[name])
    if Role.CASE_WORKER in roles:
        practise(enrolment)
    for role in roles & SECTORS.keys():
        find_a_beginning(enrolment, SECTORS[role])


def practise(enrolment: Enrolment) -> None:
    """Begin an interview, and leave it in the middle."""
    for module in content_of(enrolment.version).modules:
        for interview in module.interviews[:1]:
            person = enrolment.person
            run = interviews.begin(enrolment, module.code, interview.name, by=person)
            interviews.say(run, 0, turn=0, by=person)


def miss(enrolment: Enrolment, question: Question) -> None:
    """Answer a question wrong at first, so that it comes back for review."""
    if question.kind in ("one", "decide") and question.right:
        wrong = [at for at in range(question.count) if at not in question.right]
        given = wrong[:1]
    elif question.kind in ("match", "order"):
        given = list(reversed(range(question.count)))
    else:
        return
    actions.answer(enrolment, question.id, given, by=enrolment.person, id=uuid4())


def find_a_beginning(enrolment: Enrolment, code: str) -> None:
    """Place a learner by the questions of their sector, every other one known."""
    about = placements.of(content_of(enrolment.version))
    sector = about.sector(code) if about else None
    if about is None or sector is None:
        return
    known = [about.questions[ask.question] for ask in sector.asks[::2]]
    answers: dict[str, Given] = {
        question.id: sorted(question.right) for question in known if question.right
    }
    placing.place(enrolment, code, answers, by=enrolment.person, id=uuid4())
