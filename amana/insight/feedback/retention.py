"""What people said of the help, and complaints that were answered, have a clock."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.insight.feedback.models import Complaint, Review, Voice
from amana.trust.retention.record_kinds import SWEEPS, RecordSweep
from amana.trust.retention.terms import Terms


def clear_old(terms: Terms, now: datetime, held: Collection[UUID]) -> int:
    """Clear words of the months before, and complaints answered then; a complaint that
    is reviewed waits. None of them names a case, so that no hold is about one."""
    before = timezone.localdate(terms["feedback"].before(now))
    waiting = Review.objects.open().values("complaint")
    over = Complaint.objects.filter(closed_on__lt=before).exclude(pk__in=waiting)
    count = 0
    for rows in (Voice.objects.filter(month__lt=before), over):
        count += rows.count()
        rows.delete()
    return count


def register_sweep() -> None:
    SWEEPS.append(
        RecordSweep(
            "feedback",
            _("Feedback and complaints"),
            _("The month it was given; for a complaint, the date of its answer"),
            clear_old,
        )
    )
