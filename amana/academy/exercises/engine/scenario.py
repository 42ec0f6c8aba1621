"""A scenario that has been read without a fault."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time

from amana.faults import NOTHING
from amana.working_time import TimeSpan

type Text = Mapping[str, str]
"""Words by language."""


@dataclass(frozen=True)
class OpeningHours:
    """On which days, 0 for Monday, and from when to when. Past midnight where it
    closes before it opens."""

    days: frozenset[int]
    opens: time
    closes: time

    def is_open(self, local: datetime) -> bool:
        if self.opens < self.closes:
            return local.weekday() in self.days and (
                self.opens <= local.time() < self.closes
            )
        if local.time() >= self.opens:
            return local.weekday() in self.days
        return local.time() < self.closes and (local.weekday() - 1) % 7 in self.days


@dataclass(frozen=True)
class Agency:
    code: str
    """The organisation of the mechanism that it is."""
    hours: tuple[OpeningHours, ...] = ()
    """None: it is always open."""
    places: int | None = None
    """None: it has no places that could run out."""

    def is_open(self, local: datetime) -> bool:
        return not self.hours or any(hours.is_open(local) for hours in self.hours)


@dataclass(frozen=True)
class Knowledge:
    """What a person tells, once all of this is so."""

    when: frozenset[str]
    tells: Text


@dataclass(frozen=True)
class InventedPerson:
    code: str
    name: str
    age: int
    speaks: tuple[str, ...]
    looks: Text
    says: Text
    says_age: int | None = None
    """What they say themselves, if it is another age."""
    knows: tuple[Knowledge, ...] = ()
    companions: tuple[str, ...] = ()


@dataclass(frozen=True)
class InventedGroup:
    """People without names."""

    code: str
    count: int
    looks: Text
    children: int = 0
    injured: int = 0
    pregnant: int = 0


@dataclass(frozen=True)
class Seat:
    """A part that people play, or a script where no one does."""

    code: str
    title: Text
    role: str
    agency: str
    fewest: int
    most: int
    brief: Text
    script: str = ""


@dataclass(frozen=True)
class ScriptedReaction:
    """What a script does when something was done towards its agency."""

    upon: str
    do: str
    after: TimeSpan
    if_places: bool = False
    reason: str = ""


@dataclass(frozen=True)
class ActPattern:
    """An act, of one person or of any, towards one agency or all."""

    act: str
    person: str = ""
    recipient: str = ""

    def is_shown_by(self, act: str, keys: Mapping[str, str]) -> bool:
        asked = {"person": self.person, "recipient": self.recipient}
        return act == self.act and all(
            value in ("", keys.get(key)) for key, value in asked.items()
        )


@dataclass(frozen=True)
class Inject:
    """What comes from outside, at a time or when something was done or was not."""

    code: str
    at: TimeSpan | None = None
    """So long after the start; None together with no other cause: at the start."""
    after_inject: str = ""
    after_act: ActPattern | None = None
    unless: ActPattern | None = None
    seats: tuple[str, ...] = ()
    by: str = ""
    sender: Text = field(default=NOTHING)
    text: Text = field(default=NOTHING)
    do: ActPattern | None = None
    places: Mapping[str, int] = field(default=NOTHING)


@dataclass(frozen=True)
class ObservedCriterion:
    """What a person who watches marks, from the lowest level to the highest."""

    code: str
    objective: str
    title: Text
    levels: tuple[Text, ...]


@dataclass(frozen=True)
class DebriefQuestion:
    ask: Text
    at: str = ""
    """The inject to which the timeline goes back."""


@dataclass(frozen=True)
class Scenario:
    code: str
    title: Text
    about: Text
    notice: Text
    care: Text
    stop_word: Text
    mechanism: str
    languages: tuple[str, ...]
    start: datetime
    """With the zone of the place where it is set."""
    speed: float
    length: TimeSpan
    seed: int
    objectives: Mapping[str, Text]
    agencies: Mapping[str, Agency]
    people: Mapping[str, InventedPerson]
    groups: Mapping[str, InventedGroup]
    seats: Mapping[str, Seat]
    scripts: Mapping[str, tuple[ScriptedReaction, ...]]
    injects: Mapping[str, Inject]
    criteria: Mapping[str, str]
    """The criteria of conduct that count, each with its objective."""
    observed: Mapping[str, ObservedCriterion]
    debrief: tuple[DebriefQuestion, ...]

    @property
    def crowd(self) -> int:
        """How many people arrive, with a name or without."""
        return len(self.people) + sum(group.count for group in self.groups.values())
