"""What others may want to know about alarms."""

from django.dispatch import Signal

alarm_raised = Signal()
"""`alarm`, `users` (who is told): more was done than is usual for the role."""
