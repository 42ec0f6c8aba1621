"""What the first page of the academy says of it."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from amana.academy.courses.sections import AcademyLink
from amana.academy.practice.review.review_status import list_standings
from amana.trust.access.models import User


def list_links(user: User) -> Iterator[AcademyLink]:
    """List the link to the review, for people who have missed anything."""
    standings = list_standings(user)
    if any(standing.cards for standing in standings):
        waiting = sum(len(standing.today) for standing in standings)
        yield AcademyLink(_("Review"), reverse("review:today"), waiting)
