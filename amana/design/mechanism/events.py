"""What others may want to know of the mechanism."""

from django.dispatch import Signal

version_in_force = Signal()
"""Sent with `version`, `was` (the version before, or None) and `by`, inside the action
that put it in force. A receiver has what runs by the old one moved."""

asked_what_cannot_move = Signal()
"""Sent with `version` and `by`, before it is put in force; a receiver returns a list of
`Unplaced`: what runs by the version now in force and has no place in this one."""

asked_how_far = Signal()
"""Sent with `version` and `by`; a receiver returns `MovedSoFar`, or None."""
