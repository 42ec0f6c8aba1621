"""A machine whose clock and counter tests move."""

from datetime import timedelta

import pytest
from django.utils import timezone

from amana.trust.vault import heartbeat


class Machine:
    """A clock that can be set, beside a counter that only runs."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.clock = self.counter = timedelta()
        self.boot = "first start"
        now, start = timezone.now, timezone.now() - timedelta(days=9)
        patch.setattr(timezone, "now", lambda: now() + self.clock)
        patch.setattr(heartbeat, "measure_uptime", lambda: now() - start + self.counter)
        patch.setattr(heartbeat, "read_boot_id", lambda: self.boot)

    def run(self, time: timedelta) -> None:
        self.clock += time
        self.counter += time

    def jump(self, time: timedelta) -> None:
        self.clock += time

    def restart(self, after: timedelta) -> None:
        self.clock += after
        self.counter = timedelta()
        self.boot += "+"
