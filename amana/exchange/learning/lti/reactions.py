"""Reactions to what happens in other rooms."""

from django.dispatch import receiver

from amana.academy.learners.events import learner_closing
from amana.exchange.learning.lti import actions
from amana.trust.access.models import User


@receiver(learner_closing)
def erase_with_the_account(learner: User, **kwargs: object) -> None:
    actions.erase_links(learner, by=learner)
