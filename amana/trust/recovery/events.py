"""What others may want to know about recovery keys."""

from django.dispatch import Signal

share_given = Signal()
"""`share`, `by`: someone was given a share of a team's recovery key."""
regaining_changed = Signal()
"""`regaining`, `users` (whom it concerns), `by`: it was proposed, confirmed, withdrawn,
a share was released, or the team has its key again."""
