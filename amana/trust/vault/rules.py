"""Who may let a colleague in."""

from django.db.models import Q

from amana.trust.access.models import KEYHOLDERS, User
from amana.trust.access.rules import administer, rule, teams_of
from amana.trust.vault.models import TeamKey


@rule
def confirm_in_team(user: User) -> Q:
    """A colleague of one's own team, proposed by another."""
    return by_another(user) & Q(team__in=teams_of(user, *KEYHOLDERS))


@rule
def confirm_where_no_key_is_needed(user: User) -> Q:
    """Anywhere, for whoever administers: where the role comes without a key, or none
    has been made yet."""
    has_key = Q(team__in=TeamKey.objects.values("team"))
    no_key_needed = ~Q(role__in=KEYHOLDERS) | ~has_key
    return by_another(user) & administer.where(user) & no_key_needed


confirm_membership = confirm_in_team | confirm_where_no_key_is_needed
"""The second of two people who vouch for a colleague.

Where the role comes with a key that exists, it is someone who holds that key."""


def by_another(user: User) -> Q:
    """Waiting, and neither proposed by the person nor their own."""
    return Q(confirmed_at=None, ended_at=None) & ~Q(proposed_by=user) & ~Q(user=user)
