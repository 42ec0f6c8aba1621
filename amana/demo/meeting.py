"""A session of the cohort that has just begun, and one that is planned."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.utils import timezone

from amana.academy.cohorts.models import Cohort
from amana.academy.sessions import actions
from amana.academy.sessions.models import Session
from amana.academy.sessions.plans import list_modules_with_plans
from amana.demo.country import DemoCountry
from amana.demo.dates import find_colleagues_cohort
from amana.trust.access.models import Role, User


def hold_sessions(country: DemoCountry) -> str:
    """Begin one session of the cohort and plan another; return the line of progress."""
    cohort = find_colleagues_cohort()
    if cohort is None:
        return "No sessions"
    trainer = country.who(country.academy, Role.TRAINER)
    first, second = (
        code for code, _plan in list_modules_with_plans(cohort.version)[:2]
    )
    begun = timezone.now() - timedelta(minutes=15)
    session = plan_session(cohort, first, begun, trainer)
    plan_session(cohort, second, begun + timedelta(days=7), trainer)
    lead_session(session, trainer)
    return "A session that has begun"


def plan_session(
    cohort: Cohort, module: str, starts: datetime, trainer: User
) -> Session:
    ends = starts + timedelta(minutes=120)
    said = {"mode": "hybrid", "venue": cohort.place}
    return actions.plan(
        cohort, module, starts_at=starts, ends_at=ends, by=trainer, **said
    )


def lead_session(session: Session, trainer: User) -> None:
    """Lead the session up to the first poll, which some have answered."""
    actions.open_room(session, by=trainer, id=uuid4())
    seated = session.cohort.applications.taking_part().select_related("person")
    people = [application.person for application in seated if application.person]
    for person in people:
        actions.enter_room(session, by=person)
    actions.go_to_step(session, 1, by=trainer, id=uuid4())
    actions.ask(session, "poll-1", by=trainer, id=uuid4())
    for place, person in enumerate(people):
        actions.answer_poll(session, "poll-1", place % 3, by=person, id=uuid4())
    if people:
        actions.raise_hand(session, True, by=people[0], id=uuid4())
    words = "Still open: who tells the hospital on Sunday?"
    actions.write_note(session, "all", words, seen=0, by=trainer)
