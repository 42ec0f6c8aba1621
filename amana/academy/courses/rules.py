"""Who publishes a course, who may begin one, and that learners see only their own."""

from django.db.models import Exists, Q

from amana.trust.access.models import ADMINISTRATORS, Membership, Role, User
from amana.trust.access.rules import EVERYTHING, NOTHING, define_rule, has_role

PUBLISHERS = ADMINISTRATORS
ITEM_READERS = PUBLISHERS | {Role.TRAINER}


@define_rule
def publish_course(user: User) -> Q:
    """Allow those who may publish a version of any course."""
    return EVERYTHING if has_role(user, PUBLISHERS) else NOTHING


@define_rule
def see_item_statistics(user: User) -> Q:
    """Allow trainers and those who publish to see how questions of tests are answered:
    counts of all, of no one’s own."""
    return EVERYTHING if has_role(user, ITEM_READERS) else NOTHING


@define_rule
def see_version(user: User) -> Q:
    """Allow everyone who is in a team at present, and everyone who only learns."""
    active = Membership.objects.active().filter(user=user, user__is_active=True)
    learners = User.objects.filter(learner_since__isnull=False, is_active=True)
    return Q(Exists(active)) | Q(Exists(learners.filter(pk=user.pk)))


@define_rule
def learn(user: User) -> Q:
    """Allow one's own enrolments, and no other person's, whatever one's role. The log
    shows those who oversee it that something was done, not which lesson, answer or
    result."""
    return Q(person=user, person__is_active=True)


@define_rule
def take_test(user: User) -> Q:
    """Allow one's own attempts."""
    return Q(enrolment__person=user, enrolment__person__is_active=True)
