"""What others may want to know of consent."""

from django.dispatch import Signal

consent_given = Signal()
"""Sent with `consent` and `by` inside the action that recorded it."""

consent_refused = Signal()
"""The same, when the person said no."""

vital_interest_ended = Signal()
"""Sent with `interest` and `by` inside the action that took back what was told without
consent."""

consent_ended = Signal()
"""Sent with `consent` and `by` inside the action that withdrew or expired it."""
