"""The links of cohorts on the academy's first page and on the page of a course."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from amana.academy.cohorts.models import Application
from amana.academy.cohorts.rules import STAFF, own_application, see_application
from amana.academy.cohorts.states import Status
from amana.academy.courses.panels import Offer
from amana.trust.access.models import User
from amana.trust.access.rules import holds


def offers(user: User) -> Iterator[Offer]:
    mine = own_application.among(Application.objects.open(), user)
    states = list(mine.values_list("status", flat=True))
    if states:
        offered = states.count(Status.OFFERED)
        yield Offer(_("My course dates"), reverse("cohorts:mine"), offered)
    if holds(user, STAFF):
        waiting = see_application.among(Application.objects.ours(), user).count()
        yield Offer(_("The academy’s desk"), reverse("cohorts:desk"), waiting)
    yield Offer(_("Courses with dates"), reverse("cohorts:catalogue"))
    yield Offer(_("How can I help you?"), reverse("cohorts:help"))
