"""The code shown at a session's door: right for a minute, and it names no person.

A hash of the session and the minute under the installation's secret: nothing is stored,
and a photograph of it is of no use later."""

from datetime import datetime

from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from amana.academy.sessions.models import Session

LASTS = 60
"""Seconds; the code before is still accepted, for people who type slowly."""
SALT = "amana.academy.sessions.doors"


def compute_pin(session: Session, at: datetime | None = None) -> str:
    """Compute six digits, to be read aloud or typed."""
    return f"{_mac(session, at or timezone.now(), 'pin') % 1_000_000:06d}"


def compute_token(session: Session, at: datetime | None = None) -> str:
    """Compute the code for the square: long enough that no one guesses it."""
    return f"{_mac(session, at or timezone.now(), 'token'):032x}"


def is_valid_code(session: Session, code: str) -> bool:
    """Return whether it is shown now, or was shown a moment ago."""
    code, now = code.strip().replace(" ", ""), timezone.now()
    moments = [now, datetime.fromtimestamp(now.timestamp() - LASTS, tz=now.tzinfo)]
    return any(
        constant_time_compare(code, shown)
        for moment in moments
        for shown in (compute_pin(session, moment), compute_token(session, moment))
    )


def count_seconds_left() -> int:
    return LASTS - int(timezone.now().timestamp()) % LASTS


def _mac(session: Session, at: datetime, what: str) -> int:
    slot = int(at.timestamp()) // LASTS
    digest = salted_hmac(SALT, f"{session.pk}/{slot}/{what}", algorithm="sha256")
    return int.from_bytes(digest.digest()[:16])
