"""Invented cases, what is due in them, and the chances of each person."""

from math import log
from typing import Protocol

from amana.design.pathway.pathway_model import Value

URGENCIES = ("U0", "U1", "U2", "U3")
LEAST_URGENT = len(URGENCIES)

GOLDEN = 0x9E3779B97F4A7C15
BITS = 0xFFFFFFFFFFFFFFFF
UNIT = 2.0**-53


class CaseStage(Protocol):
    """A step, as far as a case that stands at it knows it."""

    id: str
    end: str | None

    @property
    def next(self) -> "CaseStage | None": ...
    def enter(
        self, case: "SimulatedCase", data: "Known", join: "SimulatedJoin | None"
    ) -> "Place": ...
    def onward(
        self,
        next: "CaseStage | None",
        case: "SimulatedCase",
        data: "Known",
        join: "SimulatedJoin | None",
    ) -> "Place": ...


class BusyPosts(Protocol):
    """Those of whom one works on a step now."""

    def release(self) -> None: ...


class SimulatedCase:
    """One invented person's way."""

    __slots__ = (
        "began",
        "counted",
        "data",
        "ending",
        "interrupt",
        "interrupt_at",
        "kept",
        "key",
        "open",
        "steps",
        "urgency",
        "visits",
        "waited",
    )

    def __init__(self, key: int, began: float, data: "Known", counted: bool) -> None:
        self.key = key
        self.began = began
        self.data = data
        self.counted = counted
        urgency = data.get("urgency")
        known = urgency in URGENCIES
        self.urgency = URGENCIES.index(urgency) if known else LEAST_URGENT
        self.steps = 0
        self.visits: dict[CaseStage, int] = {}
        self.waited = 0.0
        self.open: dict[SimulatedToken, CaseStage] = {}
        self.kept = 0
        """How much of what an interrupt keeps is open still."""
        self.ending: str | None = None
        self.interrupt = ""
        self.interrupt_at = 0


class SimulatedToken:
    """A step that is due in a case, or one that waits. Its chances are those of the
    person at this step, whenever she comes to it: so that she answers alike when there
    are more posts, and that alone makes the difference."""

    __slots__ = (
        "asked",
        "case",
        "chances",
        "data",
        "due",
        "gone",
        "hours",
        "join",
        "kept",
        "posts",
        "since",
    )

    def __init__(
        self,
        case: SimulatedCase,
        data: "Known",
        join: "SimulatedJoin | None",
        since: float,
        chances: int,
    ) -> None:
        self.case = case
        self.data = data
        self.join = join
        self.since = self.asked = since
        self.chances = chances
        self.hours = 0.0
        """Of work."""
        self.due: float | None = None
        self.posts: BusyPosts | None = None
        """Those of whom one works on it now."""
        self.gone = False
        self.kept = False

    def chance(self) -> float:
        """Draw a number from 0 to 1, without 1 (SplitMix64: Steele, Lea and Flood
        2014).
        """
        self.chances += GOLDEN
        number = self.chances & BITS
        number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9 & BITS
        number = (number ^ (number >> 27)) * 0x94D049BB133111EB & BITS
        return ((number ^ (number >> 31)) >> 11) * UNIT

    def length(self) -> float:
        """Draw a length that is distributed exponentially, 1 on average."""
        return -log(1.0 - self.chance())


class SimulatedJoin:
    """A block that waits for its branches."""

    __slots__ = ("data", "left", "outer", "stage")

    def __init__(
        self,
        stage: CaseStage,
        left: int,
        data: "Known",
        outer: "SimulatedJoin | None",
    ) -> None:
        self.stage = stage
        self.left = left
        self.data = data
        self.outer = outer


type Known = dict[str, Value]


type Place = tuple[CaseStage, Known, SimulatedJoin | None] | None
"""Where a case goes on."""
