"""Who may see and do what with a case. A team's cases are not its members' cases:
need-to-know is an assignment, or the supervision of the team."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from amana.care.cases.models import Assignment, Case
from amana.trust.access.everyones import OwnRows, ScopedSubquery
from amana.trust.access.models import KEYHOLDERS, Membership, Role, Sphere, Team, User
from amana.trust.access.prepared import prepare_query
from amana.trust.access.rules import define_rule, find_memberships, find_team_ids
from amana.trust.vault.compartments import Compartment

C = Compartment


def find_assigned_cases(user: User) -> OwnRows:
    """Return a subquery of the ids of the cases to which `user` is assigned now."""
    return _assigned().of(user)


@cache
def _assigned() -> ScopedSubquery:
    return ScopedSubquery(Assignment.objects.current(), "case", whose="worker")


def find_cases_worked_on(user: User) -> OwnRows:
    """Return a subquery of the ids of the cases on which `user` works, for the things
    of a case: there are few of them, and what belongs to them is found in an index."""
    return _worked_on().of(user)


@cache
def _worked_on() -> ScopedSubquery:
    held = Membership.objects.holding(KEYHOLDERS).filter(
        user=OuterRef("worker"), team=OuterRef("case__team"), user__is_active=True
    )
    mine = Assignment.objects.current().filter(Exists(held))
    return ScopedSubquery(mine, "case", whose="worker")


@define_rule
def work_on_case(user: User) -> Q:
    """Allow those who are assigned to the case and are still keyholding members of the
    team that owns it."""
    return Q(pk__in=find_cases_worked_on(user))


@define_rule
def lead_case(user: User) -> Q:
    """Allow the colleague who leads the case."""
    led = Assignment.objects.leading().filter(worker=user)
    return Q(team__in=find_team_ids(user, *KEYHOLDERS), pk__in=led.values("case"))


@define_rule
def supervise_case(user: User) -> Q:
    """Allow the supervisors of the team; of a restricted case only those who are
    named."""
    # No way around a restriction, not even for supervisors: only named people hold the
    # keys of such a case (ADR 57).
    visible = Q(restricted=False) | Q(pk__in=find_assigned_cases(user))
    return Q(team__in=find_team_ids(user, Role.SUPERVISOR)) & visible


@define_rule
def watch_case(user: User) -> Q:
    """Allow coordinators: they see deadlines and statuses of the shell, and no sealed
    content."""
    return Q(Exists(find_memberships(user, Role.COORDINATOR)), restricted=False)


@define_rule
def answer_for_data(user: User) -> Q:
    """Allow data-protection officers: they see when a case is erased, and nothing of
    its content."""
    return Q(Exists(find_memberships(user, Role.DATA_PROTECTION_OFFICER)))


see_case = work_on_case | supervise_case
oversee_retention = supervise_case | answer_for_data
manage_case = lead_case | supervise_case
change_or_choose = manage_case | work_on_case
"""Whose case it is to have follow another mechanism, or a first one."""


@define_rule
def open_cases_in(user: User) -> Q:
    """Allow, for teams, those who hold the team's keys."""
    return Q(pk__in=find_team_ids(user, *KEYHOLDERS))


TAKERS = frozenset({Role.CASE_WORKER, Role.SUPERVISOR, Role.FOCAL_POINT})
"""Roles that answer for a team whether it takes over a case."""


URGENT = ("U0", "U1")
"""Those who are asked about these are notified at once, even if they were notified a
moment ago."""


@define_rule
def answer_transfer(user: User) -> Q:
    """Allow, for transfers, those who answer for the team to which the case was
    offered."""
    return Q(to__in=find_team_ids(user, *TAKERS))


KEEPERS = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})


@define_rule
def keep_emergency_contacts(user: User) -> Q:
    """Allow, for the mechanism's own lines, those who keep them up to date."""
    return Q(Exists(find_memberships(user, *KEEPERS)))


def filter_by_seen_case(user: User) -> Q:
    """Limit things of a case to those whose case `user` sees."""
    return Q(case__in=see_case.among(Case.objects.all(), user))


@define_rule
def see_thing_of_case(user: User) -> Q:
    """Allow, for follow-ups, needs and files, those who see the case."""
    return filter_by_seen_case(user)


@define_rule
def remove_file(user: User) -> Q:
    """Allow, for files, those who lead or supervise the case; its part has to be open
    to them as well (`list_readable_parts`)."""
    return Q(case__in=manage_case.among(Case.objects.all(), user))


FIRST_PARTS = frozenset({C.IDENTITY, C.CONTACT, C.NEEDS})
"""What the case page opens by itself; every other part is opened on demand."""

ALL_PARTS = frozenset(Compartment)

SUPERVISED_PARTS = FIRST_PARTS | {C.NARRATIVE}
"""What a supervisor needs to help a colleague, or to replace them."""


@prepare_query(User, Case)
def _held_beside(user: User, case: Case) -> QuerySet[Any]:
    """Find one's places, and whether one is assigned to the case."""
    assigned = Assignment.objects.current().filter(worker=user, case=case)
    return (
        Membership.objects.active()
        .filter(user=user, user__is_active=True)
        .annotate(assigned=Exists(assigned))
        .values_list("team", "role", "assigned", "team__organisation__sphere")
    )


type HeldPlaces = Sequence[tuple[int, str, bool, str]]
"""One's places: team, role, whether one is assigned to the case, the team's sphere."""


def list_held_places(user: User, case: Case) -> HeldPlaces:
    """List one's places, and whether one is assigned to the case. One query."""
    return list(_held_beside.of(user, case).all())


def list_readable_parts(user: User, case: Case) -> frozenset[Compartment]:
    """List which parts of a case that they see `user` may read. One query."""
    return choose_readable_parts(list_held_places(user, case), case)


def choose_readable_parts(held: HeldPlaces, case: Case) -> frozenset[Compartment]:
    """Choose which parts of the case who has these places may read."""
    opened: frozenset[Compartment] = frozenset()
    for team, role, is_assigned, sphere in held:
        if team == case.team_id and role in KEYHOLDERS:
            parts = _parts(Role(role), is_assigned, case.restricted)
            # Health detail stays with health: elsewhere it can be added to, and not
            # read.
            opened |= parts if sphere == Sphere.HEALTH else parts - {C.HEALTH}
    return opened


def list_parts_read_in_team(user: User, team: Team) -> frozenset[Compartment]:
    """List which parts `user` will read of a case that they open in this team."""
    held = Membership.objects.active().filter(user=user, team=team, role__in=KEYHOLDERS)
    opened: frozenset[Compartment] = frozenset()
    for role in held.values_list("role", flat=True):
        opened |= _parts(Role(role), assigned=True, restricted=False)
    health = team.organisation.sphere == Sphere.HEALTH
    return opened if health else opened - {C.HEALTH}


def _parts(role: Role, assigned: bool, restricted: bool) -> frozenset[Compartment]:
    if not assigned:
        supervises = role is Role.SUPERVISOR and not restricted
        return SUPERVISED_PARTS if supervises else frozenset()
    # A screener meets the person and opens the case (IOM 2007, ch. 2); what happened to
    # them is for the colleagues who accompany them.
    return FIRST_PARTS if role is Role.SCREENER else ALL_PARTS


def list_writable_parts(user: User, case: Case) -> frozenset[Compartment]:
    """List which parts `user` may add to: what they read, and health besides."""
    opened = list_readable_parts(user, case)
    works = work_on_case.permits(user, case)
    return opened | {C.HEALTH} if works and opened else frozenset()
