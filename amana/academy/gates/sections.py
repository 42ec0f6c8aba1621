"""What this room shows elsewhere: how many hold what their role asks for."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from amana.academy.courses.sections import OFFERS, AcademyLink
from amana.academy.gates import requirement_status
from amana.academy.gates.models import Requirement
from amana.design.mechanism.models import Version
from amana.design.mechanism.sections import CERTIFICATES, FIGURES, SummaryFigure
from amana.trust.access.models import Role, User
from amana.trust.access.rules import has_role


def iterate_figures(version: Version, user: User) -> Iterator[SummaryFigure]:
    """Yield indicator I51, for the mechanism's first page; a count, and no name."""
    holding, asked = requirement_status.count_certified()
    if asked:
        may_look = has_role(user, [Role.COORDINATOR])
        yield SummaryFigure(
            _("Certified staff"),
            _("%(n)s of %(total)s") % {"n": holding, "total": asked},
            _("of the people whose role requires a certificate"),
            reverse("gates:people") if may_look else "",
        )


def list_links(user: User) -> Iterator[AcademyLink]:
    if has_role(user, [Role.COORDINATOR]) and Requirement.objects.exists():
        to_decide = sum(
            place.to_decide for place in requirement_status.list_standings()
        )
        label = _("Roles that require a certificate")
        yield AcademyLink(label, reverse("gates:people"), to_decide)


def register_sections() -> None:
    OFFERS.append(list_links)
    FIGURES.append(iterate_figures)
    CERTIFICATES.append(requirement_status.find_title)
