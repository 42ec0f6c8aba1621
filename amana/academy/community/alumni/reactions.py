"""Reactions to what happens here or in other rooms."""

from django.dispatch import receiver

from amana.academy.community.alumni import actions
from amana.academy.community.alumni.events import gathering_announced, place_ran_out
from amana.academy.community.alumni.models import CircleMembership, Gathering
from amana.academy.credentials.events import certificate_revoked
from amana.academy.credentials.models import Certificate
from amana.trust.access import tasks


@receiver(certificate_revoked, dispatch_uid="alumni: end places")
def end_place(certificate: Certificate, **kwargs: object) -> None:
    # At once, not with the timer: a revoked certificate means that the academy no
    # longer vouches for this person.
    for place in CircleMembership.objects.standing().filter(
        person=certificate.learner_id
    ):
        actions.end_lapsed_place(place)


@receiver(place_ran_out, dispatch_uid="alumni: tell whose place ended")
def notify_member(place: CircleMembership, **kwargs: object) -> None:
    """Notify the person with a message that reveals nothing; they read what it is about
    after signing in."""
    tasks.notify_once_committed([place.person_id])


@receiver(gathering_announced, dispatch_uid="alumni: tell the circle")
def notify_circle(gathering: Gathering, **kwargs: object) -> None:
    others = CircleMembership.objects.standing().exclude(
        person=gathering.announced_by_id
    )
    tasks.notify_once_committed(others.values_list("person", flat=True))
