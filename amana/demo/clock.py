"""A clock that moves: the demo's past is lived through, not written down afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import time_machine


class Clock:
    """Says what time it is while the demo is built."""

    def __init__(self, start: datetime) -> None:
        self.now = start
        self._travel = time_machine.travel(start, tick=False)
        self._moving = self._travel.start()

    def to(self, moment: datetime) -> None:
        """Go on to `moment`; never back."""
        self.now = max(self.now, moment)
        self._moving.move_to(self.now)

    def stop(self) -> None:
        self._travel.stop()


@contextmanager
def moving_clock(start: datetime) -> Iterator[Clock]:
    clock = Clock(start)
    try:
        yield clock
    finally:
        clock.stop()
