"""Rules: who may be in the circle, and what its members see of it."""

from django.db.models import Q, QuerySet

from amana.academy.cohorts.rules import STAFF
from amana.academy.community.alumni.models import CircleMembership
from amana.academy.credentials.models import Certificate
from amana.trust.access.models import User
from amana.trust.access.rules import EVERYTHING, NOTHING, define_rule, has_role


def find_certificates(user: User) -> QuerySet[Certificate]:
    """Find the certificates for which a person may be in the circle."""
    return Certificate.objects.in_force().filter(learner=user)


def find_place(user: User) -> CircleMembership | None:
    """Find a person's place while a certificate is in force; None also before the timer
    has ended it."""
    if not user.is_active:
        return None
    place = CircleMembership.objects.standing().filter(person=user).first()
    return place if place and find_certificates(user).exists() else None


@define_rule
def join_talk(user: User) -> Q:
    """Match talks that began while the person was in the circle; none from before, as
    they are not sealed to those who came later."""
    place = find_place(user)
    return Q(begun_at__gte=place.joined_at) if place else NOTHING


@define_rule
def take_back_talk(user: User) -> Q:
    """Match talks that the person began, also after leaving."""
    return Q(by=user, by__is_active=True)


@define_rule
def see_gathering(user: User) -> Q:
    return EVERYTHING if may_announce(user) else NOTHING


@define_rule
def call_off_gathering(user: User) -> Q:
    """Match one's own gatherings; for the academy's staff, all."""
    return EVERYTHING if has_role(user, STAFF) else Q(announced_by=user)


def may_announce(user: User) -> bool:
    """Allow members of the circle, and the academy's staff."""
    # A trainer may announce a clinic without being in the circle, and still reads no
    # talk: they are not sealed to staff.
    return find_place(user) is not None or has_role(user, STAFF)
