"""The way to exercises from the academy's first page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from amana.academy.cohorts.models import Cohort
from amana.academy.courses.sections import AcademyLink
from amana.academy.exercises import rules
from amana.trust.access.models import User


def list_links(user: User) -> list[AcademyLink]:
    """List the links for those who are in a cohort, or lead one."""
    mine = rules.take_part | rules.open_exercise
    if not mine.among(Cohort.objects.standing(), user).exists():
        return []
    return [AcademyLink(_("Exercises"), reverse("scenarios:home"))]
