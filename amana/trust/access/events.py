"""What others may want to know about people and teams."""

from django.dispatch import Signal

membership_ended = Signal()
"""`membership`, `by` (None: two people, before the clock): someone left a team; sent
before their keys are taken away."""

suspension_changed = Signal()
"""`suspension`, `users` (whom it concerns), `by`: someone was suspended, or let in."""

device_unknown = Signal()
"""`device`: its user has just signed in on it for the first time."""
