"""Ask, answer, apply; and forget whoever did not come."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.academy.cohorts.models import (
    ANSWER_WITHIN,
    FADING,
    Application,
    Cohort,
    Entry,
)
from amana.academy.cohorts.rules import (
    handle_application,
    lead_cohort,
    see_application,
)
from amana.academy.cohorts.states import QUESTIONS, Status
from amana.academy.cohorts.tasks import tell
from amana.academy.courses.models import Course
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.audit import log


@dataclass(frozen=True)
class Said:
    """What somebody tells the academy of themselves; all of it as they like."""

    name: str = ""
    contact: str = ""
    message: str = ""
    organisation: str = ""
    sector: str = ""
    languages: str = ""
    access_needs: str = ""
    scholarship_asked: bool = False


@transaction.atomic
def ask(
    said: Said,
    *,
    course: Course | None = None,
    source: str = Application.Source.FORM,
    by: User | None,
) -> Application:
    """A question to the academy, from anybody (None: a visitor)."""
    asked = _written(said, Status.ENQUIRED, by=by, course=course, source=source)
    log.record("asked academy", asked, by=by)
    return asked


@transaction.atomic
def answer(application: Application, reply: str, *, by: User) -> None:
    """Note what was answered; whoever has an account here reads it."""
    see_application.require(by, application)
    application.move(Status.ANSWERED, reply=reply)
    log.record("answered question", application, by=by)
    tell.enqueue(str(application.pk))


@transaction.atomic
def apply(cohort: Cohort, said: Said, *, by: User | None) -> Application:
    """Ask for a place. Into a cohort by invitation, nobody asks their way."""
    open_to_all = Cohort.objects.open().filter(pk=cohort.pk, entry=Entry.PUBLIC)
    if not open_to_all.exists():
        raise Refused(_("Applications for these dates are closed."))
    if by and has_applied(by, cohort):
        raise Refused(_("You have already applied for these dates."))
    applied = _written(
        said, Status.APPLIED, by=by, course=cohort.version.course, cohort=cohort
    )
    log.record("applied for cohort", applied, by=by, cohort=cohort.pk)
    return applied


@transaction.atomic
def bring(application: Application, cohort: Cohort, *, by: User) -> None:
    """Whoever asked applies for these dates: written down for them by the academy."""
    see_application.require(by, application)
    lead_cohort.require(by, cohort)
    if application.person and has_applied(application.person, cohort):
        raise Refused(_("This person has already applied for this cohort."))
    application.move(
        Status.APPLIED,
        cohort=cohort,
        course=cohort.version.course,
        due_at=timezone.now() + ANSWER_WITHIN,
    )
    log.record("applied for cohort", application, by=by, cohort=cohort.pk)


@transaction.atomic
def link(application: Application, person: User, *, by: User) -> None:
    """Whoever applied has an account here by now: this one."""
    handle_application.require(by, application)
    if application.person_id:
        raise Refused(_("This application is already linked to an account."))
    if has_applied(person, application.cohort):
        raise Refused(_("This person has already applied for this cohort."))
    if not application.change(person=person):
        raise application.changed()
    log.record("linked applicant", application, by=by, person=person.pk)
    tell.enqueue(str(application.pk))


def has_applied(person: User, cohort: Cohort | None) -> bool:
    rows = Application.objects.open().filter(person=person, cohort=cohort)
    return rows.exclude(status__in=sorted(QUESTIONS)).exists()


def _written(
    said: Said, status: Status, *, by: User | None, **more: Any
) -> Application:
    if by is not None:
        more["source"] = Application.Source.ACCOUNT
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
def forget() -> int:
    """Delete what nobody needs any more; how many it was about."""
    faded = Application.objects.to_fade().update(**dict.fromkeys(FADING, ""))
    gone, _each = Application.objects.to_forget().delete()
    if faded or gone:
        log.record("forgot applications", by=None, deleted=gone, shortened=faded)
    return faded + gone
