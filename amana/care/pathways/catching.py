"""Case pathways that a mistake in the program kept from following what the person or a
colleague did: each is marked, and who leads or supervises the case makes it catch up.

What the person or the colleague did is kept in any case. The mark holds codes of what
was missed, never the reason in words: an error may quote what it failed on."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from amana.care.consent.models import Consent
from amana.care.pathways import actions, status
from amana.care.pathways.models import PathwayRun
from amana.care.pathways.rules import manage_course
from amana.errors import Changed
from amana.trust.access.models import User
from amana.trust.audit import log

WITHDRAWN = "consent_withdrawn"
"""What a pathway hears once nothing is agreed to any more."""
TAKEN_BACK, CLOSED = "react_to_withdrawal", "close_pathway"
"""What can be done again by itself; all else is put right by a person."""


@transaction.atomic
def record_missed(
    case: UUID, what: str, mistake: Exception, *, by: User | None
) -> None:
    """Mark that a case's way could not follow; without a way there is only the log."""
    course = PathwayRun.objects.running().filter(case=case).first()
    if course is not None:
        course = status.lock_course(course)
        course.missed = list(dict.fromkeys([*(course.missed or ()), what]))
        course.save(update_fields=["missed"])
    log.record(
        "pathway could not follow",
        course,
        by=by,
        case=case,
        missed=what,
        error=type(mistake).__name__,
    )


@transaction.atomic
def catch_up_course(course: PathwayRun, *, by: User) -> None:
    """Follow what was missed, as far as that can be done again; what is due is placed
    again, and the mark is gone."""
    manage_course.require(by, course)
    course = status.lock_course(course)
    if not course.missed:
        raise Changed(_("The pathway is already up to date."))
    missed, course.missed = course.missed, None
    course.save(update_fields=["missed"])
    if not course.case.is_open:
        actions.end_with_case(course, by=by)
    else:
        status.update_rows(course, status.compute_state(course))
        if TAKEN_BACK in missed and _is_still_taken_back(course):
            actions.record_signal(course, WITHDRAWN, by=by)
    log.record("caught up with case", course, by=by, case=course.case_id, missed=missed)


def _is_still_taken_back(course: PathwayRun) -> bool:
    """Check that nothing is agreed to, and that the case has not heard so by itself
    since."""
    if Consent.objects.live().filter(case=course.case_id).exists():
        return False
    return status.is_open_to(course, WITHDRAWN)
