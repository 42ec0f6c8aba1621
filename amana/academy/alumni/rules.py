"""Who may be in the circle, and what those in it may see of it."""

from django.db.models import Q, QuerySet

from amana.academy.alumni.models import Place
from amana.academy.cohorts.rules import STAFF
from amana.academy.credentials.models import Certificate
from amana.trust.access.models import User
from amana.trust.access.rules import EVERYTHING, NOTHING, holds, rule


def certificates_of(user: User) -> QuerySet[Certificate]:
    """Those for which somebody may be in the circle."""
    return Certificate.objects.in_force().filter(learner=user)


def place_of(user: User) -> Place | None:
    """While a certificate is in force, also before the clock ends a place."""
    if not user.is_active:
        return None
    place = Place.objects.standing().filter(person=user).first()
    return place if place and certificates_of(user).exists() else None


@rule
def join_talk(user: User) -> Q:
    """Of talks: those that began while one was in the circle; none before, as they are
    not sealed to whoever came later."""
    place = place_of(user)
    return Q(begun_at__gte=place.joined_at) if place else NOTHING


@rule
def take_back_talk(user: User) -> Q:
    """Of talks: those that one began oneself, also after leaving."""
    return Q(by=user, by__is_active=True)


@rule
def see_gathering(user: User) -> Q:
    return EVERYTHING if may_announce(user) else NOTHING


@rule
def call_off_gathering(user: User) -> Q:
    """Of gatherings: one's own; the academy any of them."""
    return EVERYTHING if holds(user, STAFF) else Q(announced_by=user)


def may_announce(user: User) -> bool:
    """Whoever is in the circle, and the academy."""
    return place_of(user) is not None or holds(user, STAFF)
