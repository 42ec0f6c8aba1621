"""A cohort with people in every state: asked, applied, waiting, in, done, gone."""

from datetime import timedelta
from decimal import Decimal
from itertools import cycle
from uuid import uuid4

from django.utils import timezone

from amana import given
from amana.academy.cohorts import actions
from amana.academy.cohorts.actions import ApplicantDetails, CohortPlan
from amana.academy.cohorts.models import (
    AdmissionRule,
    Application,
    Cohort,
    CohortMode,
)
from amana.academy.courses import actions as courses
from amana.academy.courses.content import load_content
from amana.academy.courses.engine.course_content import Question
from amana.academy.courses.engine.marking import Given
from amana.academy.courses.models import Enrolment, Version
from amana.demo.country import DemoCountry
from amana.trust.access.models import Role, User
from amana.ui import languages

OUTSIDERS = (("Wanjiru Kamau", "en"), ("Aïcha Diallo", "fr"), ("Samar Aziz", "ar"))
SHARES = "Wanjiru Kamau"
WELCOME = "Welcome. Begin with lesson 1; our first office hour is on Thursday."
PLACES = 4
ASKED = (
    ApplicantDetails(
        name="Rosa Lindholm",
        contact="rosa.lindholm@clinic.example",
        message="Do I have to be a nurse, or can receptionists take part?",
    ),
    ApplicantDetails(
        contact="+2125550147", message="Is there a course in Arabic this year?"
    ),
)


def open_dates(country: DemoCountry) -> str:
    """Open a cohort with applications in every state; return the line of progress."""
    version = Version.objects.for_page().newest_first().first()
    if version is None:
        return "No dates"
    trainer = country.who(country.academy, Role.TRAINER)
    cohort = actions.open_cohort(version, build_spring_plan(trainer), by=trainer)
    fill_cohort(cohort, country, trainer)
    for said in ASKED:
        actions.ask_academy(said, course=version.course, by=None)
    answered = actions.ask_academy(
        ApplicantDetails(
            contact="h.oduya@lawyers.example", message="What does it cost?"
        ),
        course=version.course,
        source=Application.Source.HELP,
        by=None,
    )
    actions.record_answer(
        answered, "120 euros; there are two scholarships.", by=trainer
    )
    open_to_anyone(version, trainer)
    return "Dates and applications"


def find_colleagues_cohort() -> Cohort | None:
    """Find the cohort of people who work in the country; outsiders have another."""
    cohorts = Cohort.objects.for_list().standing()
    return cohorts.filter(entry=AdmissionRule.PUBLIC).first()


def open_to_anyone(version: Version, trainer: User) -> None:
    """Open an online cohort that outsiders enter by themselves; some have, by a link,
    and one of them shares how far she is."""
    cohort = actions.open_cohort(version, build_online_plan(trainer), by=trainer)
    link = actions.make_invitation(
        cohort, places=30, expires_on=cohort.open_until, by=trainer
    )
    for name, language in OUTSIDERS:
        learner = given.make_learner(name=name, language=language)
        seat = actions.use_invitation(link, by=learner)
        if name == SHARES:
            actions.share_progress(seat, True, by=learner)
            enrolment = learner.enrolments.get()
            lesson = load_content(version).lessons[0]
            courses.record_read_lesson(enrolment, lesson.path, by=learner, id=uuid4())
    actions.send_message(cohort, WELCOME, by=trainer)


def build_online_plan(trainer: User) -> CohortPlan:
    today = timezone.localdate()
    return CohortPlan(
        name="Online, open to anyone",
        entry=AdmissionRule.OPEN,
        starts_on=today,
        ends_on=today + timedelta(days=120),
        open_until=today + timedelta(days=60),
        capacity=200,
        facilitators=[trainer],
    )


def build_spring_plan(trainer: User) -> CohortPlan:
    today = timezone.localdate()
    return CohortPlan(
        name="Port Selene, spring",
        mode=CohortMode.HYBRID,
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


def fill_cohort(cohort: Cohort, country: DemoCountry, trainer: User) -> None:
    people = cycle(list_learners(country))
    done, learning, offered, gone, away, waiting, new, no = (
        apply_for_place(cohort, next(people)) for _each in range(8)
    )
    for application in (done, learning, gone, offered):
        actions.offer_place(application, by=trainer)
    for application in (done, learning):
        assert application.person is not None
        enrolment = actions.accept_place(application, by=application.person)
        if application is done:
            learn_all(enrolment)
    actions.grant_scholarship(learning, by=trainer)
    actions.add_to_waiting_list(away, by=trainer)
    actions.add_to_waiting_list(waiting, by=trainer)
    assert gone.person is not None
    actions.withdraw_application(gone, by=gone.person)  # and `away` moves up
    actions.decline_application(no, by=trainer)
    actions.record_fee(new, by=trainer)


def list_learners(country: DemoCountry) -> list[User]:
    """List case workers, screeners and focal points, in the order of the file."""
    learning = (Role.CASE_WORKER, Role.SCREENER, Role.FOCAL_POINT)
    found = {
        user.pk: user
        for members in country.members.values()
        for role, user in members
        if role in learning
    }
    return list(found.values())


def apply_for_place(cohort: Cohort, person: User) -> Application:
    said = ApplicantDetails(
        sector=Application.Sector.PROTECTION,
        languages=languages.format_language(person.language),
        organisation=person.memberships.earliest("pk").team.organisation.name,
        scholarship_asked=True,
    )
    return actions.apply_for_cohort(cohort, said, by=person)


def learn_all(enrolment: Enrolment, *, modules: int | None = None) -> None:
    """Read every lesson and pass every test; or those of the first modules."""
    by, content = enrolment.person, load_content(enrolment.version)
    for module in content.modules[:modules]:
        for lesson in module.lessons:
            courses.record_read_lesson(enrolment, lesson.path, by=by, id=uuid4())
        attempt = courses.begin_test(enrolment, module.code, by=by)
        right = {
            question.id: get_right_answer(question)
            for question in courses.list_questions(attempt)
        }
        courses.submit_test(attempt, right, by=by, id=uuid4())


def get_right_answer(question: Question) -> Given:
    if question.kind == "number":
        return str(question.answer)
    return sorted(question.right) or list(range(question.count))
