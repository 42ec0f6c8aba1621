"""What the mechanisms in force say of keys."""

from datetime import timedelta

from django.utils import timezone

from amana.design.mechanism.choosing import list_versions_in_force


def find_removal_delay() -> timedelta | None:
    """Find the longest delay of those in force before keys are taken away, counted from
    the second person's confirmation (ADR 53). None: they name none.
    """
    now = timezone.now()
    packs = [version.pack for version in list_versions_in_force()]
    # Working days depend on the date, so the length is computed from now.
    return max(
        (
            pack.keys_taken_after.after(now, pack.calendar) - now
            for pack in packs
            if pack.keys_taken_after is not None
        ),
        default=None,
    )
