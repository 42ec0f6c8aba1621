"""Rules: who may open a case that is not theirs in an emergency, and who reviews it.

There is no back door: only the team whose keys open the case anyway, and never a case
restricted to named people, whose keys no one else holds."""

from django.db.models import Exists, Q

from amana.care.cases.models import Case
from amana.care.cases.rules import find_assigned_cases, see_case
from amana.trust.access.models import KEYHOLDERS, Role, User
from amana.trust.access.rules import define_rule, find_memberships, find_team_ids

OVERSEEING = (Role.DATA_PROTECTION_OFFICER, Role.COORDINATOR)
ANSWERING = (Role.SUPERVISOR, *OVERSEEING)
"""Who has the list of all that they answer for."""


@define_rule
def open_in_emergency(user: User) -> Q:
    """Match cases of the person's team that are not restricted, and not theirs
    anyway."""
    ours = Q(team__in=find_team_ids(user, *KEYHOLDERS), restricted=False)
    return ours & ~Q(pk__in=find_assigned_cases(user))


def _oversees(user: User) -> Q:
    return Q(Exists(find_memberships(user, *OVERSEEING)))


@define_rule
def see_emergency_access(user: User) -> Q:
    """Match accesses for the person who opened the case, those who see the case, those
    who lead the team whose case it was, and those who oversee all."""
    # It holds no sealed word, so it may be seen also when the case was restricted
    # since.
    seen = Q(case__in=see_case.among(Case.objects.all(), user))
    return seen | _leads(user) | Q(worker=user) | _oversees(user)


def _leads(user: User) -> Q:
    return Q(team__in=find_team_ids(user, Role.SUPERVISOR))


@define_rule
def review_emergency_access(user: User) -> Q:
    """Match accesses to review, for those who lead the team or oversee all; never one's
    own."""
    answers = _leads(user) | _oversees(user)
    return Q(reviewed_at=None) & answers & ~Q(worker=user)
