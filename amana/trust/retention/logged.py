"""The details of the log have a clock too; its events and proofs stay."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from amana.trust.audit.models import AuditDetail
from amana.trust.retention.kinds import SWEEPS, Sweep
from amana.trust.retention.terms import Terms


def clear(terms: Terms, now: datetime, held: Collection[UUID]) -> int:
    old = AuditDetail.objects.filter(event__at__lte=terms["log"].before(now))
    free = old.filter(Q(event__case=None) | ~Q(event__case__in=list(held)))
    count, _each = free.delete()
    return count


def register() -> None:
    SWEEPS.append(Sweep("log", _("Details of the log"), _("The event"), clear))
