"""Messages that say only that something waits. They hold ids; no task reads a case."""

from collections.abc import Collection, Iterable

from django.tasks import task

from amana.care.cases import card
from amana.care.cases.rules import URGENT
from amana.care.pathways import version_moves
from amana.care.pathways.models import PathwayRun
from amana.care.pathways.rules import OFFICES
from amana.care.pathways.status import RoleTeams
from amana.care.referrals import calendars, rota
from amana.trust.access.models import Membership, Role, User
from amana.trust.access.tasks import notify_each
from amana.trust.access.tasks import notify_user as look

AFTER_MESSAGES = -10
"""Users who have something to do are notified first; no user waits for the rest."""


@task
def notify_role(course_id: str, role: str, step: str = "") -> None:
    """Ask those who play a role in a case to look; of a step, for that one."""
    rows = PathwayRun.objects.select_related("case", "version__mechanism")
    course = rows.get(pk=course_id)
    urgent = course.case.urgency in URGENT
    people = list_people(course, role, step)
    notify_each([(user.email, user.language) for user in people], urgent=urgent)


@task(priority=AFTER_MESSAGES)
def move_cases() -> None:
    """Move some of the cases that wait for a version in force to it."""
    # One batch a task: the queue's other tasks, messages above all, come in between
    # (ADR 72).
    for version in version_moves.list_unfinished()[:1]:
        version_moves.move_batch(version)


def notify_invited(course: PathwayRun, invited: Collection[str], *, but: User) -> None:
    """Ask those of other teams who take part now to look, after a conference to which
    their role was invited. By their own ids: who was invited to which case stays
    sealed, in the queue too."""
    asked = course.dues.filter(own=False, role__in=invited)
    people = {
        user.pk
        for role, step in asked.values_list("role", "key")
        for user in list_people(course, role, step)
        if user != but
    }
    for user_id in sorted(people):
        look.enqueue(user_id)


def list_people(course: PathwayRun, role: str, step: str = "") -> list[User]:
    """List those who work on it, of the case's own team; of another, those on duty.
    Where no team has been chosen yet, those who work on the case: someone is always
    told. Of a case kept to named people, who was named for this very step."""
    teams = RoleTeams.of(course.version)
    if course.case.restricted and (people := list_named(course, role, step, teams)):
        return people
    place = teams.place(role, course, dict(course.hands.values_list("role", "team")))
    needs = teams.needs(role)
    if place.own:
        found = list_workers(course)
    elif needs in OFFICES:
        found = list_holders(place.team, needs)
    else:
        found = rota.list_people_answering(place.team, calendars.get_today())
    return found or rota.list_coordinators()


def list_named(
    course: PathwayRun, role: str, step: str, teams: RoleTeams
) -> list[User]:
    """List who was named, as long as they play the role."""
    dues = course.dues.filter(key=step, role=role).values("named")
    held = teams.could_be_named(role).filter(user__in=dues)
    return list(
        dict.fromkeys(membership.user for membership in held.select_related("user"))
    )


def list_workers(course: PathwayRun) -> list[User]:
    """List those who work on the case; where there are none any more, who leads its
    team. Of a case kept to named people no one else could see what they are told of."""
    case = course.case
    found = list(card.find_holders(case).order_by("pk"))
    if found or case.restricted:
        return found
    return rota.list_supervisors(case.team_id, calendars.get_today())


def list_holders(team: int, role: str) -> list[User]:
    held: Iterable[Membership] = (
        Membership.objects.holding([Role(role)])
        .filter(team=team, user__is_active=True)
        .select_related("user")
        .order_by("pk")
    )
    return [membership.user for membership in held]
