"""Signals about cases that were opened in an emergency."""

from django.dispatch import Signal

opened_in_emergency = Signal()
"""Sent with `access` and `users` (who is notified) inside the action that opened it."""

left_unreviewed = Signal()
"""Sent with `access` and `users` (who is notified) once it was not reviewed in time."""
