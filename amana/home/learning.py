"""What waits in the academy: for who learns, who judges, and who coordinates."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.academy.assessment.models import HandIn, WorkStatus
from amana.academy.assessment.rules import assess_work, follow_own_work, watch_work
from amana.academy.cohorts.models import ANSWER_WITHIN, Application
from amana.academy.cohorts.rules import (
    STAFF,
    answer_attempt_request,
    see_application,
    see_own_application,
)
from amana.academy.cohorts.states import ApplicationStatus as WayIn
from amana.academy.courses.models import AttemptRequest
from amana.academy.credentials.models import (
    Attestation,
    Certificate,
    CertificateQuerySet,
    Endorsement,
)
from amana.academy.credentials.rules import (
    ATTESTERS,
    hold_certificate,
    sign_attestation,
    sign_endorsement,
)
from amana.academy.gates.models import Requirement
from amana.academy.sessions.models import Session
from amana.academy.sessions.rules import see_session
from amana.home.kinds import Questions, Task, TaskKind, TaskSection, compute_day
from amana.trust.access.models import Role, User
from amana.trust.access.prepared import DynamicQuery, prepare_query

COORDINATORS = frozenset({Role.COORDINATOR})


@prepare_query(User)
def find_work_to_revise(user: User) -> QuerySet[HandIn]:
    """Find the latest version of one's own work that is to be revised."""
    # An older version stays "to revise" after a newer one was handed in; it asks for
    # nothing more.
    newer = HandIn.objects.filter(
        enrolment=OuterRef("enrolment"),
        module=OuterRef("module"),
        number__gt=OuterRef("number"),
    )
    mine = follow_own_work.among(HandIn.objects.filter(status=WorkStatus.REVISE), user)
    return mine.filter(~Exists(newer)).only("handed_at").order_by("handed_at", "pk")


def build_revision_task(work: HandIn) -> Task:
    what = _("Revise your assignment: read the comments")
    url = reverse("assessment:work", args=[work.pk])
    return Task(work.handed_at, what, str(work), url, since=True)


def find_work_to_mark(user: User, now: datetime) -> Questions:
    yield find_work_taken.of(user)
    yield find_work_waiting.of(user)


@prepare_query(User)
def find_work_taken(user: User) -> QuerySet[HandIn]:
    taken = select_work().filter(status=WorkStatus.TAKEN, taken_by=user)
    return assess_work.among(taken, user)


@prepare_query(User)
def find_work_waiting(user: User) -> QuerySet[HandIn]:
    return assess_work.among(select_work().filter(status=WorkStatus.WAITING), user)


def select_work() -> QuerySet[HandIn]:
    said = HandIn.objects.only("due_at", "status", "taken_until")
    return said.order_by("due_at", "pk")


def build_marking_task(work: HandIn) -> Task:
    url = reverse("assessment:work", args=[work.pk])
    at = work.taken_until or work.due_at
    return Task(at, _("Mark learner work"), str(work), url)


def find_work_late(user: User, now: datetime) -> Questions:
    late = watch_work.among(HandIn.objects.escalated(), user)
    yield DynamicQuery(late.only("due_at").order_by("due_at", "pk"))


def build_late_work_task(work: HandIn) -> Task:
    what = _("Learner work is overdue for marking")
    return Task(work.due_at, what, str(work), reverse("assessment:queue"))


def find_ending(now: datetime) -> CertificateQuerySet:
    """Find certificates that end soon, and were not renewed yet."""
    newer = Certificate.objects.in_force(now).filter(
        learner=OuterRef("learner"),
        achievement__code=OuterRef("achievement__code"),
        issued_at__gt=OuterRef("issued_at"),
    )
    found = Certificate.objects.ending_soon(now).filter(~Exists(newer))
    return found.for_list().order_by("valid_until", "pk")


@prepare_query(User, datetime)
def find_certificates_ending(user: User, now: datetime) -> QuerySet[Certificate]:
    return hold_certificate.among(find_ending(now), user)


def build_certificate_task(certificate: Certificate) -> Task:
    what = _("Renew your certificate")
    url = reverse("credentials:certificate", args=[certificate.pk])
    return Task(certificate.valid_until, what, certificate.achievement.name, url)


@prepare_query(User, datetime)
def find_colleagues_certificates(user: User, now: datetime) -> QuerySet[Certificate]:
    """Find ending certificates of those kinds for which a role asks."""
    asked = Requirement.objects.values("certificate")
    return find_ending(now).filter(achievement__code__in=asked).exclude(learner=user)


def build_colleague_task(certificate: Certificate) -> Task:
    what = _("A certificate that a role requires expires soon")
    url = reverse("gates:people")
    return Task(certificate.valid_until, what, certificate.achievement.name, url)


@prepare_query(User)
def find_places_offered(user: User) -> QuerySet[Application]:
    mine = Application.objects.filter(status=WayIn.OFFERED).select_related("cohort")
    return see_own_application.among(mine, user).order_by("offered_until", "pk")


def build_place_task(application: Application) -> Task:
    what = _("You have been offered a place. Accept or decline.")
    at, url = application.offered_until, reverse("cohorts:mine")
    return Task(at, what, str(application.cohort), url)


