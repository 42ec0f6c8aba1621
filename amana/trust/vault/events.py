"""What others may want to know about keys."""

from django.dispatch import Signal

removal_changed = Signal()
"""`removal`, `users` (whom it concerns), `by`: a proposal to take someone's keys away
was made, confirmed, withdrawn, took effect, was undone, or is final."""
