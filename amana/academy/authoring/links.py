"""The way to drafts from the academy's first page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from amana.academy.cohorts.rules import STAFF
from amana.academy.courses.sections import AcademyLink
from amana.trust.access.models import User


def list_links(user: User) -> list[AcademyLink]:
    if not STAFF & user.roles:
        return []
    return [AcademyLink(_("Writing courses"), reverse("authoring:drafts"))]
