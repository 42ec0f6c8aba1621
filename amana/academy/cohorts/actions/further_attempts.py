"""Opening further attempts at a test for a learner who used up the usual ones."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.academy.cohorts.rules import answer_attempt_request
from amana.academy.courses.models import AttemptRequest
from amana.errors import Changed
from amana.trust.access.models import User
from amana.trust.audit import log


@transaction.atomic
def open_attempts(request: AttemptRequest, *, by: User) -> None:
    """Open further attempts for who asked, after talking with them. Raises `Changed`
    where a colleague was faster."""
    answer_attempt_request.require(by, request)
    waiting = AttemptRequest.objects.waiting().filter(pk=request.pk)
    if not waiting.update(answered_at=timezone.now(), answered_by=by):
        raise Changed(_("A colleague has already opened further attempts."))
    log.record("opened attempts", request.enrolment, by=by)
