"""Organisations, their teams, the people in them, and the roles they hold."""

from typing import TYPE_CHECKING

from amana.trust.access.models.organisations import (
    ADMINISTRATORS,
    ANSWERING,
    KEYHOLDERS,
    Membership,
    MembershipQuerySet,
    Organisation,
    OrganisationQuerySet,
    Role,
    Sphere,
    Team,
    User,
    UserManager,
)
from amana.trust.access.models.sign_in import (
    Device,
    Invitation,
    InvitationQuerySet,
    Session,
    ShortLivedValue,
    Suspension,
    SuspensionQuerySet,
)

if TYPE_CHECKING:
    pass


__all__ = [
    "ADMINISTRATORS",
    "ANSWERING",
    "KEYHOLDERS",
    "Device",
    "Invitation",
    "InvitationQuerySet",
    "Membership",
    "MembershipQuerySet",
    "Organisation",
    "OrganisationQuerySet",
    "Role",
    "Session",
    "ShortLivedValue",
    "Sphere",
    "Suspension",
    "SuspensionQuerySet",
    "Team",
    "User",
    "UserManager",
]
