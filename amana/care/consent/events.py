"""What others may want to know of consent."""

from django.dispatch import Signal

consent_given = Signal()
"""Sent with `consents` and `by` inside the action that recorded them: the person said
yes once, to one text; there is a consent for each team that it named."""

consent_refused = Signal()
"""Sent with `consent` and `by`, when the person said no."""

vital_interest_ended = Signal()
"""Sent with `interest` and `by` inside the action that took back what was told without
consent."""

destruction_asked = Signal()
"""Sent with `destruction` and `by` inside the action that ended what was shared: the
recipient has to destroy its copies."""

consent_ended = Signal()
"""Sent with `consent` and `by` inside the action that withdrew or expired it, recorded
a later answer, or recorded that its giver could not give it any more."""

consent_discounted = Signal()
"""Sent in place of `consent_ended`, with the same, where something is shared under it:
that stays until the person withdraws it, and nothing more is shared."""
