"""Who sees that someone did more than is usual, and who settles it."""

from django.db.models import Exists, Q

from amana.trust.access.models import ADMINISTRATORS, Membership, Role, User
from amana.trust.access.rules import define_rule, find_memberships, find_team_ids
from amana.trust.alarms.models import Alarm, AlteredRecord
from amana.trust.oversight.rules import OVERSEERS

BESIDE = (Role.DATA_PROTECTION_OFFICER, Role.AUDITOR, Role.COORDINATOR)
"""Who is told beside those who lead the person's team, until it is enough people."""

READERS = frozenset({Role.SUPERVISOR, *ADMINISTRATORS, *OVERSEERS, *BESIDE})
"""Who has the list of the alarms, and of what was altered, that they may see."""


@define_rule
def see_alarm(user: User) -> Q:
    """Allow seeing to those who oversee, those who lead the person's team, and those
    who were notified as long as they do such work; never to the person.
    """
    oversees = Q(Exists(find_memberships(user, *sorted(OVERSEERS))))
    led = Membership.objects.active().filter(
        team__in=find_team_ids(user, Role.SUPERVISOR)
    )
    told = Alarm.told.through.objects.filter(user=user)
    still = Q(Exists(find_memberships(user, Role.SUPERVISOR, *BESIDE)))
    was_told = Q(pk__in=told.values("alarm")) & still
    sees = oversees | Q(user__in=led.values("user")) | was_told
    # Even if they oversee: a person must not learn what is held against them from it.
    return sees & ~Q(user=user)


@define_rule
def see_altered(user: User) -> Q:
    """Allow seeing to those who oversee, and those who were notified as long as they do
    such work.
    """
    told = AlteredRecord.told.through.objects.filter(user=user)
    still = Q(Exists(find_memberships(user, *sorted(ADMINISTRATORS), *BESIDE)))
    oversees = Q(Exists(find_memberships(user, *sorted(OVERSEERS))))
    return oversees | Q(pk__in=told.values("alteredrecord")) & still


@define_rule
def settle_alarm(user: User) -> Q:
    return see_alarm.where(user) & Q(settled_at=None)
