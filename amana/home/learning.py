"""What waits in the academy: for who learns, who judges, and who coordinates."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.academy.assessment.models import HandIn, Status
from amana.academy.assessment.rules import assess_work, own_work, watch_work
from amana.academy.cohorts.models import Application
from amana.academy.cohorts.rules import STAFF, own_application, see_application
from amana.academy.cohorts.states import Status as WayIn
from amana.academy.credentials.models import Certificate, CertificateQuerySet
from amana.academy.credentials.rules import hold_certificate
from amana.academy.gates.models import Requirement
from amana.academy.sessions.models import Session
from amana.academy.sessions.rules import see_session
from amana.home.kinds import Kind, Questions, Section, Task, day_of
from amana.trust.access.kept import Anew, kept
from amana.trust.access.models import Role, User

COORDINATORS = frozenset({Role.COORDINATOR})


@kept(User)
def work_to_revise(user: User) -> QuerySet[HandIn]:
    """Find the latest version of one's own work that is to be revised."""
    # An older version stays "to revise" after a newer one was handed in; it asks for
    # nothing more.
    newer = HandIn.objects.filter(
        enrolment=OuterRef("enrolment"),
        module=OuterRef("module"),
        number__gt=OuterRef("number"),
    )
    mine = own_work.among(HandIn.objects.filter(status=Status.REVISE), user)
    return mine.filter(~Exists(newer)).only("handed_at").order_by("handed_at", "pk")


def to_revise(work: HandIn) -> Task:
    what = _("Revise your assignment: read the comments")
    url = reverse("assessment:work", args=[work.pk])
    return Task(work.handed_at, what, str(work), url, since=True)


def work_to_judge(user: User, now: datetime) -> Questions:
    yield work_taken.of(user)
    yield work_waiting.of(user)


@kept(User)
def work_taken(user: User) -> QuerySet[HandIn]:
    taken = work().filter(status=Status.TAKEN, taken_by=user)
    return assess_work.among(taken, user)


@kept(User)
def work_waiting(user: User) -> QuerySet[HandIn]:
    return assess_work.among(work().filter(status=Status.WAITING), user)


def work() -> QuerySet[HandIn]:
    said = HandIn.objects.only("due_at", "status", "taken_until")
    return said.order_by("due_at", "pk")


def to_judge(work: HandIn) -> Task:
    url = reverse("assessment:work", args=[work.pk])
    at = work.taken_until or work.due_at
    return Task(at, _("Mark learner work"), str(work), url)


def work_late(user: User, now: datetime) -> Questions:
    late = watch_work.among(HandIn.objects.escalated(), user)
    yield Anew(late.only("due_at").order_by("due_at", "pk"))


def late(work: HandIn) -> Task:
    what = _("Learner work is overdue for marking")
    return Task(work.due_at, what, str(work), reverse("assessment:queue"))


def ending(now: datetime) -> CertificateQuerySet:
    """Find certificates that end soon, and were not renewed yet."""
    newer = Certificate.objects.in_force(now).filter(
        learner=OuterRef("learner"),
        achievement__code=OuterRef("achievement__code"),
        issued_at__gt=OuterRef("issued_at"),
    )
    found = Certificate.objects.ending_soon(now).filter(~Exists(newer))
    return found.for_list().order_by("valid_until", "pk")


@kept(User, datetime)
def certificates_ending(user: User, now: datetime) -> QuerySet[Certificate]:
    return hold_certificate.among(ending(now), user)


def certificate_ending(certificate: Certificate) -> Task:
    what = _("Renew your certificate")
    url = reverse("credentials:certificate", args=[certificate.pk])
    return Task(certificate.valid_until, what, certificate.achievement.name, url)


@kept(User, datetime)
def certificates_of_colleagues(user: User, now: datetime) -> QuerySet[Certificate]:
    """Find ending certificates of those kinds for which a role asks."""
    asked = Requirement.objects.values("certificate")
    return ending(now).filter(achievement__code__in=asked).exclude(learner=user)


def of_a_colleague(certificate: Certificate) -> Task:
    what = _("A certificate that a role requires expires soon")
    url = reverse("gates:people")
    return Task(certificate.valid_until, what, certificate.achievement.name, url)


@kept(User)
def places_offered(user: User) -> QuerySet[Application]:
    mine = Application.objects.filter(status=WayIn.OFFERED).select_related("cohort")
    return own_application.among(mine, user).order_by("offered_until", "pk")


def place_offered(application: Application) -> Task:
    what = _("You have been offered a place. Accept or decline.")
    at, url = application.offered_until, reverse("cohorts:mine")
    return Task(at, what, str(application.cohort), url)


@kept(User)
def people_to_answer(user: User) -> QuerySet[Application]:
    """Find people who asked or applied; what they wrote, not who they are."""
    waiting = Application.objects.ours().select_related("cohort")
    return see_application.among(waiting, user).order_by("due_at", "pk")


def person_to_answer(application: Application) -> Task:
    url = reverse("cohorts:application", args=[application.pk])
    about = str(application.cohort or "")
    what = _("Answer an application") if about else _("Answer a question")
    return Task(application.due_at, what, about, url)


@kept(User)
def people_to_tell(user: User) -> QuerySet[Application]:
    """Find applicants without an account, whom no one else informs."""
    waiting = Application.objects.to_tell().select_related("cohort")
    return see_application.among(waiting, user).order_by("offered_until", "pk")


def person_to_tell(application: Application) -> Task:
    url = reverse("cohorts:application", args=[application.pk])
    what = _("Inform an applicant that a place is offered")
    return Task(application.offered_until, what, str(application.cohort), url)


@kept(User, datetime, datetime)
def sessions_between(user: User, begins: datetime, ends: datetime) -> QuerySet[Session]:
    """Find live sessions that one attends or leads."""
    today = Session.objects.standing().filter(starts_at__gte=begins, starts_at__lt=ends)
    mine = see_session.among(today.select_related("cohort"), user)
    return mine.order_by("starts_at", "pk")


def sessions_today(user: User, now: datetime) -> Questions:
    yield sessions_between.of(user, *day_of(now))


def session_today(session: Session) -> Task:
    url = reverse("sessions:session", args=[session.pk])
    return Task(session.starts_at, _("Live session"), str(session.cohort), url)


TO_MARK = gettext_lazy("To mark")
DESK = gettext_lazy("Academy desk")
DATES = gettext_lazy("My course dates")
CERTIFICATES = gettext_lazy("My certificates")
ROLES = gettext_lazy("Roles that require a certificate")

KINDS = (
    Kind(DATES, None, places_offered, place_offered, "cohorts:mine"),
    Kind(DESK, STAFF, people_to_answer, person_to_answer, "cohorts:desk"),
    Kind("", STAFF, people_to_tell, person_to_tell, ""),
    Kind("", None, work_to_revise, to_revise, ""),
    Kind(TO_MARK, None, work_to_judge, to_judge, "assessment:queue"),
    Kind("", COORDINATORS, work_late, late, ""),
    Kind(
        CERTIFICATES,
        None,
        certificates_ending,
        certificate_ending,
        "credentials:mine",
    ),
    Kind("", None, sessions_today, session_today, "", Section.APPOINTMENTS),
    Kind(
        ROLES, COORDINATORS, certificates_of_colleagues, of_a_colleague, "gates:people"
    ),
)
