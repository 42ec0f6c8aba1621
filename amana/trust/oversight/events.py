"""What others may want to know of data incidents."""

from django.dispatch import Signal

breach_counted = Signal()
"""Sent with `breach` inside the action, when it is recorded, and when it turns out to
be none (`struck_at`). A receiver returns the id under which it counts it, so that it
can be taken out of the count again."""
