"""Signals about learner accounts."""

from django.dispatch import Signal

learner_closing = Signal()
"""`learner`: they are closing their account; name and address are still there."""
