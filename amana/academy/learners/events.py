"""Signals about learner accounts."""

from django.dispatch import Signal

learner_closing = Signal()
"""`learner`: they are closing their account; name and address are still there."""

address_changed = Signal()
"""`learner`: their account has another address; ways in that others may know end."""
