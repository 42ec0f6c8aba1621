"""Who may take lessons out of the house: those who publish courses."""

from amana.academy.courses.rules import PUBLISHERS
from amana.trust.access.models import User
from amana.trust.access.rules import has_role


def may_take_along(user: User) -> bool:
    return has_role(user, PUBLISHERS)