@prepare_query(User)
def find_people_to_answer(user: User) -> QuerySet[Application]:
    """Find people who asked or applied; what they wrote, not who they are."""
    waiting = Application.objects.ours().select_related("cohort")
    return see_application.among(waiting, user).order_by("due_at", "pk")


def build_answer_task(application: Application) -> Task:
    url = reverse("cohorts:application", args=[application.pk])
    about = str(application.cohort or "")
    what = _("Answer an application") if about else _("Answer a question")
    return Task(application.due_at, what, about, url)


@prepare_query(User)
def find_learners_stuck(user: User) -> QuerySet[AttemptRequest]:
    """Find learners who ask for further attempts at a test; which course, not who."""
    asked = AttemptRequest.objects.waiting().select_related(
        "enrolment__version__course"
    )
    asked = asked.defer("enrolment__version__compiled").order_by("asked_at", "pk")
    return answer_attempt_request.among(asked, user)


def build_stuck_task(asked: AttemptRequest) -> Task:
    what = _("Talk with a learner who did not pass a test three times")
    about = str(asked.enrolment.version.course)
    return Task(asked.asked_at + ANSWER_WITHIN, what, about, reverse("cohorts:desk"))


@prepare_query(User)
def find_attestations_to_sign(user: User) -> QuerySet[Attestation]:
    """Find what waits for a second signature; which certificate, not whose."""
    waiting = Attestation.objects.waiting().select_related("achievement")
    return sign_attestation.among(waiting, user)


def build_attestation_task(attestation: Attestation) -> Task:
    what = _("Sign an attestation, or decline it")
    url = reverse("credentials:attestation", args=[attestation.pk])
    due_at = attestation.proposed_at + ANSWER_WITHIN
    return Task(due_at, what, attestation.achievement.name, url)


@prepare_query(User)
def find_endorsements_to_sign(user: User) -> QuerySet[Endorsement]:
    """Find endorsements by other bodies that wait for a second person."""
    waiting = Endorsement.objects.waiting().select_related("achievement")
    return sign_endorsement.among(waiting, user)


def build_endorsement_task(endorsement: Endorsement) -> Task:
    what = _("Confirm an endorsement, or decline it")
    url = reverse("credentials:endorsement", args=[endorsement.pk])
    due_at = endorsement.proposed_at + ANSWER_WITHIN
    return Task(due_at, what, endorsement.achievement.name, url)


@prepare_query(User)
def find_people_to_inform(user: User) -> QuerySet[Application]:
    """Find applicants without an account, whom no one else informs."""
    waiting = Application.objects.to_tell().select_related("cohort")
    return see_application.among(waiting, user).order_by("offered_until", "pk")


def build_inform_task(application: Application) -> Task:
    url = reverse("cohorts:application", args=[application.pk])
    what = _("Inform an applicant that a place is offered")
    return Task(application.offered_until, what, str(application.cohort), url)


@prepare_query(User, datetime, datetime)
def find_sessions_between(
    user: User, begins: datetime, ends: datetime
) -> QuerySet[Session]:
    """Find live sessions that one attends or leads."""
    today = Session.objects.standing().filter(starts_at__gte=begins, starts_at__lt=ends)
    mine = see_session.among(today.select_related("cohort"), user)
    return mine.order_by("starts_at", "pk")


def find_sessions_today(user: User, now: datetime) -> Questions:
    yield find_sessions_between.of(user, *compute_day(now))


def build_session_task(session: Session) -> Task:
    url = reverse("sessions:session", args=[session.pk])
    return Task(session.starts_at, _("Live session"), str(session.cohort), url)


TO_MARK = gettext_lazy("To mark")
DESK = gettext_lazy("Academy desk")
DATES = gettext_lazy("My course dates")
CERTIFICATES = gettext_lazy("My certificates")
ROLES = gettext_lazy("Roles that require a certificate")

KINDS = (
    TaskKind(DATES, None, find_places_offered, build_place_task, "cohorts:mine"),
    TaskKind(DESK, STAFF, find_people_to_answer, build_answer_task, "cohorts:desk"),
    TaskKind("", STAFF, find_people_to_inform, build_inform_task, ""),
    TaskKind("", STAFF, find_learners_stuck, build_stuck_task, ""),
    TaskKind("", ATTESTERS, find_attestations_to_sign, build_attestation_task, ""),
    TaskKind("", ATTESTERS, find_endorsements_to_sign, build_endorsement_task, ""),
    TaskKind("", None, find_work_to_revise, build_revision_task, ""),
    TaskKind(TO_MARK, None, find_work_to_mark, build_marking_task, "assessment:queue"),
    TaskKind("", COORDINATORS, find_work_late, build_late_work_task, ""),
    TaskKind(
        CERTIFICATES,
        None,
        find_certificates_ending,
        build_certificate_task,
        "credentials:mine",
    ),
    TaskKind(
        "", None, find_sessions_today, build_session_task, "", TaskSection.APPOINTMENTS
    ),
    TaskKind(
        ROLES,
        COORDINATORS,
        find_colleagues_certificates,
        build_colleague_task,
        "gates:people",
    ),
)
