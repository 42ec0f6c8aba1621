"""Who practises in an installation: those who have a place in it, and no one else,
whatever their role. Coordinators see what is handed in."""

from django.db.models import Exists, OuterRef, Q

from amana.academy.installations.models import PracticePlace
from amana.trust.access.models import User
from amana.trust.access.rules import define_rule


@define_rule
def practise(user: User) -> Q:
    """Match the installations in which one has a place."""
    mine = PracticePlace.objects.of(user).filter(installation=OuterRef("pk"))
    return Q(Exists(mine))


@define_rule
def close_installation(user: User) -> Q:
    """Match those that one has opened."""
    mine = PracticePlace.objects.of(user).filter(installation=OuterRef("pk"), number=1)
    return Q(Exists(mine))
