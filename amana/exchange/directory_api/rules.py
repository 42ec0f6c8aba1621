"""Rules: who makes, confirms and revokes keys; and what is given out to whom."""

from django.db.models import Q

from amana.design.directory.models import Service
from amana.design.directory.models.services import ServiceQuerySet
from amana.exchange.directory_api.models import Audience
from amana.trust.access.models import ADMINISTRATORS, User
from amana.trust.access.rules import (
    EVERYTHING,
    NOTHING,
    define_rule,
    find_teammates,
    has_role,
)

V = Service.Visibility


@define_rule
def see_keys(user: User) -> Q:
    return EVERYTHING if has_role(user, ADMINISTRATORS) else NOTHING


@define_rule
def propose_key(user: User) -> Q:
    """Allow it to the first of two."""
    return see_keys.where(user)


@define_rule
def confirm_key(user: User) -> Q:
    """Allow it to the second, of no team in which the first one is or was."""
    waits = Q(confirmed_at=None, revoked_at=None)
    # Also no former colleague: who leaves a team has not become independent of it.
    another = ~Q(proposed_by=user) & ~Q(proposed_by__in=find_teammates(user))
    return waits & another & see_keys.where(user)


@define_rule
def revoke_key(user: User) -> Q:
    """Allow it to one alone: a key that may be in wrong hands waits for no second."""
    return Q(revoked_at=None) & see_keys.where(user)


def find_given(audience: Audience) -> ServiceQuerySet:
    """Find the services that an audience is given.

    Everyone: what chose to be public, takes people, and has no secret address (ADR 92).
    With a key: also what the mechanism shares, what takes no one for now, and of a
    secret address what `records` leaves."""
    # Not `see_service`: a program is no colleague, and has no team.
    if audience is Audience.PUBLIC:
        return Service.objects.active().filter(visibility=V.PUBLIC, hidden=False)
    return Service.objects.listed().filter(visibility__in=[V.PUBLIC, V.NETWORK])
