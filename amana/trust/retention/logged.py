"""The details of the log have a clock too; its events and proofs stay."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from amana.trust.audit.models import AuditDetail
from amana.trust.retention.record_kinds import SWEEPS, RecordSweep
from amana.trust.retention.terms import Terms


def clear_details(terms: Terms, now: datetime, held: Collection[UUID]) -> int:
    """Clear the details of months whose first day is over, so that the list gets one
    line a month.
    """
    before = terms["log"].before(now)
    next_month = (before.replace(day=1) + timedelta(days=32)).replace(
        day=1, hour=0, minute=0, second=0, microsecond=0
    )
    old = AuditDetail.objects.filter(event__at__lt=next_month)
    # What is held keeps its details too: they may be what a court asks for.
    free = old.filter(Q(event__case=None) | ~Q(event__case__in=list(held)))
    count, _each = free.delete()
    return count


def register() -> None:
    SWEEPS.append(
        RecordSweep("log", _("Details of the log"), _("The event"), clear_details)
    )
