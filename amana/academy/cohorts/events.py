"""What others may want to know of cohorts."""

from django.dispatch import Signal

cohort_cancelled = Signal()
"""`cohort`, `by`: sent while everybody still has their place in it."""
