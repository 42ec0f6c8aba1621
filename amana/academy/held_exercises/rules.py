"""Who records exercises that were held, and who may read what they led to.

Coordinators record any. A room above adds who else may, for what it knows:

    rules.LEADING_RULES.append(lead_it)      # (user) -> Q on HeldExercise
"""

from collections.abc import Callable

from django.db.models import Q

from amana.academy.held_exercises.models import HeldExercise
from amana.registry import Registry
from amana.trust.access.models import Role, User
from amana.trust.access.rules import EVERYTHING, NOTHING, define_rule, has_role

WRITERS = (Role.COORDINATOR,)
READERS = (*WRITERS, Role.ANALYST, Role.AUTHORITY, Role.DATA_PROTECTION_OFFICER)


LEADING_RULES: Registry[Callable[[User], Q]] = Registry()


@define_rule
def read_exercise(user: User) -> Q:
    return EVERYTHING if has_role(user, READERS) else match_led(user)


@define_rule
def write_exercise(user: User) -> Q:
    return EVERYTHING if has_role(user, WRITERS) else match_led(user)


@define_rule
def write_step(user: User) -> Q:
    """Match the steps that were agreed after exercises that they may write."""
    written = write_exercise.among(HeldExercise.objects.all(), user)
    return Q(exercise__in=written.values("pk"))


def match_led(user: User) -> Q:
    """Match the exercises that the user led, as rooms above know."""
    found = NOTHING
    for leader in LEADING_RULES:
        found |= leader(user)
    return found
