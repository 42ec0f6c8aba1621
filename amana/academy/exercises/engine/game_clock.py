"""The clock of an exercise: it runs faster or slower than ours, stops, and can be set
back. What was done keeps its order, since that is by number and not by time."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class ClockSegment:
    """From a moment of ours on, this time of the exercise at this speed; 0: stopped."""

    wall: datetime
    game: datetime
    speed: float

    def read(self, wall: datetime) -> datetime:
        return self.game + (wall - self.wall) * self.speed


@dataclass(frozen=True)
class GameClock:
    """All that was done to the clock, in its order; a debrief reads it."""

    segments: tuple[ClockSegment, ...]

    @classmethod
    def start(cls, *, wall: datetime, game: datetime, speed: float) -> "GameClock":
        return cls((ClockSegment(wall, game, speed),))

    @property
    def is_running(self) -> bool:
        return self.segments[-1].speed > 0

    def read(self, wall: datetime) -> datetime:
        """Read the time of the exercise at a moment of ours: that of the segment in
        which the moment lies, never before the first."""
        segment = self.segments[0]
        for later in self.segments:
            if later.wall <= wall:
                segment = later
        return segment.read(max(wall, segment.wall))

    def read_last(self, wall: datetime) -> datetime:
        """Read the time of the exercise now, which is in the last segment."""
        last = self.segments[-1]
        return last.read(max(wall, last.wall))

    def set_back(self, wall: datetime, *, seen: datetime) -> "GameClock":
        """Go on from what it was when our own clock was last `seen`, at the same speed:
        our clock was set back to `wall`."""
        return self._add(
            ClockSegment(wall, self.read_last(seen), self.segments[-1].speed)
        )

    def hold_at(self, game: datetime, *, wall: datetime) -> "GameClock":
        """Stop at a time of the exercise, whatever it was until now."""
        return self._add(ClockSegment(self._find_begin(wall), game, 0))

    def set_speed(self, speed: float, *, wall: datetime) -> "GameClock":
        """Go on at another speed; 0 stops it. Raises ValueError below 0."""
        if speed < 0:
            raise ValueError(speed)
        begins = self._find_begin(wall)
        return self._add(ClockSegment(begins, self.read(begins), speed))

    def set_time(self, game: datetime, *, wall: datetime) -> "GameClock":
        """Set it forward or back; it goes on at the same speed."""
        speed = self.segments[-1].speed
        return self._add(ClockSegment(self._find_begin(wall), game, speed))

    def _find_begin(self, wall: datetime) -> datetime:
        # Two who press at once, or a server whose clock was set back: the later act
        # counts, and no segment begins before the one before it.
        return max(wall, self.segments[-1].wall)

    def _add(self, segment: ClockSegment) -> "GameClock":
        return GameClock((*self.segments, segment))

    def find_wait(self, game: datetime, *, wall: datetime) -> timedelta | None:
        """Find how long, by our clock, until a time of the exercise: no time where it
        has passed, None where the clock stands."""
        left = game - self.read(wall)
        if left <= timedelta(0):
            return timedelta(0)
        return left / self.segments[-1].speed if self.is_running else None
