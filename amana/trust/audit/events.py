"""What others may want to know about the log."""

from django.dispatch import Signal

log_doubted = Signal()
"""`kind`: the log in the database is not the one that was signed last."""
