"""Who sees which packs are out, and who revokes one."""

from django.db.models import Exists, Q

from amana.trust.access.models import KEYHOLDERS, Membership, Role, User
from amana.trust.access.rules import define_rule, find_memberships, find_team_ids

READERS = frozenset({*KEYHOLDERS, Role.DATA_PROTECTION_OFFICER, Role.AUDITOR})


@define_rule
def see_pack(user: User) -> Q:
    """Allow the worker whose pack it is, those who lead their team, and those who
    oversee."""
    oversees = find_memberships(user, Role.DATA_PROTECTION_OFFICER, Role.AUDITOR)
    return Q(by=user) | _of_led(user) | Q(Exists(oversees))


@define_rule
def revoke_pack(user: User) -> Q:
    officers = find_memberships(user, Role.DATA_PROTECTION_OFFICER)
    mine = Q(by=user) | _of_led(user) | Q(Exists(officers))
    return Q(revoked_at=None, gone_at=None) & mine


def _of_led(user: User) -> Q:
    led = Membership.objects.active().filter(
        team__in=find_team_ids(user, Role.SUPERVISOR)
    )
    return Q(by__in=led.values("user"))
