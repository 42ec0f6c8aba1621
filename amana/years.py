"""What is written down of the past: a year of two digits is found before it is kept."""

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Refused

TEN_YEARS = timedelta(days=3653)
"""Three of them can be leap years."""


def require_recent(day: date | None) -> None:
    """Refuse a day of more than ten years ago: 0026 was meant to be 2026."""
    if day and day < timezone.localdate() - TEN_YEARS:
        raise Refused(_("Check the year: the date can’t be more than ten years ago."))
