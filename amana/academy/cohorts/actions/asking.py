"""Actions: ask, answer, apply; and delete the words of those who did not come."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.academy.cohorts.models import (
    ANSWER_WITHIN,
    FADING,
    AdmissionRule,
    Application,
    Cohort,
)
from amana.academy.cohorts.rules import (
    handle_application,
    lead_cohort,
    see_application,
)
from amana.academy.cohorts.states import QUESTIONS, ApplicationStatus
from amana.academy.cohorts.tasks import notify_applicant
from amana.academy.courses.models import Course
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.audit import log


@dataclass(frozen=True)
class ApplicantDetails:
    """What a person tells the academy about themselves; all of it is optional."""

    name: str = ""
    contact: str = ""
    message: str = ""
    organisation: str = ""
    sector: str = ""
    languages: str = ""
    access_needs: str = ""
    scholarship_asked: bool = False


@transaction.atomic
def ask_academy(
    said: ApplicantDetails,
    *,
    course: Course | None = None,
    source: str = Application.Source.FORM,
    by: User | None,
) -> Application:
    """Record a question to the academy, from anyone (`by` is None for a visitor).
    Raises `Refused` where a visitor gives no way to answer."""
    # The log has that there was a question and no word of it: nothing that was typed
    # appears in a log (ADR 15).
    asked = _written(
        said, ApplicationStatus.ENQUIRED, by=by, course=course, source=source
    )
    log.record("asked academy", asked, by=by)
    return asked


@transaction.atomic
def record_answer(application: Application, reply: str, *, by: User) -> None:
    """Record what was answered; a person with an account reads it here."""
    see_application.require(by, application)
    application.move(ApplicationStatus.ANSWERED, reply=reply)
    log.record("answered question", application, by=by)
    notify_applicant.enqueue(str(application.pk))


@transaction.atomic
def apply_for_cohort(
    cohort: Cohort, said: ApplicantDetails, *, by: User | None
) -> Application:
    """Apply for a place. Raises `Refused` where applications are closed, or by
    invitation only, and where the person has already applied."""
    # Checked again here: the page may have been open since before the last day.
    open_to_all = Cohort.objects.open().filter(pk=cohort.pk, entry=AdmissionRule.PUBLIC)
    if not open_to_all.exists():
        raise Refused(_("Applications for these dates are closed."))
    if by and has_applied(by, cohort):
        raise Refused(_("You have already applied for these dates."))
    applied = _written(
        said,
        ApplicationStatus.APPLIED,
        by=by,
        course=cohort.version.course,
        cohort=cohort,
    )
    log.record("applied for cohort", applied, by=by, cohort=cohort.pk)
    return applied


@transaction.atomic
def apply_for_person(application: Application, cohort: Cohort, *, by: User) -> None:
    """Record the application of a person who asked, on their behalf, by the academy.
    Raises `Refused` where they have already applied."""
    see_application.require(by, application)
    lead_cohort.require(by, cohort)
    if application.person and has_applied(application.person, cohort):
        raise Refused(_("This person has already applied for this cohort."))
    # The academy’s three days start again: other people read an application than read a
    # question.
    application.move(
        ApplicationStatus.APPLIED,
        cohort=cohort,
        course=cohort.version.course,
        due_at=timezone.now() + ANSWER_WITHIN,
    )
    log.record("applied for cohort", application, by=by, cohort=cohort.pk)


@transaction.atomic
def link_account(application: Application, person: User, *, by: User) -> None:
    """Link an application to the account that the person has by now, and notify them.
    Raises `Refused` where it is linked already, or that person has applied."""
    handle_application.require(by, application)
    if application.person_id:
        raise Refused(_("This application is already linked to an account."))
    # An application without an account is not covered by the constraint on one open
    # application for each person.
    if has_applied(person, application.cohort):
        raise Refused(_("This person has already applied for this cohort."))
    if not application.change(person=person):
        raise application.changed()
    log.record("linked applicant", application, by=by, person=person.pk)
    notify_applicant.enqueue(str(application.pk))


def has_applied(person: User, cohort: Cohort | None) -> bool:
    rows = Application.objects.open().filter(person=person, cohort=cohort)
    return rows.exclude(status__in=sorted(QUESTIONS)).exists()


def _written(
    said: ApplicantDetails, status: ApplicationStatus, *, by: User | None, **more: Any
) -> Application:
    if by is not None:
        more["source"] = Application.Source.ACCOUNT
    # A visitor has no account in which the answer could be read.
    elif not said.contact:
        raise Refused(_("Enter an address or number for our answer."))
    return Application.objects.create(
        **asdict(said),
        person=by,
        status=status,
        due_at=timezone.now() + ANSWER_WITHIN,
        **more,
    )


@transaction.atomic
def forget_applications() -> int:
    """Delete what is no longer needed, and shorten what is left of participants; return
    how many rows it was."""
    # Of participants only their participation is kept, thirty days after the cohort: a
    # certificate can be checked by it (ADR 15).
    faded = Application.objects.to_fade().update(**dict.fromkeys(FADING, ""))
    gone, _each = Application.objects.to_forget().delete()
    if faded or gone:
        log.record("forgot applications", by=None, deleted=gone, shortened=faded)
    return faded + gone
