"""Deletes screenings that led to no case after a time, and what was answered with its
keys. The row without a word stays for the figures."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.care.screening import actions
from amana.care.screening.models import Screening
from amana.trust.retention.kinds import KINDS, Kind
from amana.trust.retention.terms import Terms


def expired(terms: Terms, now: datetime) -> QuerySet[Screening]:
    return Screening.objects.stale(terms["screening"].before(now)).order_by("pk")


def until(screening: Screening, terms: Terms) -> date:
    return timezone.localdate(terms["screening"].after(screening.received_at))


def erase(screening: Screening) -> list[UUID]:
    actions.expire(screening)
    return []


def register() -> None:
    KINDS.append(
        Kind(
            "screening",
            _("Screening without a case"),
            _("The day it was received"),
            rows=Screening.objects.waiting,
            expired=expired,
            erase=erase,
            until=until,
        )
    )
