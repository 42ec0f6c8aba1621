"""What others may want to know of consent."""

from django.dispatch import Signal

consent_given = Signal()
"""Sent with `consents` and `by` inside the action that recorded them: the person said
yes once, to one text; there is a consent for each team that it named."""

consent_refused = Signal()
"""Sent with `consent` and `by`, when the person said no."""

consent_ended = Signal()
"""Sent with `consent` and `by` inside the action that withdrew or expired it."""
