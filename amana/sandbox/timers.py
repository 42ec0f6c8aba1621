"""The timers of an installation beside which no worker runs."""

import logging

from django.utils import timezone

from amana.trust.alarms import clockwork

problems = logging.getLogger(__name__)


def run_timers() -> None:
    """Run the short timers; the long ones of the night erase and count, which no
    exercise lasts long enough for."""
    for timer in clockwork.find_due(timezone.now()):
        if not timer.is_beside and clockwork.claim(timer, timezone.now()):
            clockwork.run_timer(timer, problems.warning)
