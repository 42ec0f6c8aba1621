"""Deletes screenings that led to no case after a time, and what was answered with its
keys. The row without a word stays for the figures."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.care.screening import actions
from amana.care.screening.models import Screening
from amana.trust.retention.record_kinds import KINDS, RecordKind
from amana.trust.retention.terms import Terms


def find_expired(terms: Terms, now: datetime) -> QuerySet[Screening]:
    return Screening.objects.stale(terms["screening"].before(now)).order_by("pk")


def compute_end_date(screening: Screening, terms: Terms) -> date:
    return timezone.localdate(terms["screening"].after(screening.received_at))


def erase_screening(screening: Screening) -> list[UUID]:
    actions.expire_screening(screening)
    return []


def register_kind() -> None:
    KINDS.append(
        RecordKind(
            "screening",
            _("Screening without a case"),
            _("The day it was received"),
            rows=Screening.objects.waiting,
            expired=find_expired,
            erase=erase_screening,
            until=compute_end_date,
        )
    )
