"""Slips about life after 3, 6 and 12 months: offered by those who work with the person.

The log records that a worker dealt with a slip, and not in which case: else its hour
could be matched with an answer of the same days."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases.models import Case
from amana.errors import Changed, Refused
from amana.insight.feedback.due import get_moment
from amana.insight.feedback.models import SlipOffer
from amana.insight.feedback.rules import offer_slip
from amana.trust.access.models import User
from amana.trust.audit import log


@transaction.atomic
def record_offer(case: Case, result: SlipOffer.Result, *, by: User) -> None:
    """Record what became of the slip that is due: handed out, or why not."""
    offer_slip.require(by, case)
    moment = get_moment(case, timezone.now())
    if moment is None:
        raise Refused(_("No slip is due in this case now."))
    try:
        with transaction.atomic():
            SlipOffer.objects.create(case=case, moment=moment, result=result)
    except IntegrityError:
        raise Changed(_("A colleague has already recorded it.")) from None
    log.record("offered slip", by=by)
