"""What others may want to know of consent."""

from django.dispatch import Signal

consent_given = Signal()
"""Sent with `consent` and `by` inside the action that recorded it."""

consent_ended = Signal()
"""Sent with `consent` and `by` inside the action that withdrew or expired it."""
