"""The way to mentorship from the academy's first page."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from amana.academy.community.mentoring.models import Pair
from amana.academy.courses.sections import AcademyLink
from amana.trust.access.models import User


def list_links(user: User) -> list[AcademyLink]:
    """List the link to mentorship, with how many pairs wait for this person to
    agree."""
    waits = Q(mentor=user, mentor_agreed_at=None)
    waits |= Q(mentee=user, mentee_agreed_at=None)
    count = Pair.objects.open().filter(waits).count()
    return [AcademyLink(_("Mentorship"), reverse("mentoring:mine"), count)]
