"""What stands in a session's room: the sum of everything that happened in it.

Events have running numbers and are only added, so whoever knows the room up to a number
needs only what came after. What is told to everybody in it is numbers: who sits where,
and who answered what, is for those who lead the session."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any


class Verb(StrEnum):
    """What can happen in a room."""

    OPENED = "opened"
    CLOSED = "closed"
    JOINED = "joined"
    LEFT = "left"
    ARRIVED = "arrived"
    """At the door, by a code that was shown there."""
    LISTED = "listed"
    """On paper, written down afterwards: so many minutes."""
    STEPPED = "stepped"
    ASKED = "asked"
    STOPPED = "stopped"
    """Asking: the poll takes no more answers."""
    ANSWERED = "answered"
    HAND = "hand"
    PACE = "pace"
    DIVIDED = "divided"
    GATHERED = "gathered"
    NOTED = "noted"
    REPORTED = "reported"
    TICKET = "ticket"
    CAPTIONED = "captioned"
    RANG = "rang"
    """One seat has something for another, to begin a call."""


PACES = ("slower", "ok", "faster")
ALL = "all"
"""The notes of everybody; a group's are called by the number of the division and its
own: `group-2-1`, so that who was divided anew finds no one else's notes."""


@dataclass(frozen=True)
class Happened:
    number: int
    at: datetime
    seat: int | None
    verb: str
    object: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """A poll as it stands: the last choice of each seat counts."""

    open: bool
    choices: Mapping[int, int] = field(default_factory=dict)

    def counts(self, options: int) -> list[int]:
        said = list(self.choices.values())
        return [said.count(option) for option in range(options)]


type Groups = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Room:
    number: int = 0
    opened: bool = False
    closed: bool = False
    step: int | None = None
    until: datetime | None = None
    present: frozenset[int] = frozenset()
    hands: Mapping[int, int] = field(default_factory=dict)
    """Of each raised hand: since which event, so that the first is called first."""
    pace: Mapping[int, str] = field(default_factory=dict)
    polls: Mapping[str, Asked] = field(default_factory=dict)
    groups: Groups = ()
    divisions: int = 0
    """How often people were divided; who came late was not divided anew."""
    divided: bool = False
    notes: Mapping[str, int] = field(default_factory=dict)
    reports: tuple[str, ...] = ()
    tickets: Mapping[int, str] = field(default_factory=dict)
    captions: int = 0
    calls: Mapping[str, int] = field(default_factory=dict)
    """Of each seat that was rung, as `call-12`: by which event last."""
    active: frozenset[int] = frozenset()
    """Seats from which something came in this step."""
    changed: Mapping[str, int] = field(default_factory=dict)
    """By which event each thing that is told changed last."""

    @property
    def is_open(self) -> bool:
        return self.opened and not self.closed

    def group_of(self, seat: int | None) -> int | None:
        """Find the number of the group in which this seat is, beginning with 1."""
        for number, members in enumerate(self.groups, 1):
            if seat in members:
                return number
        return None

    def board_of(self, group: int) -> str:
        """Name the notes of the group with this number."""
        return f"group-{self.divisions}-{group}"

    @property
    def boards(self) -> list[str]:
        """The notes of each group, as the groups stand."""
        return [self.board_of(number) for number in range(1, len(self.groups) + 1)]


def after(room: Room, events: Iterable[Happened]) -> Room:
    """Apply these events to the room; the room that was given stays as it was."""
    for event in events:
        # Events that the room has already may come again: who asks from a number gets
        # some twice.
        if event.number > room.number:
            room = one_more(room, event)
    return room


def one_more(room: Room, event: Happened) -> Room:
    changes, topics = CHANGES[Verb(event.verb)](room, event)
    if event.seat is not None and event.verb in SIGNS_OF_LIFE:
        changes.setdefault("active", room.active | {event.seat})
    marks = {**room.changed, **dict.fromkeys(topics, event.number)}
    return replace(room, number=event.number, changed=marks, **changes)


SIGNS_OF_LIFE = {Verb.ANSWERED, Verb.HAND, Verb.PACE, Verb.NOTED, Verb.TICKET}

type Change = tuple[dict[str, Any], tuple[str, ...]]
"""What becomes of the room, and which of the things that are told have changed."""


def opened(room: Room, event: Happened) -> Change:
    return {"opened": True, "closed": False}, ("room",)


def closed(room: Room, event: Happened) -> Change:
    # Polls end with the room, or one could still be answered when it is opened again.
    polls = {key: replace(poll, open=False) for key, poll in room.polls.items()}
    ended = {"closed": True, "until": None, "divided": False, "polls": polls}
    asked = tuple(key for key, poll in room.polls.items() if poll.open)
    return ended, ("room", "step", "groups", *asked)


def joined(room: Room, event: Happened) -> Change:
    assert event.seat is not None
    return {"present": room.present | {event.seat}}, ("here",)


def left(room: Room, event: Happened) -> Change:
    assert event.seat is not None
    gone = {
        "present": room.present - {event.seat},
        # A hand that stays up for a person who has left would be called in vain.
        "hands": without(room.hands, event.seat),
        "pace": without(room.pace, event.seat),
    }
    return gone, ("here", "hands", "pace")


def nothing(room: Room, event: Happened) -> Change:
    """Change nothing: such events only count for attendance."""
    return {}, ()


