"""Rules: who asks for decoy cases, and who may be asked to make one."""

from django.db.models import Exists, Q

from amana.trust.access.models import Membership, Role, User
from amana.trust.access.rules import define_rule, find_memberships

OFFICERS = frozenset({Role.DATA_PROTECTION_OFFICER})
MAKERS = frozenset({Role.CASE_WORKER, Role.SUPERVISOR})
"""They hold the team's key, and open cases in it every day."""


def _is_officer(user: User) -> Q:
    return Q(Exists(find_memberships(user, *sorted(OFFICERS))))


@define_rule
def set_decoys(user: User) -> Q:
    """Match decoys: data-protection officers see how many there are, and end them."""
    return _is_officer(user)


@define_rule
def ask_for_decoy(user: User) -> Q:
    """Match places of others in teams, whom an officer may ask."""
    # Officers hold no keys, so a colleague makes it (ADR 67); never the officer's own
    # place.
    able = Membership.objects.holding(MAKERS).filter(user__is_active=True)
    return _is_officer(user) & Q(pk__in=able.values("pk")) & ~Q(user=user)
