"""Who sees an export, and who decides on a large one as the second person."""

from django.db.models import Exists, Q

from amana.trust.access.models import Role, User
from amana.trust.access.rules import beside, held_by, rule
from amana.trust.exports.states import Status

APPROVERS = frozenset({Role.DATA_PROTECTION_OFFICER, Role.COORDINATOR, Role.SUPERVISOR})
OVERSEERS = frozenset({Role.DATA_PROTECTION_OFFICER, Role.AUDITOR})
READERS = APPROVERS | OVERSEERS


@rule
def see_export(user: User) -> Q:
    """Allow one's own, those on which one may decide or has decided, and all for
    overseers. An export says how many people it is of, and not of whom."""
    oversees = Q(Exists(held_by(user, *sorted(OVERSEERS))))
    return oversees | Q(by=user) | Q(decided_by=user) | approve_export.where(user)


@rule
def take_export(user: User) -> Q:
    return Q(by=user, status=Status.READY)


@rule
def approve_export(user: User) -> Q:
    """Allow the second person, who is of no team in which the first one is or was."""
    decides = Q(Exists(held_by(user, *sorted(APPROVERS))))
    # People of one office are coerced, or deceived, together (ADR 53).
    independent = ~Q(by=user) & ~Q(by__in=beside(user))
    return Q(status=Status.WAITING) & decides & independent
