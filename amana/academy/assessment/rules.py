"""Who judges what: never one's own work, nor that of a person close to one.

Close are those in the same team now. A room above adds who else is, such as the
two of a mentoring pair:

    rules.CLOSE.append(paired_with)      # (user) -> people, as a queryset of users

An assessor sees work without the name of the person who handed it in."""

from collections.abc import Callable

from django.db.models import Exists, Q, QuerySet

from amana.academy.assessment.models import Assessment, Assessor
from amana.academy.assessment.states import JUDGED, Status
from amana.registry import Registry
from amana.trust.access.models import Membership, Role, User
from amana.trust.access.rules import (
    EVERYTHING,
    NOTHING,
    held_by,
    holds,
    rule,
    teams_of,
)

CLOSE: Registry[Callable[[User], QuerySet[User]]] = Registry()


def judges(user: User) -> bool:
    """Check it for what is shown, never for a rule."""
    return User.objects.filter(judging(user), pk=user.pk).exists()


def judging(user: User) -> Q:
    """Build a condition that is everything for appointed assessors and for
    coordinators, so that nothing waits for ever; else nothing.
    """
    appointed = Assessor.objects.active().filter(user=user)
    return Q(Exists(appointed)) | Q(Exists(held_by(user, Role.COORDINATOR)))


def of_others(user: User) -> Q:
    """Build a condition for works of people who are not oneself, and not close."""
    colleagues = Membership.objects.active().filter(team__in=teams_of(user))
    found = ~Q(enrolment__person=user) & ~Q(
        enrolment__person__in=colleagues.values("user")
    )
    for close in CLOSE:
        found &= ~Q(enrolment__person__in=close(user).values("pk"))
    return found


@rule
def appoint_assessor(user: User) -> Q:
    """Allow coordinators to appoint any person but themselves."""
    if not holds(user, [Role.COORDINATOR]):
        return NOTHING
    return Q(is_active=True) & ~Q(pk=user.pk)


@rule
def see_assessors(user: User) -> Q:
    """Allow coordinators to see all assessors."""
    return EVERYTHING if holds(user, [Role.COORDINATOR]) else NOTHING


@rule
def own_work(user: User) -> Q:
    return Q(enrolment__person=user, enrolment__person__is_active=True)


@rule
def assess_work(user: User) -> Q:
    """Allow reading work, and taking it while it waits."""
    return judging(user) & ~Q(status=Status.WITHDRAWN) & of_others(user)


@rule
def judge_work(user: User) -> Q:
    """Allow judging what one has taken."""
    return Q(status=Status.TAKEN, taken_by=user) & assess_work.where(user)


@rule
def judge_again(user: User) -> Q:
    """Allow marking again what another person has judged: override it, or decide an
    appeal.
    """
    # An appeal must not come back to a person who has judged the work before.
    mine = Assessment.objects.filter(assessor=user)
    judged = Q(status__in=JUDGED) & ~Q(pk__in=mine.values("hand_in"))
    return judged & assess_work.where(user)


@rule
def watch_work(user: User) -> Q:
    """Allow coordinators to see what waits, and for how long; also where a person close
    to them handed it in, so that another is found.
    """
    if not holds(user, [Role.COORDINATOR]):
        return NOTHING
    return ~Q(enrolment__person=user)


see_work = own_work | assess_work
list_work = assess_work | watch_work
