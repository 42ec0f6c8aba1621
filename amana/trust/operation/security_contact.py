"""Whom to tell of a weakness of this installation: `/.well-known/security.txt` as in
RFC 9116. The operator says who reads it, and until when that is surely so."""

import re
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

ADDRESS = re.compile(r"(mailto:[^\s@,]+@|https://|tel:\+)[^\s,]+")
LONGEST = timedelta(days=366)
"""RFC 9116, 2.5.5: less than a year, so that what it says is not stale."""


def contacts() -> list[str]:
    return [word.strip() for word in settings.SECURITY_CONTACT.split(",") if word]


def expires_at() -> datetime | None:
    """The end of the day that the operator set; None for what is no day."""
    try:
        day = date.fromisoformat(settings.SECURITY_CONTACT_UNTIL)
    except ValueError:
        return None
    return datetime.combine(day, time(23, 59, 59), UTC)


def is_true(now: datetime) -> bool:
    """Whether there is something to say that still holds."""
    end = expires_at()
    named = contacts()
    understood = all(ADDRESS.fullmatch(contact) for contact in named)
    return (
        bool(named) and understood and end is not None and now <= end <= now + LONGEST
    )


def write_security_txt() -> str:
    """Empty where nothing is set, or what is set does not hold any more."""
    end = expires_at()
    if end is None or not is_true(timezone.now()):
        return ""
    lines = [f"Contact: {contact}" for contact in contacts()]
    return "\n".join([*lines, f"Expires: {end:%Y-%m-%dT%H:%M:%SZ}", ""])
