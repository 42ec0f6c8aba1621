"""Who may open a case that is not theirs in an emergency, and who looks at it then.

There is no back door: only the team whose keys open the case anyway, and never a case
that is kept to named people, whose keys nobody else holds."""

from django.db.models import Exists, Q

from amana.care.cases.models import Case
from amana.care.cases.rules import cases_of, see_case
from amana.trust.access.models import KEYHOLDERS, Role, User
from amana.trust.access.rules import held_by, rule, teams_of

OVERSEEING = (Role.DATA_PROTECTION_OFFICER, Role.COORDINATOR)
ANSWERING = (Role.SUPERVISOR, *OVERSEEING)
"""Who has the list of all that they answer for."""


@rule
def open_in_emergency(user: User) -> Q:
    """For cases: of one's team, not kept to named people, and not one's own anyway."""
    ours = Q(team__in=teams_of(user, *KEYHOLDERS), restricted=False)
    return ours & ~Q(pk__in=cases_of(user))


def _oversees(user: User) -> Q:
    return Q(Exists(held_by(user, *OVERSEEING)))


@rule
def see_emergency_access(user: User) -> Q:
    """Whoever did it, sees the case, leads the team whose case it was, or oversees
    everywhere. It holds no sealed word, so also of a case that is kept since."""
    seen = Q(case__in=see_case.among(Case.objects.all(), user))
    return seen | _leads(user) | Q(worker=user) | _oversees(user)


def _leads(user: User) -> Q:
    return Q(team__in=teams_of(user, Role.SUPERVISOR))


@rule
def review_emergency_access(user: User) -> Q:
    """Who leads the team, or oversees; never whoever did it."""
    answers = _leads(user) | _oversees(user)
    return Q(reviewed_at=None) & answers & ~Q(worker=user)
