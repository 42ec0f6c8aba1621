"""Who writes briefs, who reads drafts, who publishes them."""

from django.db.models import Q

from amana.insight.briefs.models import BriefKind, BriefState
from amana.trust.access.models import Role, User
from amana.trust.access.rules import EVERYTHING, NOTHING, define_rule, has_role

WRITERS = frozenset({Role.ANALYST, Role.COORDINATOR})
# Without analysts: they request the review, which is the first signature, and
# publishing is the second (ADR 33).
PUBLISHERS = frozenset({Role.COORDINATOR, Role.DATA_PROTECTION_OFFICER})
READERS = WRITERS | PUBLISHERS | {Role.AUTHORITY}


@define_rule
def see_brief(user: User) -> Q:
    """Allow readers of drafts; what is published is on its public page for all."""
    return EVERYTHING if has_role(user, READERS) else NOTHING


@define_rule
def write_brief(user: User) -> Q:
    return Q(state=BriefState.DRAFT) if has_role(user, WRITERS) else NOTHING


@define_rule
def publish_brief(user: User) -> Q:
    return Q(state=BriefState.DRAFT) if has_role(user, PUBLISHERS) else NOTHING


@define_rule
def follow_brief(user: User) -> Q:
    """Begin the next edition of what is published; a report's is of a release."""
    there = Q(state=BriefState.PUBLISHED, kind=BriefKind.BRIEF)
    return there if has_role(user, WRITERS) else NOTHING
