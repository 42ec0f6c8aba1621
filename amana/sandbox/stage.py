"""What the clock, the facilitator and the scripts did in an exercise: a file that only
grows. After a crash it is read again from its first line; what a power cut left half
written is its last line, and is left out."""

import errno
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import FileIO
from pathlib import Path
from threading import RLock
from typing import Any

from amana.academy.exercises.engine.game_clock import ClockSegment, GameClock
from amana.academy.exercises.engine.staging import AnsweredEvent
from amana.sandbox.clock import read_wall_time

type Entry = Mapping[str, Any]

FILE, SEEN = "stage.jsonl", "stage.seen"
DOUBT = timedelta(seconds=2)
"""By so much the clock of a server may be set back, and the exercise only waits."""


@dataclass(frozen=True)
class StageNote:
    """What the facilitator wrote down, at a time of the exercise."""

    at: datetime
    text: str


@dataclass(frozen=True)
class ObserverMark:
    """What an observer marked of a seat, and what they saw."""

    level: str
    text: str


@dataclass
class Stage:
    """How far an exercise is. All its times are of its own clock."""

    file: Path
    clock: GameClock
    played: dict[str, datetime] = field(default_factory=dict)
    """When each inject was played."""
    scripted: set[AnsweredEvent] = field(default_factory=set)
    """What scripts have answered."""
    answered_last: AnsweredEvent | None = None
    notes: list[StageNote] = field(default_factory=list)
    marks: dict[tuple[str, str, str], ObserverMark] = field(default_factory=dict)
    """By the account of the observer, the seat, and what was looked for; the last
    counts."""
    finished: set[str] = field(default_factory=set)
    """The accounts of the observers who have finished marking."""
    stopped_at: datetime | None = None
    """When someone stopped the exercise for everyone; None once it continues."""
    ended_at: datetime | None = None
    entries: int = 0
    """How many its file has."""
    has_moved: bool = False
    """Whether it was moved forward since the last turn, perhaps while it stopped."""
    _turn: RLock = field(default_factory=RLock)
    _seen: datetime | None = None
    """Our own time when it was read last."""

    @classmethod
    def begin(cls, folder: Path, *, game: datetime) -> "Stage":
        """Begin one whose clock stands at `game`."""
        clock = GameClock.start(wall=read_wall_time(), game=game, speed=0)
        found = cls(folder / FILE, clock)
        found.write_clock(clock)
        return found

    @classmethod
    def read(cls, folder: Path) -> "Stage | None":
        """Read one from its folder; None where none has begun."""
        file = folder / FILE
        entries = read_entries(file) if file.exists() else []
        # The clock first: all other entries have their times by it.
        segments = tuple(
            ClockSegment(parse(e["wall"]), parse(e["game"]), e["speed"])
            for e in entries
            if e["what"] == "clock"
        )
        if not segments:
            return None
        found = cls(file, GameClock(segments))
        if (seen := folder / SEEN).exists():
            found._seen = parse(seen.read_text())
        for entry in entries:
            found.apply(entry)
        return found

    def hold_at(self, game: datetime) -> None:
        """Stop at a time of the exercise at which it was before: where a copy of it is
        played another way."""
        clock = self.clock.hold_at(game, wall=read_wall_time())
        self.write_clock(clock)

    def apply(self, entry: Entry) -> None:
        self.entries += 1
        match entry["what"]:
            case "played":
                self.played[entry["code"]] = parse(entry["at"])
            case "scripted":
                answered = entry["seat"], entry["event"], entry.get("of", "")
                self.scripted.add(answered)
                self.answered_last = answered
            case "noted":
                self.notes.append(StageNote(parse(entry["at"]), entry["text"]))
            case "marked":
                key = entry["by"], entry["seat"], entry["observed"]
                self.marks[key] = ObserverMark(entry["level"], entry["text"])
                if not entry["level"]:
                    del self.marks[key]
            case "finished":
                self.finished.add(entry["by"])
            case "stopped":
                self.stopped_at = parse(entry["at"])
            case "clock" if entry["speed"] > 0:
                self.stopped_at = None
            case "ended":
                self.ended_at = parse(entry["at"])

    def now(self) -> datetime:
        """Read the time of the exercise. It never goes back, whatever is done to the
        clock of the server."""
        wall = read_wall_time()
        with self._turn:
            last = self.clock.segments[-1]
            seen = max(self._seen or last.wall, last.wall)
            if wall < seen - DOUBT and self.ended_at is None:
                # It continues from where it was, and not an hour later.
                self.write_clock(self.clock.set_back(wall, seen=seen))
                self._seen = wall
            else:
                self._seen = max(wall, seen)
            return self.clock.read_last(self._seen)

    def keep_seen(self) -> None:
        """Keep our own time for the next process, in case the clock of the server is
        set back before it starts. Half of it is none: it is written each second."""
        beside = self.file.with_name(f".{SEEN}")
        beside.write_text(read_wall_time().isoformat())
        beside.rename(self.file.with_name(SEEN))

    def count_entries(self) -> int:
        """Count what happened: as long as it is the same, nothing has changed but the
        time."""
        # In turn: an entry of the clock counts once the clock goes by it.
        with self._turn:
            return self.entries

    # -- the clock

    def set_speed(self, speed: float) -> None:
        """Go on at this speed; 0 stops it. What has ended stays as it is."""
        with self._turn:
            if self.ended_at is None and speed != self.speed:
                self.write_clock(self.clock.set_speed(speed, wall=read_wall_time()))

    def move_to(self, game: datetime) -> None:
        """Move forward to a time of the exercise. Never back: the log of the engine
        only grows."""
        with self._turn:
            if self.ended_at is None and game > self.now():
                self.write_clock(self.clock.set_time(game, wall=read_wall_time()))
                self.has_moved = True

    @property
    def speed(self) -> float:
        return self.clock.segments[-1].speed

    def write_clock(self, clock: GameClock) -> None:
        """Write a clock, and go by it once it is on the disk."""
        segment = clock.segments[-1]
        self.write(
            what="clock",
            wall=segment.wall.isoformat(),
            game=segment.game.isoformat(),
            speed=segment.speed,
        )
        self.clock = clock

    # -- what happened

    def play(self, code: str) -> bool:
        """Note that an inject is played; False where it was already."""
        with self._turn:
            if code in self.played or self.ended_at is not None:
                return False
            self.write(what="played", code=code, at=self.now().isoformat())
            return True

    def answer(self, answered: AnsweredEvent) -> bool:
        """Note that a script answers an event; False where it did already."""
        seat, event, of = answered
        with self._turn:
            if answered in self.scripted or self.ended_at is not None:
                return False
            self.write(what="scripted", seat=seat, event=event, of=of)
            return True

    def note(self, text: str) -> None:
        self.write(what="noted", text=text, at=self.now().isoformat())

    def mark(self, by: str, seat: str, observed: str, mark: ObserverMark) -> None:
        """Keep what an observer marked. Also after the end: they mark before anyone
        talks, and until they have finished."""
        with self._turn:
            if by not in self.finished and self.marks.get((by, seat, observed)) != mark:
                self.write(
                    what="marked", by=by, seat=seat, observed=observed, **vars(mark)
                )

    def finish_marking(self, by: str) -> None:
        with self._turn:
            if by not in self.finished:
                self.write(what="finished", by=by)

    def stop(self) -> None:
        """Stop for everyone: someone said the word. Who it was is not kept."""
        with self._turn:
            self.set_speed(0)
            if self.stopped_at is None and self.ended_at is None:
                self.write(what="stopped", at=self.now().isoformat())

    def end(self) -> None:
        with self._turn:
            self.set_speed(0)
            if self.ended_at is None:
                self.write(what="ended", at=self.now().isoformat())

    def write(self, **entry: Any) -> None:
        """Write an entry to the disk, and apply it once it is there; where it could
        not be written, the file is as it was."""
        line = json.dumps(entry, ensure_ascii=False).encode() + b"\n"
        with self._turn:
            with self.file.open("ab", buffering=0) as file:
                before = file.tell()
                try:
                    write_whole(file, line)
                except OSError:
                    file.truncate(before)
                    raise
            self.apply(entry)


def drop_marks(content: bytes) -> bytes:
    """Leave out what observers marked: those who watch another way of playing mark for
    themselves."""
    whole, _end, _half = content.rpartition(b"\n")
    return b"".join(
        line + b"\n"
        for line in whole.splitlines()
        if json.loads(line)["what"] not in ("marked", "finished")
    )


def write_whole(file: FileIO, line: bytes) -> None:
    # A full disk takes a part of it, without an error.
    if file.write(line) != len(line):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.fsync(file.fileno())


def read_entries(file: Path) -> list[Entry]:
    """Read the entries, and cut off one that a process was killed at."""
    content = file.read_bytes()
    whole, _end, half = content.rpartition(b"\n")
    if half:
        os.truncate(file, len(content) - len(half))
    return [json.loads(line) for line in whole.splitlines()]


def parse(words: str) -> datetime:
    return datetime.fromisoformat(words)
