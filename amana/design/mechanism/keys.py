"""What the mechanism in force says of keys."""

from datetime import timedelta

from django.utils import timezone

from amana.design.mechanism import current


def taken_after() -> timedelta | None:
    """How long after the second person's word keys are taken away; None: not said."""
    version = current()
    if version is None or version.pack.keys_taken_after is None:
        return None
    now = timezone.now()
    return version.pack.keys_taken_after.after(now, version.pack.calendar) - now
