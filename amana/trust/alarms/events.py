"""What others may want to know about alarms."""

from django.dispatch import Signal

records_altered = Signal()
"""`record`, `users` (who is told): the database isn't what was signed."""

alarm_raised = Signal()
"""`alarm`, `users` (who is told): more was done than is usual for the role."""
