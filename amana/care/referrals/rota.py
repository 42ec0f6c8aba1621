"""Who is notified and shown what, so that no one's leave leaves a person waiting.

Someone is always found: who has duty, else the focal points, else the case workers,
else the supervisors; for those who are away, their cover."""

from collections.abc import Iterable
from datetime import date
from functools import cache

from django.db.models import Exists, OuterRef, QuerySet

from amana.care.cases.models import Assignment
from amana.care.referrals.models import Cover, Duty, Referral
from amana.trust.access.models import KEYHOLDERS, Membership, Role, Team, User
from amana.trust.access.prepared import PreparedQuery, prepare_query

ANSWER_FIRST = (Role.FOCAL_POINT, Role.CASE_WORKER, Role.SUPERVISOR)


def list_people_answering(team: Team | int, day: date) -> list[User]:
    """List the people of a team who read its inbox on a day."""
    members = build_duty_query(day.weekday()).of(get_team_id(team)).all()
    groups = [[member.user for member in members if member.has_duty]]  # type: ignore[attr-defined]
    groups += [list_users_in_role(members, role) for role in ANSWER_FIRST]
    return choose_first_present(team, groups, day)


@cache
def build_duty_query(weekday: int) -> PreparedQuery[Membership]:
    """Build the query for a team's members, and whether they have duty on such a
    day."""
    duty = Duty.objects.filter(
        team=OuterRef("team"), worker=OuterRef("user"), weekday=weekday
    )
    return PreparedQuery(
        lambda team: find_team_members(team).annotate(has_duty=Exists(duty)), int
    )


def get_team_id(team: Team | int) -> int:
    return team if isinstance(team, int) else team.pk


def list_supervisors(team: Team | int, day: date) -> list[User]:
    leading = list_users_in_role(find_team_members(team), Role.SUPERVISOR)
    return choose_first_present(team, [leading], day)


def list_people_of_sender(referral: Referral, day: date) -> list[User]:
    """List who works on the case, or their cover; else the supervisors of the team."""
    team = referral.sender_id
    assigned = Assignment.objects.lasting().filter(case=referral.case_id)
    at_work = set(assigned.values_list("worker", flat=True))
    members = find_team_members(team, KEYHOLDERS)
    mine = [member.user for member in members if member.user_id in at_work]
    # Only those named: no one else could see what they are notified of (ADR 11).
    if referral.case.restricted:
        return mine
    return choose_first_present(
        team, [mine, list_users_in_role(members, Role.SUPERVISOR)], day
    )


def list_coordinators() -> list[User]:
    """List all coordinators. They are notified also of a restricted case: only that
    something waits. Their list of what is late doesn't show it
    (`rules.watch_referral`)."""
    coordinating = Membership.objects.holding([Role.COORDINATOR])
    return list(
        User.objects.filter(
            pk__in=coordinating.values("user"), is_active=True
        ).order_by("pk")
    )


def find_team_members(
    team: Team | int, roles: Iterable[Role] = ANSWER_FIRST
) -> QuerySet[Membership]:
    answering = Membership.objects.holding(roles)
    here = answering.filter(team=team, user__is_active=True)
    told = here.select_related("user").order_by("pk")
    return told.only("role", "user__name", "user__email", "user__language")


def list_users_in_role(members: Iterable[Membership], role: Role) -> list[User]:
    return [member.user for member in members if member.role == role]


def choose_first_present(
    team: Team | int, groups: Iterable[list[User]], day: date
) -> list[User]:
    """Choose those present of the first group in which anyone is, covers included."""
    covers = find_covers.of(get_team_id(team), day).all()
    instead = {cover.away_id: cover.covered_by for cover in covers}
    for group in groups:
        found = {u.pk: u for user in group if (u := resolve_cover(user, instead))}
        if found:
            return list(found.values())
    return []


@prepare_query(int, date)
def find_covers(team: int, day: date) -> QuerySet[Cover]:
    there = Cover.objects.on(day).filter(team=team, covered_by__is_active=True)
    return there.select_related("covered_by")


def resolve_cover(user: User, instead: dict[int, User]) -> User | None:
    """Return `user`, or who covers for them, or who covers for that one."""
    # Two may cover for each other: the chain then ends where it began, with no one.
    seen: set[int] = set()
    while user.pk in instead and user.pk not in seen:
        seen.add(user.pk)
        user = instead[user.pk]
    return None if user.pk in seen else user
