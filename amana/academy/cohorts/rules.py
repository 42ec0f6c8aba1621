"""Rules: who opens cohorts, who answers those who ask, and who sees who takes part.

The academy's staff are its trainers and the coordinators. Who takes part in a cohort is
seen by the coordinators and by the cohort's own facilitators, and by no one else: there
is no list for learners, colleagues or visitors."""

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest

from amana.academy.cohorts.models import SHOWN, Application, Cohort
from amana.trust.access.models import Membership, Role, User
from amana.trust.access.rules import define_rule, find_memberships

STAFF = frozenset({Role.TRAINER, Role.COORDINATOR})


def answers(request: HttpRequest) -> bool:
    """Decide whether the menu offers the academy's desk; access itself is a rule."""
    user = request.user
    return isinstance(user, User) and bool(STAFF & user.roles)


@define_rule
def open_cohort(user: User) -> Q:
    """Match cohorts, and the versions of courses that they are opened for."""
    return Q(Exists(find_memberships(user, *STAFF)))


@define_rule
def coordinate_cohort(user: User) -> Q:
    return Q(Exists(find_memberships(user, Role.COORDINATOR)))


@define_rule
def facilitate_cohort(user: User) -> Q:
    """Match the cohorts that a person leads, while they are in a team."""
    # Without a place in a team, a former trainer would still see who takes part.
    active = Membership.objects.active().filter(user=user, user__is_active=True)
    led = Cohort.facilitators.through._default_manager.filter(
        user__in=active.values("user")
    )
    return Q(pk__in=led.values("cohort"))


lead_cohort = coordinate_cohort | facilitate_cohort
"""See who takes part, offer places, change it."""


@define_rule
def take_part(user: User) -> Q:
    """Match the cohorts in which a person has a place."""
    mine = user.applications.taking_part()
    return Q(pk__in=mine.values("cohort"))


# -- of what belongs to a cohort: its sessions, labs, clinics and exercises


@define_rule
def lead_its_cohort(user: User) -> Q:
    return Q(cohort__in=lead_cohort.among(Cohort.objects.all(), user).values("pk"))


@define_rule
def facilitate_its_cohort(user: User) -> Q:
    found = facilitate_cohort.among(Cohort.objects.all(), user)
    return Q(cohort__in=found.values("pk"))


@define_rule
def be_in_its_cohort(user: User) -> Q:
    return Q(cohort__in=take_part.among(Cohort.objects.all(), user).values("pk"))


@define_rule
def read_message(user: User) -> Q:
    """Match the messages to a cohort in which one has a place, or to oneself in it."""
    seats = user.applications.taking_part()
    return Q(to=None, cohort__in=seats.values("cohort")) | Q(to__in=seats.values("pk"))


@define_rule
def answer_attempt_request(user: User) -> Q:
    """Match what learners ask for whose cohort one leads; of all courses for
    coordinators, since a learner need not have a cohort. Never one’s own."""
    led = lead_cohort.among(Cohort.objects.all(), user)
    places = Application.objects.taking_part().filter(cohort__in=led.values("pk"))
    theirs = Exists(
        places.filter(
            person=OuterRef("enrolment__person"),
            cohort__version__course=OuterRef("enrolment__version__course"),
        )
    )
    coordinates = Exists(find_memberships(user, Role.COORDINATOR))
    return (Q(theirs) | Q(coordinates)) & ~Q(enrolment__person=user)


# -- of those who apply


@define_rule
def see_public_cohort(user: User) -> Q:
    return Q(entry__in=SHOWN, cancelled_at=None)


@define_rule
def answer_question(user: User) -> Q:
    """Match applications that are not (yet) for any cohort, for all of the staff."""
    return Q(Exists(find_memberships(user, *STAFF)), cohort=None)


@define_rule
def handle_application(user: User) -> Q:
    """Match applications for the cohorts that a person leads."""
    return lead_its_cohort.where(user)


see_application = answer_question | handle_application


@define_rule
def see_own_application(user: User) -> Q:
    return Q(person=user, person__is_active=True)
