"""Who sees an export, and who decides on a large one as the second person."""

from django.db.models import Exists, Q

from amana.trust.access.models import Role, User
from amana.trust.access.rules import define_rule, find_memberships, find_teammates
from amana.trust.exports.states import ExportStatus

APPROVERS = frozenset({Role.DATA_PROTECTION_OFFICER, Role.COORDINATOR, Role.SUPERVISOR})
OVERSEERS = frozenset({Role.DATA_PROTECTION_OFFICER, Role.AUDITOR})
READERS = APPROVERS | OVERSEERS


@define_rule
def see_export(user: User) -> Q:
    """Allow one's own, those on which one may decide or has decided, and all for
    overseers. An export says how many people it is of, and not of whom."""
    oversees = Q(Exists(find_memberships(user, *sorted(OVERSEERS))))
    return oversees | Q(by=user) | Q(decided_by=user) | approve_export.where(user)


@define_rule
def take_export(user: User) -> Q:
    return Q(by=user, status=ExportStatus.READY)


@define_rule
def approve_export(user: User) -> Q:
    """Allow the second person, who is of no team in which the first one is or was."""
    decides = Q(Exists(find_memberships(user, *sorted(APPROVERS))))
    # People of one office are coerced, or deceived, together (ADR 53).
    independent = ~Q(by=user) & ~Q(by__in=find_teammates(user))
    return Q(status=ExportStatus.WAITING) & decides & independent
