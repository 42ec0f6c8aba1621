"""A conversation is its learner's own."""

from django.db.models import Q

from amana.trust.access.models import User
from amana.trust.access.rules import define_rule


@define_rule
def practise(user: User) -> Q:
    """Allow one's own conversations, whatever one's role."""
    # Not even for those who lead the cohort: practice is never marked.
    return Q(enrolment__person=user, enrolment__person__is_active=True)
