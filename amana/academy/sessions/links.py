"""What the academy's other pages say of live sessions."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from amana.academy.courses.models import Enrolment, Version
from amana.academy.courses.sections import AcademyLink, EnrolmentSection
from amana.academy.sessions.models import Session
from amana.academy.sessions.rules import attend_session, read_kit, see_session
from amana.trust.access.models import User


def list_links(user: User) -> Iterator[AcademyLink]:
    """List the link to live sessions, for people who have a place in a cohort, or lead
    one.
    """
    mine = see_session.among(Session.objects.standing(), user)
    if mine.exists():
        yield AcademyLink(_("Live sessions"), reverse("sessions:mine"))


def may_read_kits(user: User) -> bool:
    """Check whether the page of a course offers this person the kits of its
    sessions."""
    return read_kit.among(Version.objects.all(), user).exists()


def list_module_sessions(enrolment: Enrolment, module: str) -> dict[str, object]:
    """List the sessions of a module that this learner may still attend."""
    sessions = attend_session.among(
        Session.objects.for_page().standing().upcoming(), enrolment.person
    )
    here = sessions.filter(cohort__version=enrolment.version_id, module=module)
    return {"sessions": list(here)}


MODULE = EnrolmentSection("sessions/panel.html", list_module_sessions)
