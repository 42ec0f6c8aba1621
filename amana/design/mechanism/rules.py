"""Who reads the mechanism, who writes it, who speaks and signs for an organisation."""

from django.db.models import Exists, Q

from amana.design.mechanism.models import State
from amana.trust.access.models import Membership, Role, User
from amana.trust.access.rules import define_rule, has_role

DESIGNERS = (Role.COORDINATOR,)
"""Those who write drafts, on behalf of all."""

LOADERS = (Role.COORDINATOR, Role.ADMINISTRATOR)
"""Those who bring a mechanism here as files."""

SIGNERS = (Role.COORDINATOR, Role.AUTHORITY, Role.SUPERVISOR)
"""Those who may sign for their own organisation."""

EVERYTHING, NOTHING = Q(pk__isnull=False), Q(pk__in=[])
OPEN_TO_ALL = (State.CONSULTATION, State.ADOPTED, State.IN_FORCE, State.SUPERSEDED)


def build_member_condition(user: User) -> Q:
    """Build a condition that is everything for those who are in a team at present, else
    nothing.
    """
    return Q(
        # Active members only: whose membership ended reads no more, though the session
        # may last.
        Exists(Membership.objects.active().filter(user=user, user__is_active=True))
    )


def build_role_condition(user: User, *roles: Role) -> Q:
    return EVERYTHING if has_role(user, roles) else NOTHING


@define_rule
def read_version(user: User) -> Q:
    """Allow all members to read what is agreed, or up for discussion."""
    return Q(state__in=OPEN_TO_ALL) & build_member_condition(user)


@define_rule
def keep_version(user: User) -> Q:
    """Open and end consultation, adopt, put in force; read every draft."""
    return build_role_condition(user, *LOADERS)


see_version = read_version | keep_version


@define_rule
def edit_version(user: User) -> Q:
    return Q(state=State.DRAFT) & build_role_condition(user, *DESIGNERS)


@define_rule
def discuss_version(user: User) -> Q:
    return Q(state=State.CONSULTATION) & build_member_condition(user)


@define_rule
def settle_comment(user: User) -> Q:
    """Allow answering comments, on behalf of those who write."""
    return build_role_condition(user, *DESIGNERS)


@define_rule
def sign_for_organisation(user: User) -> Q:
    """Allow signing for the organisations in which one holds a role that signs."""
    held = Membership.objects.holding(SIGNERS).filter(user=user, user__is_active=True)
    return Q(pk__in=held.values("team__organisation"))


@define_rule
def keep_mechanism(user: User) -> Q:
    """Allow binding the organisations of mechanisms and assigning their roles."""
    return build_role_condition(user, *LOADERS)
