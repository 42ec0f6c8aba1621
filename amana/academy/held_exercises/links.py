"""The way to the register from the academy’s first page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from amana.academy.courses.sections import AcademyLink
from amana.academy.held_exercises.rules import READERS
from amana.trust.access.models import User
from amana.trust.access.rules import has_role


def list_links(user: User) -> list[AcademyLink]:
    """List the link for those who read what exercises led to."""
    if not has_role(user, READERS):
        return []
    return [AcademyLink(_("Exercises held"), reverse("held_exercises:exercises"))]
