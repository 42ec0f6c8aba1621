"""Sort by the order of `ranking` in SQL: urgency and lateness together.

The order is defined in `ranking` alone. Here each urgency and each length of lateness
asks it for its band, so that a database sorts as Python does.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Case, IntegerField, Q, Value, When

from amana.care.lists.ranking import LEVEL, RISES_AFTER, PriorityBand, get_band

BAND = "band"
"""The name under which a queryset is annotated with `build_band_order`."""

RANKED = (BAND, "due_at", "pk")


NOTHING = Q()
"""Vanishes in an OR."""


class UrgentDeadline(NamedTuple):
    """Something of an urgency that is due at a time, to ask `ranking` about."""

    urgency: str
    due_at: datetime | None


def build_band_order(now: datetime) -> Case:
    """Build the band of each row at a moment, by its `urgency` and `due_at`."""
    # The least that a time can be past a limit, since `ranking` compares strictly.
    instant, long_ago = timedelta(microseconds=1), now - RISES_AFTER
    examples = (
        (Q(due_at__lt=long_ago), long_ago - instant),
        (Q(due_at__lt=now), now - instant),
        (Q(), now),
    )
    found: dict[PriorityBand, Q] = {}
    for urgency in LEVEL:
        # Of two that share a band the wider one, which comes later.
        bands = {
            get_band(UrgentDeadline(urgency, due), now): is_due
            for is_due, due in examples
        }
        for band, is_due in bands.items():
            found[band] = found.get(band, NOTHING) | (Q(urgency=urgency) & is_due)
    return Case(
        *(When(where, then=Value(band)) for band, where in sorted(found.items())),
        default=Value(PriorityBand.ROUTINE),
        output_field=IntegerField(),
    )
