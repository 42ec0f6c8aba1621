"""What others may want to know about recovery keys."""

from django.dispatch import Signal

share_given = Signal()
"""`share`, `by`: someone was given a share of a team's recovery key."""
shares_ended = Signal()
"""`recovery`, `users` (who kept a share of it), `by`: it was used up, or another took
its place; their papers are to be destroyed."""
regaining_changed = Signal()
"""`regaining`, `users` (whom it concerns), `by`: it was proposed, confirmed, withdrawn,
a share was released, or the team has its key again."""
