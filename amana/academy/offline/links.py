"""Links to learning without a network, on the academy's first page."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from amana.academy.courses.models import Enrolment
from amana.academy.courses.rules import learn
from amana.academy.courses.sections import AcademyLink
from amana.trust.access.models import User


def iterate_links(user: User) -> Iterator[AcademyLink]:
    """Yield the links for those who have begun a course."""
    if learn.among(Enrolment.objects.all(), user).exists():
        yield AcademyLink(_("Modules on this device"), reverse("offline:kept"))
        yield AcademyLink(_("Import your progress"), reverse("offline:bring"))
