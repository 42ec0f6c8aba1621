"""The contact for reports of weaknesses in this installation:
`/.well-known/security.txt` as in RFC 9116. The operator sets who reads the reports, and
until when that is certain."""

import re
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

ADDRESS = re.compile(r"(mailto:[^\s@,]+@|https://|tel:\+)[^\s,]+")
LONGEST = timedelta(days=366)
"""RFC 9116, 2.5.5: less than a year, so that the contact is not stale."""


def list_contacts() -> list[str]:
    written = map(str.strip, settings.SECURITY_CONTACT.split(","))
    return [contact for contact in written if contact]


def compute_expiry() -> datetime | None:
    """Compute the end of the day that the operator set; None where that is not a
    date."""
    try:
        day = date.fromisoformat(settings.SECURITY_CONTACT_UNTIL)
    except ValueError:
        return None
    return datetime.combine(day, time(23, 59, 59), UTC)


def is_valid(now: datetime) -> bool:
    """Check that a contact is set and still holds."""
    end = compute_expiry()
    named = list_contacts()
    # All or none: a report to an address that leads nowhere would be lost.
    understood = all(ADDRESS.fullmatch(contact) for contact in named)
    return (
        bool(named) and understood and end is not None and now <= end <= now + LONGEST
    )


def write_security_txt() -> str:
    """Write the file; empty where nothing is set, or where what is set is no longer
    valid."""
    end = compute_expiry()
    if end is None or not is_valid(timezone.now()):
        return ""
    lines = [f"Contact: {contact}" for contact in list_contacts()]
    return "\n".join([*lines, f"Expires: {end:%Y-%m-%dT%H:%M:%SZ}", ""])
