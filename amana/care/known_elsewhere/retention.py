"""What is sealed in a question goes when its time is over."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from amana.care.known_elsewhere import actions
from amana.trust.retention import record_kinds
from amana.trust.retention.record_kinds import RecordSweep
from amana.trust.retention.terms import Terms


def end_expired_questions(terms: Terms, now: datetime, held: Collection[UUID]) -> int:
    """End each after its 30 days, which no law of a mechanism lengthens."""
    return actions.end_expired()


def register_sweep() -> None:
    record_kinds.SWEEPS.append(
        RecordSweep(
            "question",
            _("Questions about whether a person is known elsewhere"),
            _("The day it was asked"),
            end_expired_questions,
            term="screening",
        )
    )
