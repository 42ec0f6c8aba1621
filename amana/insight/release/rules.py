"""Who proposes a release, who signs it, who reads what waits. What is out, all read."""

from django.db.models import Q

from amana.insight.release.models import ReleaseState
from amana.trust.access.models import Role, User
from amana.trust.access.rules import EVERYTHING, NOTHING, define_rule, has_role

PROPOSERS = frozenset({Role.ANALYST})
SIGNERS = frozenset({Role.DATA_PROTECTION_OFFICER, Role.COORDINATOR})
READERS = PROPOSERS | SIGNERS | {Role.AUTHORITY}


@define_rule
def see_release(user: User) -> Q:
    return ~Q(state=ReleaseState.AWAY) if has_role(user, READERS) else NOTHING


@define_rule
def propose_release(user: User) -> Q:
    """Allow analysts to propose, to archive a proposal, and to restate."""
    return ~Q(state=ReleaseState.AWAY) if has_role(user, PROPOSERS) else NOTHING


@define_rule
def sign_release(user: User) -> Q:
    """Allow the second signature: never to the person who proposed it."""
    waits = Q(state=ReleaseState.PROPOSED) & ~Q(proposed_by=user)
    return waits if has_role(user, SIGNERS) else NOTHING


put_away_release = propose_release | sign_release


@define_rule
def see_noised(user: User) -> Q:
    return EVERYTHING if has_role(user, READERS) else NOTHING


@define_rule
def draw_noised(user: User) -> Q:
    return EVERYTHING if has_role(user, PROPOSERS) else NOTHING


@define_rule
def sign_noised(user: User) -> Q:
    """Allow the second signature, and setting the budget; never to the person who drew
    the table."""
    waits = Q(signed_by=None) & ~Q(made_by=user)
    return waits if has_role(user, SIGNERS) else NOTHING
