"""What others may want to know of pending decisions."""

from django.dispatch import Signal

decision_failed = Signal()
"""Sent with `decision` when it could not take effect: someone had acted before, or who
made it may no longer."""
