"""What others may want to know about the log and its witnesses."""

from django.dispatch import Signal

found_wrong = Signal()
"""`finding`, `users` (who is told): something is wrong with the log."""
