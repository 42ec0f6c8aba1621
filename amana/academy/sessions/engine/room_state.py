"""The state of a session's room: the sum of everything that happened in it.

Events have running numbers and are only added, so a page or process that knows the room
up to a number needs only what came after. Participants receive only numbers: who sits
where, and who answered what, is for those who lead the session."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any


class RoomVerb(StrEnum):
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
    SHOWED = "showed"
    """A slide of the kit, by its number; 0 takes it away."""
    HANDED = "handed"
    """A piece of the kit that is for groups, to some of them."""
    FEEDBACK = "feedback"
    """The kit’s feedback form was opened, or closed."""
    RANG = "rang"
    """One seat has something for another, to begin a call."""


PACES = ("slower", "ok", "faster")
ALL = "all"
"""The notes of all participants; a group's are named by the number of the division and
its own: `group-2-1`, so that after a new division no group finds another's notes."""


@dataclass(frozen=True)
class RoomAct:
    number: int
    at: datetime
    seat: int | None
    verb: str
    object: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PollState:
    """A poll as it stands: the last choice of each seat counts."""

    open: bool
    choices: Mapping[int, int] = field(default_factory=dict)

    def counts(self, options: int) -> list[int]:
        said = list(self.choices.values())
        return [said.count(option) for option in range(options)]


type Groups = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class RoomState:
    number: int = 0
    opened: bool = False
    closed: bool = False
    step: int | None = None
    until: datetime | None = None
    present: frozenset[int] = frozenset()
    hands: Mapping[int, int] = field(default_factory=dict)
    """Of each raised hand: since which event, so that the first is called first."""
    pace: Mapping[int, str] = field(default_factory=dict)
    polls: Mapping[str, PollState] = field(default_factory=dict)
    groups: Groups = ()
    divisions: int = 0
    """How often people were divided; adding a latecomer is no new division."""
    divided: bool = False
    notes: Mapping[str, int] = field(default_factory=dict)
    reports: tuple[str, ...] = ()
    tickets: Mapping[int, str] = field(default_factory=dict)
    captions: int = 0
    slide: int = 0
    """The number of the slide that is shown; 0: none."""
    handed: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """Of each piece of the kit: to which groups it was handed out."""
    feedback: str = ""
    """open, closed; empty: not asked yet."""
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


def apply_events(room: RoomState, events: Iterable[RoomAct]) -> RoomState:
    """Apply these events to the room; the room that was given stays as it was."""
    for event in events:
        # Events that the room has already may come again: who asks from a number gets
        # some twice.
        if event.number > room.number:
            room = apply_event(room, event)
    return room


def apply_event(room: RoomState, event: RoomAct) -> RoomState:
    changes, topics = CHANGES[RoomVerb(event.verb)](room, event)
    if event.seat is not None and event.verb in SIGNS_OF_LIFE:
        changes.setdefault("active", room.active | {event.seat})
    marks = {**room.changed, **dict.fromkeys(topics, event.number)}
    return replace(room, number=event.number, changed=marks, **changes)


SIGNS_OF_LIFE = {
    RoomVerb.ANSWERED,
    RoomVerb.HAND,
    RoomVerb.PACE,
    RoomVerb.NOTED,
    RoomVerb.TICKET,
}

type Change = tuple[dict[str, Any], tuple[str, ...]]
"""What becomes of the room, and which of the things that are told have changed."""


def apply_opened(room: RoomState, event: RoomAct) -> Change:
    return {"opened": True, "closed": False}, ("room",)


def apply_closed(room: RoomState, event: RoomAct) -> Change:
    # Polls end with the room, or one could still be answered when it is opened again.
    polls = {key: replace(poll, open=False) for key, poll in room.polls.items()}
    ended = {"closed": True, "until": None, "divided": False, "polls": polls}
    asked = tuple(key for key, poll in room.polls.items() if poll.open)
    return ended, ("room", "step", "groups", *asked)


def apply_joined(room: RoomState, event: RoomAct) -> Change:
    assert event.seat is not None
    return {"present": room.present | {event.seat}}, ("here",)


def apply_left(room: RoomState, event: RoomAct) -> Change:
    assert event.seat is not None
    gone = {
        "present": room.present - {event.seat},
        # A hand that stays up for a person who has left would be called in vain.
        "hands": drop_seat(room.hands, event.seat),
        "pace": drop_seat(room.pace, event.seat),
    }
    return gone, ("here", "hands", "pace")


def apply_nothing(room: RoomState, event: RoomAct) -> Change:
    """Change nothing: such events only count for attendance."""
    return {}, ()


def apply_stepped(room: RoomState, event: RoomAct) -> Change:
    """Go to another step, or stay in the same one for longer."""
    until = event.data.get("until")
    place = int(event.object)
    changes: dict[str, object] = {
        "step": place,
        "until": datetime.fromisoformat(until) if until else None,
    }
    # Signals are about the step in which they were given, not about the next one.
    if place != room.step:
        changes |= {"pace": {}, "active": frozenset()}
    return changes, ("step", "pace")


def apply_asked(room: RoomState, event: RoomAct) -> Change:
    known = room.polls.get(event.object, PollState(open=True))
    polls = {**room.polls, event.object: replace(known, open=True)}
    return {"polls": polls}, (event.object,)


def apply_stopped(room: RoomState, event: RoomAct) -> Change:
    known = room.polls.get(event.object, PollState(open=False))
    polls = {**room.polls, event.object: replace(known, open=False)}
    return {"polls": polls}, (event.object,)


