"""Actions on a cohort's places: offer, accept, give back, and move up.

No one waits while a place is free: an action that frees one offers it to the person who
has waited longest, in the same transaction."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.academy.cohorts.actions.asking import has_applied
from amana.academy.cohorts.models import OFFER_FOR, Application, Cohort
from amana.academy.cohorts.rules import (
    handle_application,
    lead_cohort,
    see_application,
    see_own_application,
)
from amana.academy.cohorts.states import SEATED, ApplicationStatus
from amana.academy.cohorts.tasks import notify_applicant
from amana.academy.courses import actions as courses
from amana.academy.courses.learner_progress import load_progress
from amana.academy.courses.models import Enrolment
from amana.errors import Changed, Refused
from amana.trust.access.models import User
from amana.trust.audit import log


def lock_cohort(cohort: Cohort) -> Cohort:
    """Lock a cohort and return it as it is now, so that no one else gives places in it
    away meanwhile. Raises `Changed` where it was cancelled."""
    rows = Cohort.objects.standing().select_for_update(of=["self"], no_key=True)
    found = rows.filter(pk=cohort.pk).first()
    if found is None:
        raise Changed(_("This cohort was cancelled."))
    return found


def lock_running_cohort(cohort: Cohort) -> Cohort:
    """Lock a cohort in which places are still given away. Raises `Refused` where it is
    over."""
    held = lock_cohort(cohort)
    if held.is_over:
        raise Refused(_("This cohort is over."))
    return held


def get_cohort(application: Application) -> Cohort:
    assert application.cohort is not None  # questions belong to no cohort
    return application.cohort


@transaction.atomic
def offer_place(
    application: Application, *, until: date | None = None, by: User
) -> None:
    """Offer a place, kept until the end of a day. Raises `Refused` where the cohort is
    over or full, or the day has passed."""
    handle_application.require(by, application)
    cohort = lock_running_cohort(get_cohort(application))
    # Counted under the cohort's lock: of two people who offer the last place at once,
    # the second is refused.
    if cohort.free_places() < 1:
        raise Refused(_("All places are taken. Put the person on the waiting list."))
    ends = compute_offer_end(until, cohort) if until else timezone.now() + OFFER_FOR
    if ends <= timezone.now():
        raise Refused(_("This date has passed. Choose a later one."))
    _offer(application, ends, by=by)


def _offer(application: Application, until: datetime, *, by: User | None) -> None:
    application.move(ApplicationStatus.OFFERED, offered_until=until)
    log.record("offered place", application, by=by, cohort=application.cohort_id)
    notify_applicant.enqueue(str(application.pk))


def compute_offer_end(day: date, cohort: Cohort) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=cohort.zone)


@transaction.atomic
def invite_person(cohort: Cohort, person: User, *, by: User) -> Application:
    """Offer a place to a person who has an account and did not apply. Raises `Refused`
    where they have already applied."""
    lead_cohort.require(by, cohort)
    if has_applied(person, cohort):
        raise Refused(_("This person has already applied for this cohort."))
    # As an application first, so that the offer follows the same table of states and
    # the same checks.
    invited = Application.objects.create(
        cohort=cohort,
        course=cohort.version.course,
        person=person,
        source=Application.Source.STAFF,
        status=ApplicationStatus.APPLIED,
        due_at=timezone.now(),
    )
    offer_place(invited, by=by)
    return invited


@transaction.atomic
def add_to_waiting_list(application: Application, *, by: User) -> None:
    """Add an application to the waiting list, while every place is taken. Raises
    `Refused` where a place is free."""
    handle_application.require(by, application)
    if lock_cohort(get_cohort(application)).free_places() > 0:
        raise Refused(_("A place is free: offer it."))
    application.move(ApplicationStatus.WAITLISTED)
    log.record("put on waiting list", application, by=by, cohort=application.cohort_id)
    notify_applicant.enqueue(str(application.pk))


@transaction.atomic
def accept_place(application: Application, *, by: User) -> Enrolment:
    """Accept the place that is kept for oneself, and begin the course. Raises `Refused`
    where the offer has expired."""
    see_own_application.require(by, application)
    cohort = lock_cohort(get_cohort(application))
    # Compared here as well: the timer that expires offers may not have run yet.
    if application.offered_until and application.offered_until <= timezone.now():
        raise Refused(
            _("The offer has expired. Ask the academy whether a place is free.")
        )
    application.move(ApplicationStatus.ENROLLED)
    log.record("took place", application, by=by, cohort=cohort.pk)
    enrolment = courses.begin_course(cohort.version, by=by)
    # Who has chosen a sector before keeps it.
    if cohort.track and not enrolment.track:
        # By the learner, who may undo it: a cohort proposes, and decides for no one.
        courses.choose_track(enrolment, cohort.track, by=by)
    complete_cohort(enrolment)  # for a person who had completed the course before
    return enrolment


@transaction.atomic
def withdraw_application(application: Application, *, by: User) -> None:
    """Withdraw a question or an application, or give the place back."""
    (see_own_application | see_application).require(by, application)
    _end(application, ApplicationStatus.WITHDRAWN, by=by)
    log.record("withdrew application", application, by=by)


@transaction.atomic
def decline_application(application: Application, *, by: User) -> None:
    """Decline an application or a question, for the academy."""
    see_application.require(by, application)
    _end(application, ApplicationStatus.DECLINED, by=by)
    log.record("declined application", application, by=by)
    notify_applicant.enqueue(str(application.pk))


def _end(application: Application, how: ApplicationStatus, *, by: User | None) -> None:
    """End an application, and offer a place that this frees to the next person."""
    cohort, seated = application.cohort, application.state in SEATED
    # The cohort before the application, as in `offer_place` and `accept_place`: in the
    # other order two actions could each wait for the lock of the other.
    held = lock_cohort(cohort) if cohort and seated else None
    application.move(how)
    if held:
        fill_places(held, by=by)


def fill_places(cohort: Cohort, *, by: User | None) -> None:
    """Offer free places to those who have waited longest; the cohort is locked."""
    if cohort.is_over:
        return
    for application in cohort.applications.waitlisted()[: cohort.free_places()]:
        _offer(application, timezone.now() + OFFER_FOR, by=by)


@transaction.atomic
def lapse_offers() -> int:
    """Expire offers that were not accepted in time, and offer the places to the next;
    return how many. Run by a timer."""
    count = 0
    for application in Application.objects.lapsing().select_related("cohort"):
        _end(application, ApplicationStatus.LAPSED, by=None)
        log.record("let offer run out", application, by=None)
        count += 1
    return count


@transaction.atomic
def end_applications() -> int:
    """End the applications that are still open when their cohort is over; return how
    many. Run by a timer, so that nothing about these people is kept for longer than
    they were told."""
    count = 0
    for application in Application.objects.left_over().select_related("cohort"):
        # An offer expired; the others are declined, and only these are notified, since
        # no one has answered them yet.
        if application.state == ApplicationStatus.OFFERED:
            _end(application, ApplicationStatus.LAPSED, by=None)
            log.record("let offer run out", application, by=None)
        else:
            _end(application, ApplicationStatus.DECLINED, by=None)
            log.record("declined application", application, by=None)
            notify_applicant.enqueue(str(application.pk))
        count += 1
    return count


@transaction.atomic
def complete_cohort(enrolment: Enrolment) -> None:
    """Complete the cohort for a learner who has done all that the course requires."""
    for application in Application.objects.filter(
        person=enrolment.person_id,
        status=ApplicationStatus.ENROLLED,
        cohort__version=enrolment.version_id,
    ):
        if load_progress(enrolment).done:
            application.move(ApplicationStatus.COMPLETED)
            log.record("completed cohort", application, by=None)


@transaction.atomic
def grant_scholarship(application: Application, *, by: User) -> None:
    """Grant a place without the fee. Raises `Refused` where no scholarship is left."""
    handle_application.require(by, application)
    cohort = lock_cohort(get_cohort(application))
    # Those of people who have left count no more: their scholarship can be granted
    # again.
    granted = cohort.applications.filter(scholarship_granted_at__isnull=False)
    if granted.filter(status__in=sorted(SEATED)).count() >= cohort.scholarships:
        raise Refused(_("All scholarships for this cohort have been granted."))
    if not application.change(scholarship_granted_at=timezone.now()):
        raise application.changed()
    log.record("granted scholarship", application, by=by, cohort=cohort.pk)


@transaction.atomic
def record_fee(application: Application, *, by: User) -> None:
    """Record that the fee was received elsewhere: nothing is paid here."""
    handle_application.require(by, application)
    if not application.change(fee_noted_at=timezone.now()):
        raise application.changed()
    log.record("noted fee", application, by=by, cohort=application.cohort_id)
