"""Who writes courses: the academy's staff. Who publishes them: those who publish a
course that came along, and did not write in this one."""

from django.db.models import Q

from amana.academy.authoring.models import Draft
from amana.academy.cohorts.rules import STAFF
from amana.academy.courses.rules import PUBLISHERS
from amana.trust.access.models import User
from amana.trust.access.rules import EVERYTHING, NOTHING, define_rule, has_role


@define_rule
def write_course(user: User) -> Q:
    """Permit, for any draft, the academy's staff."""
    return EVERYTHING if has_role(user, STAFF) else NOTHING


@define_rule
def publish_draft(user: User) -> Q:
    """Permit those who publish courses, for drafts in which they did not write."""
    if not has_role(user, PUBLISHERS):
        return NOTHING
    wrote = Draft.writers.through._default_manager.filter(user=user)
    return ~Q(pk__in=wrote.values("draft"))
