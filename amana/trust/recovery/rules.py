"""Who sets up a team's recovery key, who keeps a share, and who regains a key by it."""

from django.db.models import Exists, Q, QuerySet

from amana.trust.access.models import KEYHOLDERS, Membership, Role, Team, User
from amana.trust.access.rules import (
    administer,
    define_rule,
    find_memberships,
    find_team_ids,
    find_teammates,
)
from amana.trust.recovery.models import PENDING, Regaining, RegainingStatus, Share
from amana.trust.vault.models import RecoveryKey
from amana.trust.vault.rules import WATCHING

KEEPING = (
    *(Role.SUPERVISOR, Role.FOCAL_POINT, Role.COORDINATOR),
    *(Role.ADMINISTRATOR, Role.DATA_PROTECTION_OFFICER),
)
"""Roles whose holders can be asked to keep a share: they speak for an organisation."""
CHOOSING = tuple(role for role in KEYHOLDERS if role is not Role.SCREENER)
"""Who chooses custodians reads who speaks for which organisation."""


# --- the recovery key


@define_rule
def propose_custodians(user: User) -> Q:
    """Allow it for one's own team, to those who hold its key and do more than
    screen."""
    return Q(pk__in=find_team_ids(user, *CHOOSING))


@define_rule
def see_recovery(user: User) -> Q:
    """Allow seeing who keeps a team's recovery key, to its own people and to
    administrators.
    """
    return Q(pk__in=find_team_ids(user)) | administer.where(user)


@define_rule
def confirm_custodians(user: User) -> Q:
    """Allow it to the second keyholder of the team."""
    theirs = Q(team__in=find_team_ids(user, *KEYHOLDERS))
    return Q(confirmed_at=None, ended_at=None) & theirs & ~Q(proposed_by=user)


@define_rule
def withdraw_custodians(user: User) -> Q:
    theirs = Q(team__in=find_team_ids(user, *KEYHOLDERS))
    return Q(confirmed_at=None, ended_at=None) & theirs


@define_rule
def keep_share(user: User) -> Q:
    """Allow it for one's own share, as long as one works where one was asked for it."""
    homes = Team.objects.filter(pk__in=find_team_ids(user))
    kept = Q(custodian=user, organisation__in=homes.values("organisation"))
    current = RecoveryKey.objects.current()
    return kept & Q(recovery_key__in=current.values("pk"))


# --- regaining a key


@define_rule
def propose_regaining(user: User) -> Q:
    """Allow administrators to propose a colleague whose place in the team waits, unless
    they keep a share of its key.
    """
    waits = Q(confirmed_at=None, ended_at=None, role__in=KEYHOLDERS)
    # Three shares open a team. Who holds one must not also choose who receives the key.
    others = RecoveryKey.objects.current().exclude(pk__in=find_kept_keys(user))
    return (
        administer.where(user)
        & waits
        & Q(team__in=others.values("team"))
        & ~Q(user=user)
    )


@define_rule
def confirm_regaining(user: User) -> Q:
    """Allow it to the second person: of no team in which the first one is or was, who
    keeps no share, and hasn't proposed the colleague's place either.
    """
    watches = Q(Exists(find_memberships(user, *WATCHING)))
    supervised = Team.objects.filter(pk__in=find_team_ids(user, Role.SUPERVISOR))
    home = Q(recovery_key__team__organisation__in=supervised.values("organisation"))
    # People of one team are coerced, or deceived, together (ADR 53).
    independent = ~Q(proposed_by__in=find_teammates(user)) & ~Q(proposed_by=user)
    independent &= ~Q(recovery_key__in=find_kept_keys(user))
    independent &= ~Q(membership__proposed_by=user)
    waits = Q(status=RegainingStatus.PROPOSED) & ~Q(
        membership__in=find_own_places(user)
    )
    return waits & independent & (watches | home)


def find_kept_keys(user: User) -> QuerySet[Share, object]:
    """Find the recovery keys of which `user` was given a share: three of them open a
    team.
    """
    return Share.objects.filter(custodian=user).values("recovery_key")


@define_rule
def complete_regaining(user: User) -> Q:
    """Allow it to the colleague who gets the key."""
    return Q(status=RegainingStatus.CONFIRMED, membership__in=find_own_places(user))


@define_rule
def release_share(user: User) -> Q:
    """Allow it to the custodians of the team's recovery key; not for themselves."""
    mine = keep_share.among(Share.objects.all(), user).values("recovery_key")
    confirmed = Q(status=RegainingStatus.CONFIRMED)
    return (
        confirmed & Q(recovery_key__in=mine) & ~Q(membership__in=find_own_places(user))
    )


@define_rule
def follow_regaining(user: User) -> Q:
    """Allow it to those who acted, were notified, get the key, or keep a share."""
    told = Regaining.told.through.objects.filter(user=user)
    mine = keep_share.among(Share.objects.all(), user).values("recovery_key")
    acted = Q(proposed_by=user) | Q(confirmed_by=user)
    known = Q(pk__in=told.values("regaining")) | Q(recovery_key__in=mine)
    return acted | known | Q(membership__in=find_own_places(user))


see_regaining = administer | follow_regaining | confirm_regaining


@define_rule
def stop_regaining(user: User) -> Q:
    """Allow it to those who acted or were notified, and to administrators; not to who
    gets the key.
    """
    told = Regaining.told.through.objects.filter(user=user)
    acted = Q(proposed_by=user) | Q(confirmed_by=user)
    others = acted | Q(pk__in=told.values("regaining")) | administer.where(user)
    return Q(status__in=PENDING) & others & ~Q(membership__in=find_own_places(user))


def find_own_places(user: User) -> QuerySet[Membership, object]:
    return Membership.objects.filter(user=user, ended_at=None).values("pk")
