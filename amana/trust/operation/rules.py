"""Rules: who sees whether the server does its work, and who restarts its tasks."""

from django.db.models import Q

from amana.trust.access.models import User
from amana.trust.access.rules import administer, define_rule
from amana.trust.operation import queue


@define_rule
def tend_task(user: User) -> Q:
    """Match background tasks that failed: for administrators and coordinators."""
    return administer.where(user) & queue.match_failed_tasks()
