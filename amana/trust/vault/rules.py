"""Who may let a colleague in."""

from django.db.models import Q

from amana.trust.access.models import KEYHOLDERS, User
from amana.trust.access.rules import administer, rule, teams_of
from amana.trust.vault.models import TeamKey


@rule
def confirm_membership(user: User) -> Q:
    """The second of two people who vouch for a colleague.

    Where the role comes with a key that exists, it is someone who holds that key.
    """
    waiting = Q(confirmed_at=None, ended_at=None) & ~Q(proposed_by=user) & ~Q(user=user)
    colleagues = Q(team__in=teams_of(user, *KEYHOLDERS))
    has_key = Q(team__in=TeamKey.objects.values("team"))
    no_key_needed = ~Q(role__in=KEYHOLDERS) | ~has_key
    return waiting & (colleagues | (administer.where(user) & no_key_needed))
