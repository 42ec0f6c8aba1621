"""The way to drafts from the academy's first page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from amana.academy.cohorts.rules import STAFF
from amana.academy.courses.panels import Offer
from amana.trust.access.models import User


def offers(user: User) -> list[Offer]:
    if not STAFF & user.roles:
        return []
    return [Offer(_("Writing courses"), reverse("authoring:drafts"))]
