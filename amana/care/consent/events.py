"""What others may want to know of consent."""

from django.dispatch import Signal

consent_given = Signal()
"""Sent with `consent` and `by` inside the action that recorded it."""

consent_refused = Signal()
"""The same, when the person said no."""

consent_ended = Signal()
"""Sent with `consent` and `by` inside the action that withdrew or expired it."""
