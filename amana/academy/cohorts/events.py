"""Signals about cohorts."""

from django.dispatch import Signal

cohort_cancelled = Signal()
"""`cohort`, `by`: sent while everyone still has their place in it."""
