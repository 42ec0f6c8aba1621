"""What we do when something happens here or in other rooms."""

from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import receiver

from amana.academy.mentoring.events import pair_agreed, pair_proposed
from amana.academy.mentoring.models import Pair
from amana.trust.access import tasks


@receiver([pair_proposed, pair_agreed])
def tell_both(pair: Pair, **kwargs: Any) -> None:
    """A message that says nothing; who it is about, is read after signing in."""
    for person in (pair.mentor_id, pair.mentee_id):
        transaction.on_commit(partial(tasks.tell.enqueue, person))
