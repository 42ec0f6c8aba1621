"""What others may want to know of cases that were opened in an emergency."""

from django.dispatch import Signal

opened_in_emergency = Signal()
"""Sent with `access` and `users` (who is told) inside the action that opened it."""

left_unreviewed = Signal()
"""Sent with `access` and `users` (who is told) once nobody reviewed it in time."""
