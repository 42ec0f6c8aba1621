"""Rules: who sees a service, who maintains it, who reports its free places."""

from django.db.models import Exists, Q

from amana.design.directory.models import Service
from amana.trust.access.models import KEYHOLDERS, Membership, Role, Team, User
from amana.trust.access.rules import define_rule, find_memberships, find_team_ids

KEEPERS = (Role.FOCAL_POINT, Role.SUPERVISOR)
"""In a team, those who answer for the description of its services."""
V = Service.Visibility


def has_role(user: User, *roles: Role) -> Q:
    """Match everything for those who hold one of `roles` (or any) anywhere, else
    nothing."""
    held = Membership.objects.active().filter(user=user, user__is_active=True)
    return Q(Exists(held.filter(role__in=roles) if roles else held))


@define_rule
def see_service(user: User) -> Q:
    return (
        Q(visibility=V.PUBLIC)
        | (Q(visibility=V.NETWORK) & has_role(user))
        | Q(team__in=find_team_ids(user))
        | has_role(user, Role.COORDINATOR)
    )


@define_rule
def edit_service(user: User) -> Q:
    return Q(team__in=find_team_ids(user, *KEEPERS)) | has_role(user, Role.COORDINATOR)


@define_rule
def update_places(user: User) -> Q:
    """Match the services of the person's teams: everyone who works there knows whether
    a bed is free."""
    mine = Q(team__in=find_team_ids(user, *KEYHOLDERS))
    return mine | has_role(user, Role.COORDINATOR)


@define_rule
def take_places(user: User) -> Q:
    """Match services whose places the person may book and give back: those of the
    organisation."""
    # By organisation, because the service may have moved to another of its teams since
    # it was asked.
    homes = find_memberships(user, *KEYHOLDERS).values_list("team__organisation")
    return Q(organisation__in=homes) | has_role(user, Role.COORDINATOR)


@define_rule
def see_hidden_address(user: User) -> Q:
    """Match safe houses of the person's own team: no coordinator, no one else."""
    return Q(team__in=find_team_ids(user, *KEYHOLDERS))


@define_rule
def see_places_taken(user: User) -> Q:
    """Match services whose history of places may be read: of a safe house, by its team
    alone."""
    # When a place was taken is when someone came.
    return Q(hidden=False) | see_hidden_address.where(user)


@define_rule
def publish_for_team(user: User) -> Q:
    """Match the teams for which one may publish services."""
    return Q(pk__in=find_team_ids(user, *KEEPERS)) | has_role(user, Role.COORDINATOR)


@define_rule
def keep_directory(user: User) -> Q:
    """Match services and areas for those who maintain the whole directory, as an import
    changes it."""
    return has_role(user, Role.COORDINATOR, Role.ADMINISTRATOR)


@define_rule
def see_changes(user: User) -> Q:
    """Match services whose history one may read, with the names of colleagues: those of
    the own organisation."""
    own = Team.objects.filter(pk__in=find_team_ids(user)).values("organisation")
    return Q(organisation__in=own) | has_role(user, Role.COORDINATOR)


@define_rule
def decide_proposal(user: User) -> Q:
    """Match what services propose, for those who maintain their details."""
    mine = edit_service.among(Service.objects.all(), user)
    return Q(service__in=mine.values("pk"))


@define_rule
def oversee_directory(user: User) -> Q:
    """Match services for those who ask all of them, and merge what is the same."""
    return has_role(user, Role.COORDINATOR)
