"""That someone did not agree is kept for a while, so that they aren't asked again and
again, and no longer."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.care.consent.models import Consent
from amana.care.consent.sealed import SEALED_IN
from amana.trust.retention.record_kinds import KINDS, RecordKind
from amana.trust.retention.terms import Terms
from amana.trust.vault import documents

REFUSED, GIVEN = Consent.Status.REFUSED, Consent.Status.GIVEN


def find_refusals() -> QuerySet[Consent]:
    return Consent.objects.filter(status=REFUSED)


def find_expired(terms: Terms, now: datetime) -> QuerySet[Consent]:
    """Find the refusals that are old enough to be erased."""
    # While an older consent of the same person is good, the refusal counts against it,
    # and stays.
    older = Consent.objects.filter(
        case=OuterRef("case"), status=GIVEN, asked_at__lte=OuterRef("asked_at")
    )
    old = find_refusals().filter(asked_at__lte=terms["refusal"].before(now))
    return old.exclude(Exists(older)).order_by("pk")


def compute_keep_until(consent: Consent, terms: Terms) -> date:
    return timezone.localdate(terms["refusal"].after(consent.asked_at))


def erase(consent: Consent) -> list[UUID]:
    documents.discard(consent.case_id, SEALED_IN, consent.document)
    consent.delete()
    return []


def register() -> None:
    KINDS.append(
        RecordKind(
            "refusal",
            _("Refusal to share"),
            _("The refusal"),
            rows=find_refusals,
            expired=find_expired,
            erase=erase,
            until=compute_keep_until,
            held_with=lambda consent: consent.case_id,
        )
    )
