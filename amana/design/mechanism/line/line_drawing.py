"""Stations and stretches of a line, with their measures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from amana.design.mechanism.documents.pathway_drawing.svg import wrap_words

WIDE, NARROW = 7, 5
"""Columns where a page has all its room, and where other things share it."""


ROOM, SIZE = 136.0, 14
"""Of a column's words at its narrowest, in pixels; and their size."""


MOST_ROWS, MOST_SPAN, MOST_LANES = 96, 24, 12
"""Beyond them a stretch is drawn from above downwards also where there is room, and a
lane at the place of the last."""


MARK_ROWS = 2
"""Rows that a station takes above its words, and beneath them."""


DOWN, UP, TURN, CORNER = 0.82, 0.88, 0.04, 0.5
"""Where in a column no words stand and lines change their lane: those that part from a
station before those that join one. A corner's width in columns, and its height in rows.
"""


STEP, BEGIN, RADIUS = 16, 12, 14
"""In pixels from above downwards: from lane to lane, to the first, to a station."""


OPEN = "open:"
"""Before the code of what may happen at any time, which is a station too."""


@dataclass(frozen=True)
class StationText:
    """What a station says."""

    id: str
    kind: str
    title: str
    url: str = ""
    when: str = ""
    """On what it depends that a case comes here."""
    who: str = ""
    clock: str = ""
    notes: tuple[str, ...] = ()
    """Where it leads back to; how a case ends there."""
    ways: tuple[tuple[str, str], ...] = ()
    """Of a fork: each condition, and the step to which it leads."""
    forks: bool = False
    """A branching follows at once, and belongs to it."""
    state: str = ""
    """done, now, next; or nothing"""
    status: str = ""
    """The state in words: “Done on 24 November”."""
    late: bool = False

    @property
    def lines(self) -> int:
        """Lines of words, in a column at its narrowest."""
        beside = " · ".join(filter(None, (self.who, self.clock)))
        said = (self.when, self.title, beside, *self.notes, self.status)
        return sum(map(count_lines, said))


@lru_cache(maxsize=20_000)
def count_lines(words: str) -> int:
    return len(wrap_words(words, SIZE, True, ROOM)) if words else 0


@dataclass(frozen=True)
class LineStation:
    stop: StationText
    rails: tuple[tuple[str, str], ...]
    """What is drawn next to it where the line runs downwards: whether it is done, and
    the path."""
    at: int
    """Where the line runs downwards."""
    lanes: int
    """Next to it, those included that only pass."""
    column: int = 0
    row: int = 0
    span: int = 0

    @property
    def place(self) -> str:
        """The classes that place it there: the policy allows no style of its own."""
        return (
            f"l{self.at} w{self.lanes} c{self.column} r{self.row} "
            f"s{min(self.span, MOST_SPAN)}"
        )


@dataclass(frozen=True)
class LineStretch:
    """As many layers as fit next to each other."""

    stations: Sequence[LineStation]
    paths: Sequence[tuple[str, str]]
    rows: int

    @property
    def is_wide(self) -> bool:
        """Whether the sheet has a class for each place."""
        spans = max((station.span for station in self.stations), default=0)
        return 0 < self.rows <= MOST_ROWS and spans <= MOST_SPAN


@dataclass(frozen=True)
class PathwayLine:
    title: str
    stretches: Sequence[LineStretch]
    columns: int
    part: str = ""
    is_list: bool = False
    """Whether there was too much to draw."""

    @property
    def stations(self) -> Iterator[LineStation]:
        for stretch in self.stretches:
            yield from stretch.stations
