"""Reactions to what happens in other rooms."""

from django.dispatch import receiver

from amana.academy.learners.events import address_changed, learner_closing
from amana.exchange.learning.lti import actions
from amana.trust.access.events import learner_admitted
from amana.trust.access.models import User


@receiver(learner_closing)
def erase_with_the_account(learner: User, **kwargs: object) -> None:
    actions.erase_links(learner, by=learner)


@receiver([address_changed, learner_admitted])
def close_way_in(learner: User, **kwargs: object) -> None:
    """Let no one in from there any more, who has another way in now."""
    actions.close_way_in(learner, by=learner)
