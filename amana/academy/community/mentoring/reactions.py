"""What we do when something happens here or in other rooms."""

from django.dispatch import receiver

from amana.academy.community.mentoring.events import pair_agreed, pair_proposed
from amana.academy.community.mentoring.models import Pair
from amana.trust.access import tasks


@receiver([pair_proposed, pair_agreed])
def notify_both(pair: Pair, **kwargs: object) -> None:
    """Notify both by a message without content; who it is about is read after signing
    in."""
    tasks.notify_once_committed([pair.mentor_id, pair.mentee_id])
