"""Links on the academy's first page for users who came from another system before."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from amana.academy.courses.sections import AcademyLink
from amana.exchange.learning.lti.rules import has_link
from amana.trust.access.models import User


def list_links(user: User) -> Iterator[AcademyLink]:
    if has_link(user):
        yield AcademyLink(_("My accounts elsewhere"), reverse("lti:mine"))
