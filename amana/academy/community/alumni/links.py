"""The link to the circle on the academy's first page, for those whom it concerns."""

from django.urls import reverse
from django.utils.translation import gettext as _

from amana.academy.community.alumni import rules
from amana.academy.community.alumni.models import CircleMembership
from amana.academy.courses.sections import AcademyLink
from amana.trust.access.models import User


def list_links(user: User) -> list[AcademyLink]:
    """List the link to the circle for those who are in it, could join, or were in
    it."""
    # Also for a person whose place has ended: the page explains why, and how to return.
    concerns = (
        rules.may_announce(user)
        or rules.find_certificates(user).exists()
        or CircleMembership.objects.filter(person=user).exists()
    )
    label = _("Alumni circle")
    return [AcademyLink(label, reverse("alumni:home"))] if concerns else []
