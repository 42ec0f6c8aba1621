"""What a device sent and no one opened is deleted after the time of a screening."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from amana.care.meetings.models import Meeting
from amana.trust.retention.record_kinds import SWEEPS, RecordSweep
from amana.trust.retention.terms import Terms
from amana.trust.vault.models import WaitingDraft

TERM = "screening"
LABEL = _("Meeting without a network that no one opened")


def delete_unopened(terms: Terms, now: datetime, held: Collection[UUID]) -> int:
    """Delete what was never opened, with who sent it and when."""
    waiting = Meeting.objects.waiting().exclude(pk__in=held)
    over = waiting.filter(received_at__lte=terms[TERM].before(now))
    # One that is being opened at this moment is left to who opens it.
    found = list(over.select_for_update(skip_locked=True).values_list("pk", flat=True))
    WaitingDraft.objects.filter(pk__in=found).delete()
    Meeting.objects.filter(pk__in=found).delete()
    return len(found)


def register() -> None:
    SWEEPS.append(
        RecordSweep(
            "meeting",
            LABEL,
            _("The day it was received"),
            delete_unopened,
            term=TERM,
        )
    )
