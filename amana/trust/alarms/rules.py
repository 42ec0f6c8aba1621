"""Who sees that someone did more than is usual, and who settles it."""

from django.db.models import Exists, Q

from amana.trust.access.models import Membership, Role, User
from amana.trust.access.rules import held_by, rule, teams_of
from amana.trust.alarms.models import Alarm
from amana.trust.oversight.rules import OVERSEERS


@rule
def see_alarm(user: User) -> Q:
    """Who oversees, who leads the person's team, and who was told; not the person."""
    oversees = Q(Exists(held_by(user, *sorted(OVERSEERS))))
    led = Membership.objects.active().filter(team__in=teams_of(user, Role.SUPERVISOR))
    told = Alarm.told.through.objects.filter(user=user)
    sees = oversees | Q(user__in=led.values("user")) | Q(pk__in=told.values("alarm"))
    return sees & ~Q(user=user)


@rule
def settle_alarm(user: User) -> Q:
    return see_alarm.where(user) & Q(settled_at=None)
