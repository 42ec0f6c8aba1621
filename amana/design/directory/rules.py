"""Who sees a service, who keeps it, who says its free places."""

from django.db.models import Exists, Q

from amana.design.directory.models import Service
from amana.trust.access.models import KEYHOLDERS, Membership, Role, User
from amana.trust.access.rules import held_by, rule, teams_of

KEEPERS = (Role.FOCAL_POINT, Role.SUPERVISOR)
"""In a team, those who answer for what its services say of themselves."""
V = Service.Visibility


def holds_a_role(user: User, *roles: Role) -> Q:
    """Everything for those who hold one of `roles` (or any) somewhere, else nothing."""
    held = Membership.objects.active().filter(user=user, user__is_active=True)
    return Q(Exists(held.filter(role__in=roles) if roles else held))


@rule
def see_service(user: User) -> Q:
    return (
        Q(visibility=V.PUBLIC)
        | (Q(visibility=V.NETWORK) & holds_a_role(user))
        | Q(team__in=teams_of(user))
        | holds_a_role(user, Role.COORDINATOR)
    )


@rule
def edit_service(user: User) -> Q:
    return Q(team__in=teams_of(user, *KEEPERS)) | holds_a_role(user, Role.COORDINATOR)


@rule
def say_places(user: User) -> Q:
    """Everybody who works in the team knows whether a bed is free."""
    mine = Q(team__in=teams_of(user, *KEYHOLDERS))
    return mine | holds_a_role(user, Role.COORDINATOR)


@rule
def take_places(user: User) -> Q:
    """Whoever was asked for a place takes it and gives it back: also when the service
    has moved to another team of the organisation since."""
    homes = held_by(user, *KEYHOLDERS).values_list("team__organisation")
    return Q(organisation__in=homes) | holds_a_role(user, Role.COORDINATOR)


@rule
def see_hidden_address(user: User) -> Q:
    """Only the team itself: no coordinator, nobody else."""
    return Q(team__in=teams_of(user, *KEYHOLDERS))


@rule
def see_places_taken(user: User) -> Q:
    """When places were taken and given back: of a safe house, its team alone, since it
    tells when someone came."""
    return Q(hidden=False) | see_hidden_address.where(user)


@rule
def publish_for_team(user: User) -> Q:
    """Of teams: for which of them one may publish services."""
    return Q(pk__in=teams_of(user, *KEEPERS)) | holds_a_role(user, Role.COORDINATOR)


@rule
def keep_directory(user: User) -> Q:
    """Of services and areas: the whole directory, as an import touches it."""
    return holds_a_role(user, Role.COORDINATOR, Role.ADMINISTRATOR)
