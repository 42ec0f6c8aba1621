"""Actions: share how far one is, and write to those who learn."""

from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.academy.cohorts.models import KEPT_FOR, Application, Cohort, CohortMessage
from amana.academy.cohorts.rules import lead_cohort, see_own_application
from amana.academy.cohorts.tasks import notify_readers
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.audit import log


@transaction.atomic
def share_progress(application: Application, shares: bool, *, by: User) -> None:
    """Set whether those who lead the cohort see how far one is, from now on."""
    see_own_application.require(by, application)
    if not application.change(shares_progress=shares):
        raise application.changed()
    log.record("changed shared progress", application, by=by, shares=shares)


@transaction.atomic
def send_message(
    cohort: Cohort, text: str, *, to: Application | None = None, by: User
) -> CohortMessage:
    """Write to everyone who takes part, or to one of them. Raises `Refused` where there
    is no one to read it."""
    lead_cohort.require(by, cohort)
    seats = cohort.applications.taking_part()
    if to is not None:
        seats = seats.filter(pk=to.pk)
    if not seats.exists():
        raise Refused(
            _("No one has a place in this cohort yet, so no one would read this.")
        )
    message = CohortMessage.objects.create(cohort=cohort, to=to, by=by, text=text)
    log.record("wrote to cohort", message, by=by, cohort=cohort.pk)
    # By its number alone: what was written is in no task and no mail.
    transaction.on_commit(partial(notify_readers.enqueue, message.pk))
    return message


def forget_messages() -> int:
    """Delete the messages of cohorts that are over."""
    old = CohortMessage.objects.over(timezone.localdate() - KEPT_FOR)
    return old.delete()[0]
