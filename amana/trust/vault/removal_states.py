"""Where a proposal to take someone's keys away may stand, and what may follow.

One table, as data: two people and a delay lie before the act, and time to undo it lies
before anything is destroyed.
"""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

DELAY = timedelta(hours=24)
"""Between the second person's word and the act, unless the mechanism says otherwise."""
LONGEST_DELAY = timedelta(days=7)
UNDONE_WITHIN = timedelta(hours=72)
"""After the act, whatever happened since."""
KEPT_AT_MOST = timedelta(days=14)
"""As long as the person hasn't signed in with a new key."""
CONFIRMED_WITHIN = timedelta(days=7)
"""A proposal that finds no second person in this time lapses."""


class RemovalStatus(models.TextChoices):
    PROPOSED = "proposed", _("Waiting for a second person")
    CONFIRMED = "confirmed", _("Confirmed, takes effect later")
    EFFECTIVE = "effective", _("In effect, can be undone")
    FINAL = "final", _("Final")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LAPSED = "lapsed", _("Lapsed: no one confirmed it")
    UNDONE = "undone", _("Undone")

    @property
    def next(self) -> frozenset["RemovalStatus"]:
        return NEXT[self]

    @property
    def tone(self) -> str:
        return TONE.get(self, "plain")


# Nothing leads out of FINAL: the keys are destroyed. An UNDONE removal isn't taken up
# again either; a new proposal needs two people and the delay once more.
S = RemovalStatus
NEXT: dict[RemovalStatus, frozenset[RemovalStatus]] = {
    S.PROPOSED: frozenset({S.CONFIRMED, S.WITHDRAWN, S.LAPSED}),
    S.CONFIRMED: frozenset({S.EFFECTIVE, S.WITHDRAWN}),
    S.EFFECTIVE: frozenset({S.UNDONE, S.FINAL}),
    S.FINAL: frozenset(),
    S.WITHDRAWN: frozenset(),
    S.LAPSED: frozenset(),
    S.UNDONE: frozenset(),
}
PENDING = frozenset({S.PROPOSED, S.CONFIRMED})
OPEN = frozenset(status for status, following in NEXT.items() if following)
TONE: dict[RemovalStatus, str] = {
    S.PROPOSED: "due",
    S.CONFIRMED: "due",
    S.EFFECTIVE: "late",
}
