"""Where a hold, and a request to be forgotten, may stand, and what may follow."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

CONFIRMED_WITHIN = timedelta(days=7)
"""A hold works from its first word on, and ends after this without a second one."""
DELAY = timedelta(hours=72)
"""Between the second person's word and an erasure that a person asked for."""


class HoldStatus(models.TextChoices):
    PROPOSED = "proposed", _("In force, waiting for a second person")
    CONFIRMED = "confirmed", _("In force")
    LIFTING = "lifting", _("In force, to be lifted: waiting for a second person")
    LIFTED = "lifted", _("Lifted")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LAPSED = "lapsed", _("Lapsed: not confirmed in time")
    ENDED = "ended", _("Ended")


H = HoldStatus
HOLD_NEXT: dict[HoldStatus, frozenset[HoldStatus]] = {
    H.PROPOSED: frozenset({H.CONFIRMED, H.WITHDRAWN, H.LAPSED}),
    H.CONFIRMED: frozenset({H.LIFTING, H.ENDED}),
    H.LIFTING: frozenset({H.LIFTED, H.CONFIRMED, H.ENDED}),
    H.LIFTED: frozenset(),
    H.WITHDRAWN: frozenset(),
    H.LAPSED: frozenset(),
    H.ENDED: frozenset(),
}
IN_FORCE = frozenset({H.PROPOSED, H.CONFIRMED, H.LIFTING})


class RequestStatus(models.TextChoices):
    RECEIVED = "received", _("Waiting for an answer")
    GRANTED = "granted", _("Granted, waiting for a second person")
    CONFIRMED = "confirmed", _("Granted, erased after the delay")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn by the person")


R = RequestStatus
REQUEST_NEXT: dict[RequestStatus, frozenset[RequestStatus]] = {
    R.RECEIVED: frozenset({R.GRANTED, R.REFUSED, R.WITHDRAWN}),
    R.GRANTED: frozenset({R.CONFIRMED, R.REFUSED, R.WITHDRAWN}),
    # Until it is erased it can still be refused or withdrawn: that is what the delay is
    # for.
    R.CONFIRMED: frozenset({R.REFUSED, R.WITHDRAWN}),
    R.REFUSED: frozenset(),
    R.WITHDRAWN: frozenset(),
}
OPEN_REQUESTS = frozenset(s for s, following in REQUEST_NEXT.items() if following)
