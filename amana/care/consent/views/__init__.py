"""Asking, the answer, its end; and what a recipient has to do."""

from amana.care.consent.views.consent_pages import again, ask, question, recording, text
from amana.care.consent.views.ledger_pages import (
    consent,
    destroy,
    destructions,
    disclosure,
    ledger,
    owed,
    share,
    shared,
    withdraw,
    withdraw_for,
)

__all__ = [
    "again",
    "ask",
    "consent",
    "destroy",
    "destructions",
    "disclosure",
    "ledger",
    "owed",
    "question",
    "recording",
    "share",
    "shared",
    "text",
    "withdraw",
    "withdraw_for",
]
