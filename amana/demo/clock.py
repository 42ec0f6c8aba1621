"""A clock that moves: the demo's past is lived through, not written down afterwards."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush

import time_machine

type Story = Iterator[float]
"""What happens, and between it the hours that pass."""


class DemoClock:
    """Says what time it is while the demo is built."""

    def __init__(self, start: datetime) -> None:
        self.now = start
        # Time is still between the events: how long the building itself takes must
        # not show.
        self._travel = time_machine.travel(start, tick=False)
        self._moving = self._travel.start()

    def to(self, moment: datetime) -> None:
        """Move to `moment`; never back."""
        self.now = max(self.now, moment)
        self._moving.move_to(self.now)

    def stop(self) -> None:
        self._travel.stop()


@contextmanager
def start_clock(start: datetime) -> Iterator[DemoClock]:
    clock = DemoClock(start)
    try:
        yield clock
    finally:
        clock.stop()


def run_stories(
    clock: DemoClock, stories: Iterable[tuple[datetime, Story]]
) -> Iterator[int]:
    """Run every story from its moment on, all at once, as in life; each time that one
    ends, yield how many have.
    """
    ended = 0
    # The number decides between equal moments, as stories themselves have no order.
    waiting = [(at, number, story) for number, (at, story) in enumerate(stories)]
    heapify(waiting)
    while waiting:
        at, number, story = heappop(waiting)
        clock.to(at)
        try:
            hours = next(story)
        except StopIteration:
            ended += 1
            yield ended
        else:
            heappush(waiting, (at + timedelta(hours=hours), number, story))
