"""What the first page of the academy says of it."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from amana.academy.courses.panels import Offer
from amana.academy.review.standing import standings_of
from amana.trust.access.models import User


def offers(user: User) -> Iterator[Offer]:
    """List the link to the review, for people who have missed anything."""
    standings = standings_of(user)
    if any(standing.cards for standing in standings):
        waiting = sum(len(standing.today) for standing in standings)
        yield Offer(_("Review"), reverse("review:today"), waiting)
