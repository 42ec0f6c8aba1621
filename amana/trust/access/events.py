"""What others may want to know about people and teams."""

from django.dispatch import Signal

colleague_proposed = Signal()
"""`membership`, `by`: one person has proposed a colleague for a team."""

proposal_withdrawn = Signal()
"""`membership`, `by`: a colleague is proposed for a team no more."""

sphere_changed = Signal()
"""`organisation`, `by`: people of other organisations have moved it to another sphere
of work; what rested on the one before ends."""

membership_ended = Signal()
"""`membership`, `by` (None: two people, before the clock): someone left a team; sent
before their keys are taken away."""

suspension_changed = Signal()
"""`suspension`, `users` (whom it concerns), `by`: someone was suspended, or let in."""

learner_admitted = Signal()
"""`learner`: their account is one for work from now on; nothing by which others could
reach it as a learner's may stay."""

device_unknown = Signal()
"""`device`: its user has just signed in on it for the first time."""
