"""The way to the register from the academy’s first page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from amana.academy.courses.sections import AcademyLink
from amana.academy.held_exercises.models import HeldExercise
from amana.academy.held_exercises.rules import READERS, read_exercise
from amana.trust.access.models import User
from amana.trust.access.rules import has_role


def list_links(user: User) -> list[AcademyLink]:
    """List the link for those who read what exercises led to."""
    mine = read_exercise.among(HeldExercise.objects.all(), user)
    if not has_role(user, READERS) and not mine.exists():
        return []
    return [AcademyLink(_("Exercises held"), reverse("held_exercises:exercises"))]
