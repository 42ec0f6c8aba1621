"""What this room shows elsewhere: how many hold what their role asks for."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from amana.academy.courses.panels import OFFERS, Offer
from amana.academy.gates import standing
from amana.academy.gates.models import Requirement
from amana.design.mechanism.models import Version
from amana.design.mechanism.panels import CERTIFICATES, FIGURES, Figure
from amana.trust.access.models import Role, User
from amana.trust.access.rules import holds


def certified(version: Version, user: User) -> Iterator[Figure]:
    """Yield indicator I51, for the mechanism's first page; a count, and no name."""
    holding, asked = standing.counted()
    if asked:
        may_look = holds(user, [Role.COORDINATOR])
        yield Figure(
            _("Certified staff"),
            _("%(n)s of %(total)s") % {"n": holding, "total": asked},
            _("of the people whose role requires a certificate"),
            reverse("gates:people") if may_look else "",
        )


def offered(user: User) -> Iterator[Offer]:
    if holds(user, [Role.COORDINATOR]) and Requirement.objects.exists():
        to_decide = sum(place.to_decide for place in standing.everybody())
        label = _("Roles that require a certificate")
        yield Offer(label, reverse("gates:people"), to_decide)


def register() -> None:
    OFFERS.append(offered)
    FIGURES.append(certified)
    CERTIFICATES.append(standing.title_of)