def apply_answered(room: RoomState, event: RoomAct) -> Change:
    assert event.seat is not None
    known = room.polls.get(event.object, PollState(open=False))
    choices = {**known.choices, event.seat: int(event.data["choice"])}
    polls = {**room.polls, event.object: replace(known, choices=choices)}
    return {"polls": polls}, (event.object,)


def apply_hand(room: RoomState, event: RoomAct) -> Change:
    assert event.seat is not None
    if event.data["up"]:
        # A hand that is raised twice keeps its first place in the queue.
        since = room.hands.get(event.seat, event.number)
        return {"hands": {**room.hands, event.seat: since}}, ("hands",)
    return {"hands": drop_seat(room.hands, event.seat)}, ("hands",)


def apply_pace(room: RoomState, event: RoomAct) -> Change:
    assert event.seat is not None
    return {"pace": {**room.pace, event.seat: event.object}}, ("pace",)


def apply_divided(room: RoomState, event: RoomAct) -> Change:
    """Divide again, or as before with a person who came late."""
    groups = tuple(tuple(members) for members in event.data["groups"])
    changes: dict[str, Any] = {"groups": groups, "divided": True}
    # A latecomer doesn't begin a new division: its notes and reports go on.
    if event.data.get("late"):
        return changes, ("groups",)
    # Nor do other people find what was handed to a group of the same number.
    anew = {"divisions": room.divisions + 1, "reports": (), "handed": {}}
    return changes | anew, ("groups", "reports")


def apply_gathered(room: RoomState, event: RoomAct) -> Change:
    return {"divided": False}, ("groups",)


def apply_noted(room: RoomState, event: RoomAct) -> Change:
    return {"notes": {**room.notes, event.object: event.data["version"]}}, ("notes",)


def apply_reported(room: RoomState, event: RoomAct) -> Change:
    if event.object in room.reports:
        return {}, ()
    return {"reports": (*room.reports, event.object)}, ("reports",)


def apply_ticket(room: RoomState, event: RoomAct) -> Change:
    assert event.seat is not None
    return {"tickets": {**room.tickets, event.seat: event.data["text"]}}, ("tickets",)


def apply_captioned(room: RoomState, event: RoomAct) -> Change:
    return {"captions": room.captions + 1}, ("captions",)


def apply_showed(room: RoomState, event: RoomAct) -> Change:
    return {"slide": int(event.object)}, ("slide",)


def apply_handed(room: RoomState, event: RoomAct) -> Change:
    part = str(event.data["part"])
    there = room.handed.get(part, frozenset())
    handed = {**room.handed, part: there | frozenset(event.data["groups"])}
    return {"handed": handed}, ("handed",)


def apply_feedback(room: RoomState, event: RoomAct) -> Change:
    return {"feedback": event.object}, ("feedback",)


def apply_rang(room: RoomState, event: RoomAct) -> Change:
    topic = f"call-{event.object}"
    return {"calls": {**room.calls, topic: event.number}}, (topic,)


CHANGES = {
    RoomVerb.OPENED: apply_opened,
    RoomVerb.CLOSED: apply_closed,
    RoomVerb.JOINED: apply_joined,
    RoomVerb.LEFT: apply_left,
    RoomVerb.ARRIVED: apply_nothing,
    RoomVerb.LISTED: apply_nothing,
    RoomVerb.STEPPED: apply_stepped,
    RoomVerb.ASKED: apply_asked,
    RoomVerb.STOPPED: apply_stopped,
    RoomVerb.ANSWERED: apply_answered,
    RoomVerb.HAND: apply_hand,
    RoomVerb.PACE: apply_pace,
    RoomVerb.DIVIDED: apply_divided,
    RoomVerb.GATHERED: apply_gathered,
    RoomVerb.NOTED: apply_noted,
    RoomVerb.REPORTED: apply_reported,
    RoomVerb.TICKET: apply_ticket,
    RoomVerb.CAPTIONED: apply_captioned,
    RoomVerb.SHOWED: apply_showed,
    RoomVerb.HANDED: apply_handed,
    RoomVerb.FEEDBACK: apply_feedback,
    RoomVerb.RANG: apply_rang,
}


def drop_seat(some: Mapping[int, object], seat: int) -> dict[int, object]:
    return {key: value for key, value in some.items() if key != seat}


# --- what all participants receive


def list_changes(
    room: RoomState, options: Mapping[str, int], since: int = 0
) -> dict[str, object]:
    """List what changed after the event with this number, as it is now; numbers
    only.
    """
    return {
        topic: format_topic(room, topic, options)
        for topic, number in room.changed.items()
        if number > since
    }


def format_topic(room: RoomState, topic: str, options: Mapping[str, int]) -> object:
    if topic in room.polls:
        poll = room.polls[topic]
        counts = poll.counts(options.get(topic, 0))
        return {"open": poll.open, "answers": len(poll.choices), "counts": counts}
    if topic in room.calls:
        return room.calls[topic]
    # Counts only: who answered what, and who wants to go slower, is for the
    # facilitators.
    return TOLD[topic](room)


TOLD: Mapping[str, Callable[[RoomState], Any]] = {
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
    "slide": lambda room: room.slide,
    # That there is something new, and neither what it is nor for which group.
    "handed": lambda room: sum(map(len, room.handed.values())),
    "feedback": lambda room: room.feedback,
}
