"""Messages that say only that something waits. They hold ids; no task reads a case."""

from collections.abc import Collection, Iterable

from django.tasks import task

from amana.care.pathways.models import Course
from amana.care.pathways.rules import OFFICES
from amana.care.pathways.standing import Teams
from amana.care.referrals import calendars, rota
from amana.trust.access.models import Membership, Role, User
from amana.trust.access.tasks import ask_to_look
from amana.trust.access.tasks import tell as look

URGENT = ("U0", "U1")


@task
def tell(course_id: str, role: str, step: str = "") -> None:
    """Ask those who play a role in a case to look; of a step, for that one."""
    rows = Course.objects.select_related("case", "version__mechanism")
    course = rows.get(pk=course_id)
    urgent = course.case.urgency in URGENT
    for user in who(course, role, step):
        ask_to_look(user.email, user.language, urgent=urgent)


def tell_invited(course: Course, invited: Collection[str], *, but: User) -> None:
    """Ask those of other teams who take part now to look, after a conference to which
    their role was invited. By their own ids: who was invited to which case stays
    sealed, in the queue too."""
    asked = course.dues.filter(own=False, role__in=invited)
    people = {
        user.pk
        for role, step in asked.values_list("role", "key")
        for user in who(course, role, step)
        if user != but
    }
    for user_id in sorted(people):
        look.enqueue(user_id)


def who(course: Course, role: str, step: str = "") -> list[User]:
    """Of the case's own team, those who work on it; of another, those on duty. Where
    nobody has been chosen yet, whoever works on the case: somebody is always told.
    Of a case kept to named people, whoever was named for this very step."""
    if course.case.restricted and (people := named(course, role, step)):
        return people
    teams = Teams.of(course.version)
    place = teams.place(role, course, dict(course.hands.values_list("role", "team")))
    if place.own:
        return at_work(course) or rota.coordinators()
    needs = teams.needs(role)
    if needs in OFFICES:
        return holding(place.team, needs)
    return rota.who_answers(place.team, calendars.today()) or rota.coordinators()


def named(course: Course, role: str, step: str) -> list[User]:
    dues = course.dues.filter(key=step, role=role, named__is_active=True)
    return [due.named for due in dues.select_related("named") if due.named is not None]


def at_work(course: Course) -> list[User]:
    current = course.case.assignments.current().filter(worker__is_active=True)
    return [one.worker for one in current.select_related("worker").order_by("pk")]


def holding(team: int, role: str) -> list[User]:
    held: Iterable[Membership] = (
        Membership.objects.holding([Role(role)])
        .filter(team=team, user__is_active=True)
        .select_related("user")
        .order_by("pk")
    )
    return [one.user for one in held]
