"""What others may want to know about exports."""

from django.dispatch import Signal

export_waits = Signal()
"""`export`, `users` (who is notified): a second person has to decide."""
