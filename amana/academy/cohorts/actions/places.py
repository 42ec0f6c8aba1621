"""A cohort's places: offered, taken, given back, and moved up to.

Nobody waits while a place is free: whatever frees one offers it to whoever has waited
longest, in the same transaction."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.academy.cohorts.actions.asking import has_applied
from amana.academy.cohorts.models import OFFER_FOR, Application, Cohort
from amana.academy.cohorts.rules import (
    handle_application,
    lead_cohort,
    own_application,
    see_application,
)
from amana.academy.cohorts.states import SEATED, Status
from amana.academy.cohorts.tasks import tell
from amana.academy.courses import actions as courses
from amana.academy.courses.models import Enrolment
from amana.academy.courses.standing import progress_of
from amana.errors import Changed, Refused
from amana.trust.access.models import User
from amana.trust.audit import log


def locked(cohort: Cohort) -> Cohort:
    """As it is now, and nobody else gives places in it away meanwhile."""
    rows = Cohort.objects.standing().select_for_update(of=["self"], no_key=True)
    found = rows.filter(pk=cohort.pk).first()
    if found is None:
        raise Changed(_("This cohort was cancelled."))
    return found


def cohort_of(application: Application) -> Cohort:
    assert application.cohort is not None  # questions are handled by nobody's cohort
    return application.cohort


@transaction.atomic
def offer(application: Application, *, until: date | None = None, by: User) -> None:
    """Keep a place for somebody, to the end of a day."""
    handle_application.require(by, application)
    cohort = locked(cohort_of(application))
    if cohort.is_over:
        raise Refused(_("This cohort is over."))
    if cohort.free_places() < 1:
        raise Refused(_("All places are taken. Put the person on the waiting list."))
    ends = end_of(until, cohort) if until else timezone.now() + OFFER_FOR
    if ends <= timezone.now():
        raise Refused(_("This date has passed. Choose a later one."))
    _offer(application, ends, by=by)


def _offer(application: Application, until: datetime, *, by: User | None) -> None:
    application.move(Status.OFFERED, offered_until=until)
    log.record("offered place", application, by=by, cohort=application.cohort_id)
    tell.enqueue(str(application.pk))


def end_of(day: date, cohort: Cohort) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=cohort.zone)


@transaction.atomic
def invite(cohort: Cohort, person: User, *, by: User) -> Application:
    """Offer a place to somebody who has an account and did not ask."""
    lead_cohort.require(by, cohort)
    if has_applied(person, cohort):
        raise Refused(_("This person has already applied for this cohort."))
    invited = Application.objects.create(
        cohort=cohort,
        course=cohort.version.course,
        person=person,
        source=Application.Source.STAFF,
        status=Status.APPLIED,
        due_at=timezone.now(),
    )
    offer(invited, by=by)
    return invited


@transaction.atomic
def wait(application: Application, *, by: User) -> None:
    """Put on the waiting list, while every place is taken."""
    handle_application.require(by, application)
    if locked(cohort_of(application)).free_places() > 0:
        raise Refused(_("A place is free: offer it."))
    application.move(Status.WAITLISTED)
    log.record("put on waiting list", application, by=by, cohort=application.cohort_id)
    tell.enqueue(str(application.pk))


@transaction.atomic
def accept(application: Application, *, by: User) -> Enrolment:
    """Take the place that is kept for oneself, and begin the course."""
    own_application.require(by, application)
    cohort = locked(cohort_of(application))
    if application.offered_until and application.offered_until <= timezone.now():
        raise Refused(
            _("The offer has expired. Ask the academy whether a place is free.")
        )
    application.move(Status.ENROLLED)
    log.record("took place", application, by=by, cohort=cohort.pk)
    enrolment = courses.begin(cohort.version, by=by)
    complete(enrolment)  # whoever had learned it all alone
    return enrolment


@transaction.atomic
def withdraw(application: Application, *, by: User) -> None:
    """Take back a question or an application, or give the place back."""
    (own_application | see_application).require(by, application)
    _end(application, Status.WITHDRAWN, by=by)
    log.record("withdrew application", application, by=by)


@transaction.atomic
def decline(application: Application, *, by: User) -> None:
    """The academy says no."""
    see_application.require(by, application)
    _end(application, Status.DECLINED, by=by)
    log.record("declined application", application, by=by)
    tell.enqueue(str(application.pk))


def _end(application: Application, how: Status, *, by: User | None) -> None:
    """End it, and give a place that frees to whoever is next."""
    cohort, seated = application.cohort, application.state in SEATED
    held = locked(cohort) if cohort and seated else None
    application.move(how)
    if held:
        fill(held, by=by)


def fill(cohort: Cohort, *, by: User | None) -> None:
    """Offer free places to those who have waited longest; the cohort is locked."""
    if cohort.is_over:
        return
    for application in cohort.applications.waitlisted()[: cohort.free_places()]:
        _offer(application, timezone.now() + OFFER_FOR, by=by)


@transaction.atomic
def lapse_offers() -> int:
    """What nobody took in time goes to the next; how many. The clock does it."""
    count = 0
    for application in Application.objects.lapsing().select_related("cohort"):
        _end(application, Status.LAPSED, by=None)
        log.record("let offer run out", application, by=None)
        count += 1
    return count


@transaction.atomic
def end_with_cohort() -> int:
    """Whoever still waits when a cohort is over gets no place in it; how many. The
    clock does it, so that nothing of them is kept for longer than was said."""
    count = 0
    for application in Application.objects.left_over().select_related("cohort"):
        if application.state == Status.OFFERED:
            _end(application, Status.LAPSED, by=None)
            log.record("let offer run out", application, by=None)
        else:
            _end(application, Status.DECLINED, by=None)
            log.record("declined application", application, by=None)
            tell.enqueue(str(application.pk))
        count += 1
    return count


@transaction.atomic
def complete(enrolment: Enrolment) -> None:
    """Whoever has done all that the course asks has completed the cohort too."""
    for application in Application.objects.filter(
        person=enrolment.person_id,
        status=Status.ENROLLED,
        cohort__version=enrolment.version_id,
    ):
        if progress_of(enrolment).done:
            application.move(Status.COMPLETED)
            log.record("completed cohort", application, by=None)


@transaction.atomic
def grant_scholarship(application: Application, *, by: User) -> None:
    """Take part without the fee, while there are scholarships left."""
    handle_application.require(by, application)
    cohort = locked(cohort_of(application))
    granted = cohort.applications.filter(scholarship_granted_at__isnull=False)
    if granted.filter(status__in=sorted(SEATED)).count() >= cohort.scholarships:
        raise Refused(_("All scholarships for this cohort have been granted."))
    if not application.change(scholarship_granted_at=timezone.now()):
        raise application.changed()
    log.record("granted scholarship", application, by=by, cohort=cohort.pk)


@transaction.atomic
def note_fee(application: Application, *, by: User) -> None:
    """The fee was received, elsewhere: nothing is paid here."""
    handle_application.require(by, application)
    if not application.change(fee_noted_at=timezone.now()):
        raise application.changed()
    log.record("noted fee", application, by=by, cohort=application.cohort_id)
