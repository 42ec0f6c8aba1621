"""The links of cohorts on the academy's first page and on the page of a course."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from amana.academy.cohorts.models import Application
from amana.academy.cohorts.rules import (
    STAFF,
    answer_attempt_request,
    see_application,
    see_own_application,
)
from amana.academy.cohorts.states import ApplicationStatus
from amana.academy.courses.models import AttemptRequest
from amana.academy.courses.sections import AcademyLink
from amana.trust.access.models import User
from amana.trust.access.rules import has_role


def list_links(user: User) -> Iterator[AcademyLink]:
    mine = see_own_application.among(Application.objects.open(), user)
    states = list(mine.values_list("status", flat=True))
    if states:
        offered = states.count(ApplicationStatus.OFFERED)
        yield AcademyLink(_("My course dates"), reverse("cohorts:mine"), offered)
    if has_role(user, STAFF):
        waiting = see_application.among(Application.objects.ours(), user).count()
        stuck = AttemptRequest.objects.waiting()
        waiting += answer_attempt_request.among(stuck, user).count()
        yield AcademyLink(_("The academy’s desk"), reverse("cohorts:desk"), waiting)
    yield AcademyLink(_("Courses with dates"), reverse("cohorts:catalogue"))
    yield AcademyLink(_("How can I help you?"), reverse("cohorts:help"))
