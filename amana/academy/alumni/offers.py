"""The way to the circle from the academy's first page, for whom it is there."""

from django.urls import reverse
from django.utils.translation import gettext as _

from amana.academy.alumni import rules
from amana.academy.alumni.models import Place
from amana.academy.courses.panels import Offer
from amana.trust.access.models import User


def offers(user: User) -> list[Offer]:
    """Also for whoever was in it: they read why they are not any more."""
    concerns = (
        rules.may_announce(user)
        or rules.certificates_of(user).exists()
        or Place.objects.filter(person=user).exists()
    )
    label = _("Alumni circle")
    return [Offer(label, reverse("alumni:home"))] if concerns else []
