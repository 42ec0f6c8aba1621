"""Who may mentor, who arranges pairs, and that no one but the two reads what they
write, whatever their role."""

from django.db.models import Q, QuerySet

from amana.academy.cohorts.rules import STAFF
from amana.academy.community.mentoring.models import Pair
from amana.academy.courses.models import Enrolment
from amana.academy.credentials.models import Certificate
from amana.trust.access.models import Role, User
from amana.trust.access.rules import EVERYTHING, NOTHING, define_rule, has_role


def may_mentor(user: User) -> bool:
    """Check whether a user is a trainer, or holds a valid certificate of the
    academy."""
    certified = Certificate.objects.in_force().filter(learner=user)
    return has_role(user, [Role.TRAINER]) or certified.exists()


def may_be_mentored(user: User) -> bool:
    """Check whether a user has begun a course."""
    return Enrolment.objects.filter(person=user).exists()


def find_partners(user: User) -> QuerySet[User]:
    """Find the other people of one's pairs, who are too close to mark each other's
    work."""
    pairs = Pair.objects.open()
    mentees = pairs.filter(mentor=user).values("mentee")
    mentors = pairs.filter(mentee=user).values("mentor")
    return User.objects.filter(Q(pk__in=mentees) | Q(pk__in=mentors))


@define_rule
def see_own_wish(user: User) -> Q:
    return Q(person=user, person__is_active=True)


@define_rule
def arrange_mentoring(user: User) -> Q:
    """Allow staff to see wishes and pairs: who, and since when. No word of what they
    write."""
    return EVERYTHING if has_role(user, STAFF) else NOTHING


@define_rule
def join_pair(user: User) -> Q:
    """Allow the pairs of which one is a part."""
    here = Q(mentor=user, mentor__is_active=True)
    return here | Q(mentee=user, mentee__is_active=True)


@define_rule
def reply_as_mentor(user: User) -> Q:
    return Q(mentor=user, mentor__is_active=True)


@define_rule
def be_mentored_in_pair(user: User) -> Q:
    return Q(mentee=user, mentee__is_active=True)