def stepped(room: Room, event: Happened) -> Change:
    """Go to another step, or stay in the same one for longer."""
    until = event.data.get("until")
    place = int(event.object)
    changes: dict[str, Any] = {
        "step": place,
        "until": datetime.fromisoformat(until) if until else None,
    }
    # Signals are about the step in which they were given, not about the next one.
    if place != room.step:
        changes |= {"pace": {}, "active": frozenset()}
    return changes, ("step", "pace")


def asked(room: Room, event: Happened) -> Change:
    known = room.polls.get(event.object, Asked(open=True))
    polls = {**room.polls, event.object: replace(known, open=True)}
    return {"polls": polls}, (event.object,)


def stopped(room: Room, event: Happened) -> Change:
    known = room.polls.get(event.object, Asked(open=False))
    polls = {**room.polls, event.object: replace(known, open=False)}
    return {"polls": polls}, (event.object,)


def answered(room: Room, event: Happened) -> Change:
    assert event.seat is not None
    known = room.polls.get(event.object, Asked(open=False))
    choices = {**known.choices, event.seat: int(event.data["choice"])}
    polls = {**room.polls, event.object: replace(known, choices=choices)}
    return {"polls": polls}, (event.object,)


def hand(room: Room, event: Happened) -> Change:
    assert event.seat is not None
    if event.data["up"]:
        # A hand that is raised twice keeps its first place in the queue.
        since = room.hands.get(event.seat, event.number)
        return {"hands": {**room.hands, event.seat: since}}, ("hands",)
    return {"hands": without(room.hands, event.seat)}, ("hands",)


def pace(room: Room, event: Happened) -> Change:
    assert event.seat is not None
    return {"pace": {**room.pace, event.seat: event.object}}, ("pace",)


def divided(room: Room, event: Happened) -> Change:
    """Divide again, or as before with a person who came late."""
    groups = tuple(tuple(members) for members in event.data["groups"])
    changes: dict[str, Any] = {"groups": groups, "divided": True}
    # A latecomer doesn't begin a new division: its notes and reports go on.
    if event.data.get("late"):
        return changes, ("groups",)
    anew = {"divisions": room.divisions + 1, "reports": ()}
    return changes | anew, ("groups", "reports")


def gathered(room: Room, event: Happened) -> Change:
    return {"divided": False}, ("groups",)


def noted(room: Room, event: Happened) -> Change:
    return {"notes": {**room.notes, event.object: event.data["version"]}}, ("notes",)


def reported(room: Room, event: Happened) -> Change:
    if event.object in room.reports:
        return {}, ()
    return {"reports": (*room.reports, event.object)}, ("reports",)


def ticket(room: Room, event: Happened) -> Change:
    assert event.seat is not None
    return {"tickets": {**room.tickets, event.seat: event.data["text"]}}, ("tickets",)


def captioned(room: Room, event: Happened) -> Change:
    return {"captions": room.captions + 1}, ("captions",)


def rang(room: Room, event: Happened) -> Change:
    topic = f"call-{event.object}"
    return {"calls": {**room.calls, topic: event.number}}, (topic,)


CHANGES = {
    Verb.OPENED: opened,
    Verb.CLOSED: closed,
    Verb.JOINED: joined,
    Verb.LEFT: left,
    Verb.ARRIVED: nothing,
    Verb.LISTED: nothing,
    Verb.STEPPED: stepped,
    Verb.ASKED: asked,
    Verb.STOPPED: stopped,
    Verb.ANSWERED: answered,
    Verb.HAND: hand,
    Verb.PACE: pace,
    Verb.DIVIDED: divided,
    Verb.GATHERED: gathered,
    Verb.NOTED: noted,
    Verb.REPORTED: reported,
    Verb.TICKET: ticket,
    Verb.CAPTIONED: captioned,
    Verb.RANG: rang,
}


def without(some: Mapping[int, Any], seat: int) -> dict[int, Any]:
    return {key: value for key, value in some.items() if key != seat}


# --- what is told to everybody


def told(room: Room, options: Mapping[str, int], since: int = 0) -> dict[str, Any]:
    """List what changed after the event with this number, as it is now; numbers
    only.
    """
    return {
        topic: said_of(room, topic, options)
        for topic, number in room.changed.items()
        if number > since
    }


def said_of(room: Room, topic: str, options: Mapping[str, int]) -> Any:
    if topic in room.polls:
        poll = room.polls[topic]
        counts = poll.counts(options.get(topic, 0))
        return {"open": poll.open, "answers": len(poll.choices), "counts": counts}
    if topic in room.calls:
        return room.calls[topic]
    # Counts only: who answered what, and who wants to go slower, is for the
    # facilitators.
    return TOLD[topic](room)


TOLD: Mapping[str, Callable[[Room], Any]] = {
    "room": lambda room: {"open": room.is_open, "over": room.closed},
    "step": lambda room: {
        "at": room.step,
        "until": room.until.timestamp() if room.until else None,
    },
    "here": lambda room: len(room.present),
    "hands": lambda room: len(room.hands),
    "pace": lambda room: [list(room.pace.values()).count(pace) for pace in PACES],
    "groups": lambda room: {
        "on": room.divided,
        "of": {
            str(seat): number
            for number, members in enumerate(room.groups, 1)
            for seat in members
        },
    },
    "notes": lambda room: dict(room.notes),
    "reports": lambda room: list(room.reports),
    "tickets": lambda room: len(room.tickets),
    "captions": lambda room: room.captions,
}
