"""Who writes briefs, who reads drafts, who publishes them."""

from django.db.models import Q

from amana.insight.briefs.models import Kind, State
from amana.trust.access.models import Role, User
from amana.trust.access.rules import EVERYTHING, NOTHING, holds, rule

WRITERS = frozenset({Role.ANALYST, Role.COORDINATOR})
# Without analysts: they request the review, which is the first signature, and
# publishing is the second (ADR 33).
PUBLISHERS = frozenset({Role.COORDINATOR, Role.DATA_PROTECTION_OFFICER})
READERS = WRITERS | PUBLISHERS | {Role.AUTHORITY}


@rule
def see_brief(user: User) -> Q:
    """Allow readers of drafts; what is published is on its public page for all."""
    return EVERYTHING if holds(user, READERS) else NOTHING


@rule
def write_brief(user: User) -> Q:
    return Q(state=State.DRAFT) if holds(user, WRITERS) else NOTHING


@rule
def publish_brief(user: User) -> Q:
    return Q(state=State.DRAFT) if holds(user, PUBLISHERS) else NOTHING


@rule
def follow_brief(user: User) -> Q:
    """Begin the next edition of what is published; a report's is of a release."""
    there = Q(state=State.PUBLISHED, kind=Kind.BRIEF)
    return there if holds(user, WRITERS) else NOTHING
