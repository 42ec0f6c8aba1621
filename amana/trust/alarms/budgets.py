"""How much of each kind is usual for a role in one day.

Learnt from the days of colleagues who hold the same roles, never from what is in a
case, and never from the person's own days: a person can't raise their own budget by
doing a little more each day. Between a least and a most, which are set here and not in
a setting: a team in which all open too much is not the measure either."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q

from amana.trust.access.models import User
from amana.trust.alarms import decoys
from amana.trust.alarms.models import ActiveDay, ActivityKind

LEARNT_FROM = timedelta(days=28)
DAYS_ENOUGH, PEOPLE_ENOUGH = 20, 3
"""From fewer days, or from fewer people, nothing is learnt."""
TIMES = 3
"""The budget is so many times what nine of ten days stay within."""


EACH = Count("pk")
CASES_OPENED = Count("case", distinct=True) + Count("pk", filter=Q(case=None))
"""The same case opened twice counts once; what is about none counts each time."""
CASES_SHOWN = Count("mentions__case", distinct=True)
EACH_TAKEN = CASES_SHOWN + Count("pk", filter=Q(mentions=None))
"""An export by the people it is of; a letter or a file each time."""


@dataclass(frozen=True)
class WatchedActivity:
    """Which events count, and between what a budget lies."""

    did: tuple[str, ...]
    least: int
    at_first: int
    """As long as too little is known of the role."""
    most: int
    counts: Any = EACH
    """What of these events is counted."""


WATCHED: dict[ActivityKind, WatchedActivity] = {
    ActivityKind.DENIED: WatchedActivity(
        ("was turned away", "found no case by reference", "asked too often"),
        10,
        20,
        40,
    ),
    ActivityKind.OPENED: WatchedActivity(
        (
            "opened",
            "opened history",
            "opened disclosure",
            "opened parcel",
            "opened in an emergency",
            "read access list",
        ),
        20,
        60,
        150,
        counts=CASES_OPENED,
    ),
    ActivityKind.NAMES: WatchedActivity(
        ("opened search cards", "searched"), 150, 400, 1_000, counts=CASES_SHOWN
    ),
    ActivityKind.SEARCHED: WatchedActivity(
        (
            "searched",
            "looked up consents",
            "looked whether known",
            "opened hidden address",
        ),
        30,
        100,
        250,
    ),
    ActivityKind.TAKEN: WatchedActivity(
        ("opened letters", "opened file", "exported"), 15, 50, 120, counts=EACH_TAKEN
    ),
    ActivityKind.FAILED: WatchedActivity(("failed to unlock",), 6, 10, 20),
    ActivityKind.DECOY: WatchedActivity(decoys.TOUCHES, 0, 0, 0),
}


def compute_budget(kind: ActivityKind, role: str, user: User, on: date) -> int:
    """Compute how often is usual on the day `on`, for `user`, in these roles."""
    watched = WATCHED[kind]
    # Without the person's own days, or a little more each day would raise their budget.
    others = ActiveDay.objects.filter(
        kind=kind, role=role, on__lt=on, on__gte=on - LEARNT_FROM
    ).exclude(user=user)
    days = sorted(others.values_list("count", flat=True))
    people = others.order_by().values("user").distinct().count()
    if len(days) < DAYS_ENOUGH or people < PEOPLE_ENOUGH:
        return watched.at_first
    # Nine of ten and not the largest: one bad day must not be the measure.
    usual = days[(len(days) - 1) * 9 // 10]
    return min(max(TIMES * usual, watched.least), watched.most)
