"""Whether a person holds what a role or a course asks for, now.

@rule
def coordinate(user: User) -> Q:
    return coordinators(user) & filter_by_certificate(user, "practitioner")
"""

from django.db.models import Q

from amana.academy.credentials.models import Certificate, CertificateQuerySet
from amana.trust.access.models import User
from amana.trust.access.rules import EVERYTHING, NOTHING


def find_held(user: User, achievement: str) -> CertificateQuerySet:
    """Find the person's certificates for an achievement, by its code, that are in
    force."""
    return Certificate.objects.in_force().of(achievement).filter(learner=user)


def filter_by_certificate(user: User, achievement: str) -> Q:
    """Return everything for a person who holds one in force, else nothing: a condition
    in a rule."""
    return EVERYTHING if find_held(user, achievement).exists() else NOTHING


def is_ending_soon(user: User, achievement: str) -> bool:
    """Ask whether the last one that is in force ends within three months."""
    mine = find_held(user, achievement)
    return (
        mine.exists()
        and not mine.exclude(
            pk__in=Certificate.objects.ending_soon().values("pk")
        ).exists()
    )
