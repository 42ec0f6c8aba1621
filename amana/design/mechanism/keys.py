"""What the mechanism in force says of keys."""

from datetime import timedelta

from django.utils import timezone

from amana.design.mechanism import find_current_version


def find_removal_delay() -> timedelta | None:
    """Find the delay of the version in force before keys are taken away, counted from
    the second person's confirmation (ADR 53). None: it names none.
    """
    version = find_current_version()
    if version is None or version.pack.keys_taken_after is None:
        return None
    # Working days depend on the date, so the length is computed from now.
    now = timezone.now()
    return version.pack.keys_taken_after.after(now, version.pack.calendar) - now
