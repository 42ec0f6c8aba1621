"""Who judges what: never one's own work, nor that of a person close to one.

Close are those in the same team now. A room above adds who else is, such as the
two of a mentoring pair:

    rules.CLOSE.append(paired_with)      # (user) -> people, as a queryset of users

An assessor sees work without the name of the person who handed it in."""

from collections.abc import Callable

from django.db.models import Exists, Q, QuerySet

from amana.academy.assessment.models import Assessor, Mark
from amana.academy.assessment.states import JUDGED, WorkStatus
from amana.registry import Registry
from amana.trust.access.models import Membership, Role, User
from amana.trust.access.rules import (
    EVERYTHING,
    NOTHING,
    define_rule,
    find_memberships,
    find_team_ids,
    has_role,
)

CLOSE: Registry[Callable[[User], QuerySet[User]]] = Registry()


def may_judge(user: User) -> bool:
    """Check it for what is shown, never for a rule."""
    return User.objects.filter(build_assessor_condition(user), pk=user.pk).exists()


def build_assessor_condition(user: User) -> Q:
    """Build a condition that is everything for appointed assessors and for
    coordinators, so that nothing waits for ever; else nothing.
    """
    appointed = Assessor.objects.active().filter(user=user, user__learner_since=None)
    return Q(Exists(appointed)) | Q(Exists(find_memberships(user, Role.COORDINATOR)))


def build_others_condition(user: User) -> Q:
    """Build a condition for works of people who are not oneself, and not close."""
    colleagues = Membership.objects.active().filter(team__in=find_team_ids(user))
    found = ~Q(enrolment__person=user) & ~Q(
        enrolment__person__in=colleagues.values("user")
    )
    for close in CLOSE:
        found &= ~Q(enrolment__person__in=close(user).values("pk"))
    return found


@define_rule
def appoint_assessor(user: User) -> Q:
    """Allow coordinators to appoint anyone who works here but themselves."""
    if not has_role(user, [Role.COORDINATOR]):
        return NOTHING
    return Q(is_active=True, learner_since=None) & ~Q(pk=user.pk)


@define_rule
def see_assessors(user: User) -> Q:
    """Allow coordinators to see all assessors."""
    return EVERYTHING if has_role(user, [Role.COORDINATOR]) else NOTHING


@define_rule
def follow_own_work(user: User) -> Q:
    return Q(enrolment__person=user, enrolment__person__is_active=True)


@define_rule
def assess_work(user: User) -> Q:
    """Allow reading work, and taking it while it waits."""
    return (
        build_assessor_condition(user)
        & ~Q(status=WorkStatus.WITHDRAWN)
        & build_others_condition(user)
    )


@define_rule
def judge_work(user: User) -> Q:
    """Allow judging what one has taken."""
    return Q(status=WorkStatus.TAKEN, taken_by=user) & assess_work.where(user)


@define_rule
def judge_again(user: User) -> Q:
    """Allow marking again what another person has judged: override it, or decide an
    appeal.
    """
    # An appeal must not come back to a person who has judged the work before.
    mine = Mark.objects.filter(assessor=user)
    judged = Q(status__in=JUDGED) & ~Q(pk__in=mine.values("hand_in"))
    return judged & assess_work.where(user)


@define_rule
def watch_work(user: User) -> Q:
    """Allow coordinators to see what waits, and for how long; also where a person close
    to them handed it in, so that another is found.
    """
    if not has_role(user, [Role.COORDINATOR]):
        return NOTHING
    return ~Q(enrolment__person=user)


see_work = follow_own_work | assess_work
list_work = assess_work | watch_work
