"""What others may want to know of the answers in a case."""

from django.dispatch import Signal

case_answered = Signal()
"""Sent with `case`, `changed` (a list of `actions.ChangedAnswer`) and `by`, inside the
action
that sealed the answers. Nothing of it is anywhere in the clear."""
