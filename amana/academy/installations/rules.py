"""Who practises in an installation: those who have a place in it, and no one else,
whatever their role. Coordinators see what is handed in."""

from django.db.models import Exists, OuterRef, Q

from amana.academy.assessment.states import WorkStatus
from amana.academy.courses.models import Enrolment
from amana.academy.installations.models import PracticePlace
from amana.trust.access.models import Role, User
from amana.trust.access.rules import NOTHING, Rule, define_rule, has_role

__all__ = ["Rule"]


@define_rule
def practise(user: User) -> Q:
    """Match the installations in which one has a place."""
    mine = PracticePlace.objects.of(user).filter(installation=OuterRef("pk"))
    return Q(Exists(mine))


@define_rule
def close_installation(user: User) -> Q:
    """Match those that one has opened."""
    mine = PracticePlace.objects.of(user).filter(installation=OuterRef("pk"), number=1)
    return Q(Exists(mine))


# -- of work that was made, and of what is offered of it


@define_rule
def offer_work(user: User) -> Q:
    """Match one's own work that has passed, by its machine check."""
    return Q(
        hand_in__enrolment__person=user,
        hand_in__enrolment__person__is_active=True,
        hand_in__status=WorkStatus.PASSED,
    )


@define_rule
def withdraw_toolkit(user: User) -> Q:
    """Match what one has offered oneself."""
    return Q(work__hand_in__enrolment__person=user, withdrawn_at=None)


@define_rule
def accept_toolkit(user: User) -> Q:
    """Match what others have offered, for coordinators: two people see it before it is
    seen by all."""
    if not has_role(user, [Role.COORDINATOR]):
        return NOTHING
    return Q(withdrawn_at=None) & ~Q(work__hand_in__enrolment__person=user)


@define_rule
def read_accepted_toolkit(user: User) -> Q:
    """Match what was accepted, for those who take the same course."""
    mine = Enrolment.objects.filter(person=user, person__is_active=True)
    return Q(
        accepted_at__isnull=False,
        withdrawn_at=None,
        work__hand_in__enrolment__version__course__in=mine.values("version__course"),
    )


read_toolkit = withdraw_toolkit | accept_toolkit | read_accepted_toolkit
