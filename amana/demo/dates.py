"""A cohort with people in every state: asked, applied, waiting, in, done, gone."""

from datetime import timedelta
from decimal import Decimal
from itertools import cycle
from uuid import uuid4

from django.utils import timezone

from amana.academy.cohorts import actions
from amana.academy.cohorts.actions import Plan, Said
from amana.academy.cohorts.models import Application, Cohort, Mode
from amana.academy.courses import actions as courses
from amana.academy.courses.content import content_of
from amana.academy.courses.engine.course import Question
from amana.academy.courses.engine.marking import Given
from amana.academy.courses.models import Enrolment, Version
from amana.demo.country import Country
from amana.trust.access.models import Role, User
from amana.ui import languages

PLACES = 4
ASKED = (
    Said(
        name="Rosa Lindholm",
        contact="rosa.lindholm@clinic.example",
        message="Do I have to be a nurse, or can receptionists take part?",
    ),
    Said(contact="+2125550147", message="Is there a course in Arabic this year?"),
)


def open_dates(country: Country) -> str:
    """Open a cohort with applications in every state; return the line of progress."""
    version = Version.objects.for_page().newest_first().first()
    if version is None:
        return "No dates"
    trainer = country.who(country.academy, Role.TRAINER)
    cohort = actions.open_cohort(version, spring(trainer), by=trainer)
    fill(cohort, country, trainer)
    for said in ASKED:
        actions.ask(said, course=version.course, by=None)
    answered = actions.ask(
        Said(contact="h.oduya@lawyers.example", message="What does it cost?"),
        course=version.course,
        source=Application.Source.HELP,
        by=None,
    )
    actions.answer(answered, "120 euros; there are two scholarships.", by=trainer)
    return "Dates and applications"


def spring(trainer: User) -> Plan:
    today = timezone.localdate()
    return Plan(
        name="Port Selene, spring",
        mode=Mode.HYBRID,
        place="Port Selene, Harbour Library",
        starts_on=today + timedelta(days=21),
        ends_on=today + timedelta(days=77),
        open_until=today + timedelta(days=18),
        capacity=PLACES,
        fee=Decimal(120),
        currency="EUR",
        scholarships=2,
        facilitators=[trainer],
    )


def fill(cohort: Cohort, country: Country, trainer: User) -> None:
    people = cycle(learners(country))
    done, learning, offered, gone, away, waiting, new, no = (
        applied(cohort, next(people)) for _each in range(8)
    )
    for application in (done, learning, gone, offered):
        actions.offer(application, by=trainer)
    for application in (done, learning):
        assert application.person is not None
        enrolment = actions.accept(application, by=application.person)
        if application is done:
            learn_all(enrolment)
    actions.grant_scholarship(learning, by=trainer)
    actions.wait(away, by=trainer)
    actions.wait(waiting, by=trainer)
    assert gone.person is not None
    actions.withdraw(gone, by=gone.person)  # and `away` moves up
    actions.decline(no, by=trainer)
    actions.note_fee(new, by=trainer)


def learners(country: Country) -> list[User]:
    """List case workers, screeners and focal points, in the order of the file."""
    learning = (Role.CASE_WORKER, Role.SCREENER, Role.FOCAL_POINT)
    found = {
        user.pk: user
        for members in country.members.values()
        for role, user in members
        if role in learning
    }
    return list(found.values())


def applied(cohort: Cohort, person: User) -> Application:
    said = Said(
        sector=Application.Sector.PROTECTION,
        languages=languages.name(person.language),
        organisation=person.memberships.earliest("pk").team.organisation.name,
        scholarship_asked=True,
    )
    return actions.apply(cohort, said, by=person)


def learn_all(enrolment: Enrolment, *, modules: int | None = None) -> None:
    """Read every lesson and pass every test; or those of the first modules."""
    by, content = enrolment.person, content_of(enrolment.version)
    for module in content.modules[:modules]:
        for lesson in module.lessons:
            courses.read(enrolment, lesson.path, by=by, id=uuid4())
        attempt = courses.begin_test(enrolment, module.code, by=by)
        right = {
            question.id: right_answer(question)
            for question in courses.questions_of(attempt)
        }
        courses.submit(attempt, right, by=by, id=uuid4())


def right_answer(question: Question) -> Given:
    if question.kind == "number":
        return str(question.answer)
    return sorted(question.right) or list(range(question.count))
