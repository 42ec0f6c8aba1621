"""Who certifies, who sees a certificate, who takes it back.

A coordinator may certify anything. A room above adds who else may, for what it knows:

    rules.AWARDERS.append(assessed_by)      # (user) -> Q on Achievement

No one certifies themselves (a constraint, and `actions.issue`)."""

from collections.abc import Callable

from django.db.models import Q
from django.http import HttpRequest

from amana.academy.credentials.models import Achievement
from amana.registry import Registry
from amana.trust.access.models import ADMINISTRATORS, Role, User
from amana.trust.access.rules import EVERYTHING, NOTHING, define_rule, has_role

AWARDERS: Registry[Callable[[User], Q]] = Registry()


def certifies(request: HttpRequest) -> bool:
    """Ask whether the menu offers what others hold; for what is shown, never for a
    rule."""
    user = request.user
    return isinstance(user, User) and Role.COORDINATOR in user.roles


@define_rule
def coordinate_certificates(user: User) -> Q:
    return EVERYTHING if has_role(user, [Role.COORDINATOR]) else NOTHING


@define_rule
def award_achievement(user: User) -> Q:
    found = coordinate_certificates.where(user)
    for awarder in AWARDERS:
        found |= awarder(user)
    return found


@define_rule
def hold_certificate(user: User) -> Q:
    return Q(learner=user)


@define_rule
def oversee_certificate(user: User) -> Q:
    """Allow certificates of others, for what one may award."""
    awarded = award_achievement.among(Achievement.objects.all(), user)
    return Q(achievement__in=awarded.values("pk")) & ~Q(learner=user)


see_certificate = hold_certificate | oversee_certificate


@define_rule
def read_public(user: User) -> Q:
    """Allow all to read what can be certified, and which places in the list are
    revoked."""
    return EVERYTHING


@define_rule
def keep_key(user: User) -> Q:
    return EVERYTHING if has_role(user, ADMINISTRATORS) else NOTHING
