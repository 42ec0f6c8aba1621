"""The course that comes along, published; everyone has begun it, some continued."""

from pathlib import Path
from uuid import uuid4

from django.conf import settings

from amana.academy.courses import actions
from amana.academy.courses.actions import FaultyCourse
from amana.academy.courses.content import load_content
from amana.academy.courses.engine import files
from amana.academy.courses.engine import lesson_order as placements
from amana.academy.courses.engine.course_content import Question
from amana.academy.courses.engine.marking import Given
from amana.academy.courses.models import Enrolment
from amana.academy.courses.pages import list_questions
from amana.academy.practice.interviews import actions as interviews
from amana.academy.practice.placement import actions as placing
from amana.demo.country import DemoCountry
from amana.exchange.learning.lti import actions as lti
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


def begin_course(country: DemoCountry) -> str:
    """Publish the course and have everyone begin it; return the line of progress."""
    if not (FOLDER / "course.yaml").exists():
        return "No course"
    try:
        version = actions.publish_version(
            files.read_folder(FOLDER), by=country.coordinator
        )
    except FaultyCourse as faulty:
        return f"Course: {len(faulty.faults)} to fix first"
    for person in country.people.values():
        read_lessons(
            actions.begin_course(version, by=person), list_roles(person, country)
        )
    lti.add_platform(by=country.coordinator, **MOODLE)
    return "Course, begun by everybody"


def list_roles(person: User, country: DemoCountry) -> set[Role]:
    return {
        role
        for members in country.members.values()
        for role, user in members
        if user == person
    }


def read_lessons(enrolment: Enrolment, roles: set[Role]) -> None:
    many = max((READ.get(role, 0) for role in roles), default=0)
    content = load_content(enrolment.version)
    for lesson in content.lessons[:many]:
        actions.record_read_lesson(
            enrolment, lesson.path, by=enrolment.person, id=uuid4()
        )
        for name in list_questions(lesson, content):
            answer_wrong(enrolment, content.questions[name])
    if Role.CASE_WORKER in roles:
        practise_interview(enrolment)
    for role in roles & SECTORS.keys():
        place_learner(enrolment, SECTORS[role])


def practise_interview(enrolment: Enrolment) -> None:
    """Begin an interview, and leave it in the middle."""
    for module in load_content(enrolment.version).modules:
        for interview in module.interviews[:1]:
            person = enrolment.person
            run = interviews.begin_interview(
                enrolment, module.code, interview.name, by=person
            )
            interviews.choose_answer(run, 0, turn=0, by=person)


def answer_wrong(enrolment: Enrolment, question: Question) -> None:
    """Answer a question wrong at first, so that it comes back for review."""
    if question.kind in ("one", "decide") and question.right:
        wrong = [at for at in range(question.count) if at not in question.right]
        given = wrong[:1]
    elif question.kind in ("match", "order"):
        given = list(reversed(range(question.count)))
    else:
        return
    actions.record_answer(
        enrolment, question.id, given, by=enrolment.person, id=uuid4()
    )


def place_learner(enrolment: Enrolment, code: str) -> None:
    """Place a learner by the questions of their sector, every other one known."""
    about = placements.build_placement(load_content(enrolment.version))
    sector = about.sector(code) if about else None
    if about is None or sector is None:
        return
    known = [about.questions[ask.question] for ask in sector.asks[::2]]
    answers: dict[str, Given] = {
        question.id: sorted(question.right) for question in known if question.right
    }
    placing.record_placement(enrolment, code, answers, by=enrolment.person, id=uuid4())
