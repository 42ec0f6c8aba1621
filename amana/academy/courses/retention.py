"""Delete what people did in courses some time after they have left."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, ProtectedError, Q
from django.utils.translation import gettext_lazy as _

from amana.academy.courses.models import Attempt, Enrolment
from amana.trust.access.models import Membership
from amana.trust.retention.record_kinds import SWEEPS, RecordSweep
from amana.trust.retention.terms import Terms


def delete_old_enrolments(terms: Terms, now: datetime, held: Collection[UUID]) -> int:
    """Delete enrolments of closed accounts, unless a certificate or the like depends on
    one. Returns how many."""
    before = terms["learning"].before(now)
    here = Membership.objects.filter(user=OuterRef("person")).filter(
        Q(ended_at=None) | Q(ended_at__gt=before)
    )
    learns = Attempt.objects.filter(enrolment=OuterRef("pk"), begun_at__gt=before)
    old = Enrolment.objects.filter(person__is_active=False, begun_at__lte=before)
    count = 0
    for enrolment in old.exclude(Exists(here)).exclude(Exists(learns)):
        try:
            enrolment.delete()
        except ProtectedError:
            # A certificate or another record protects it, and has a time limit of its
            # own.
            continue
        count += 1
    return count


def register_sweep() -> None:
    since = _("Last learning or work here of a person whose account is closed")
    SWEEPS.append(RecordSweep("learning", _("Learning"), since, delete_old_enrolments))
