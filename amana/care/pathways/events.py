"""What others may want to know of a case's way through its mechanism."""

from django.dispatch import Signal

course_begun = Signal()
"""Sent with `course` and `by`, inside the action."""

fact_recorded = Signal()
"""Sent with `course`, `fact` (a row), `was` (its step as it was due, or None) and `by`
(None: the clock), inside the action, of every fact."""

course_ended = Signal()
"""The same, when it was the last."""

step_asked = Signal()
"""Sent with `course`, `role` and `step` (its key, or "": whichever are due) inside the
action or by the clock, when those who play the role are to look."""

batch_waiting = Signal()
"""Sent inside the action or by the clock, when running cases wait to be moved to a
version."""

cases_unmoved = Signal()
"""Sent with `version` and `users` (who is told), once all running cases were moved to a
version but for some that were set aside."""
