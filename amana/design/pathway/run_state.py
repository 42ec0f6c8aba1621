"""Where a case stands, as it is handed to those who ask; and the no to a fact that does
not apply."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from amana.design.pathway.pathway_model import EMPTY, Data, Value
from amana.design.pathway.plain import Plain
from amana.faults import ReadableError, gettext_noop


def build_key(step: str, item: str) -> str:
    return f"{step}@{item}" if item else step


def split_key(key: str) -> tuple[str, str]:
    """Split a key into the step and the item."""
    step, _, item = key.partition("@")
    return step, item


def iterate_items_around(item: str) -> Iterator[str]:
    """Yield the items around an item, the outermost first, and itself: c1,
    c1.housing."""
    if item:
        names = item.split(".")
        for n in range(1, len(names) + 1):
            yield ".".join(names[:n])


@dataclass(frozen=True, slots=True)
class OpenStep:
    """Something to be done now."""

    step: str
    item: str
    """Of an each: "c1", or "c1.housing" in an each inside another; else ""."""
    role: str
    since: datetime
    due_at: datetime | None = None
    remind_at: datetime | None = None
    join: str | None = None
    """The key of the block that this branch ends in."""
    again: bool = False
    """It is only done again: nothing follows."""


@dataclass(frozen=True, slots=True)
class WaitingStep:
    """Something that is waited for."""

    step: str
    item: str
    since: datetime
    until: datetime | None = None
    join: str | None = None


@dataclass(frozen=True, slots=True)
class OpenJoin:
    """A block that goes on when all its branches have ended."""

    step: str
    item: str
    left: int
    join: str | None = None


@dataclass(frozen=True, slots=True)
class PendingNotice:
    """A message to a role or partner, delivered by what runs the case."""

    whom: str
    message: str
    step: str
    item: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RunState:
    data: Data = field(default=EMPTY)
    items: Mapping[str, Data] = field(default=EMPTY)
    """What is known of each item of an each alone."""
    open: Mapping[str, OpenStep] = field(default=EMPTY)
    waiting: Mapping[str, WaitingStep] = field(default=EMPTY)
    joins: Mapping[str, OpenJoin] = field(default=EMPTY)
    done: Mapping[str, datetime] = field(default=EMPTY)
    """When each step was last done."""
    told: tuple[PendingNotice, ...] = ()
    started_at: datetime | None = None
    ended: str | None = None
    ended_at: datetime | None = None
    ending: str | None = None
    """How it will have ended, once what an interrupt kept is done too."""
    length: int = 0
    """How many facts: what the next one expects."""

    def late(self, now: datetime) -> list[str]:
        """List what should have been done, the longest late first."""
        late = [
            (o.due_at, key) for key, o in self.open.items() if is_past(o.due_at, now)
        ]
        return [key for _, key in sorted(late, key=lambda at: (at[0] or now, at[1]))]

    def expired(self, now: datetime) -> list[str]:
        """List what was waited for long enough."""
        return [key for key, w in self.waiting.items() if is_past(w.until, now)]

    def known(self, item: str) -> Data:
        """Collect what a condition sees: of the case, and of this item."""
        found: dict[str, Value] = dict(self.data)
        for around in iterate_items_around(item):
            found.update(self.items.get(around, EMPTY))
        return found

    def plain(self) -> dict[str, Any]:
        """Return it as it is stored in a move: ready for JSON."""
        return encode_state(self)


def is_past(at: datetime | None, now: datetime) -> bool:
    return at is not None and at <= now


# -- no --------------------------------------------------------------------------------


class EventNotApplicable(ReadableError):
    """This fact does not apply to the case as it is."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(SENTENCES[code], **values)
        self.code = code


SENTENCES = {
    "not_started": gettext_noop("This case has not started its pathway."),
    "started": gettext_noop("This case has already started."),
    "ended": gettext_noop("This case has ended."),
    "done_already": gettext_noop(
        "Someone has already done “%(step)s”. Nothing was changed."
    ),
    "not_due": gettext_noop("“%(step)s” is not due in this case."),
    "not_done": gettext_noop("“%(step)s” has not been done yet."),
    "open": gettext_noop("“%(step)s” is already due."),
    "unknown_step": gettext_noop(
        "This version has no step “%(step)s” at which to continue."
    ),
    "unknown_role": gettext_noop("This mechanism has no role “%(role)s”."),
    "not_waiting": gettext_noop("This case does not wait for “%(message)s”."),
    "too_early": gettext_noop("The waiting time in “%(step)s” is not over yet."),
    "no_reason": gettext_noop("Give a reason."),
    "missing": gettext_noop("“%(name)s” must be answered."),
    "unknown_name": gettext_noop("“%(name)s” is not asked in this step."),
    "unknown_code": gettext_noop("“%(name)s” can’t be “%(value)s”."),
    "not_a_list": gettext_noop("“%(name)s” must be a number of items, or their codes."),
    "would_strand": gettext_noop(
        "Nothing would be left to do. Skip the step, or continue at another."
    ),
    "another_branch": gettext_noop(
        "“%(to)s” is in a different branch from “%(step)s”."
    ),
    "same": gettext_noop("The case is already at “%(step)s”."),
    "endless": gettext_noop("The pathway loops at “%(step)s”."),
}


# -- a state, written down -------------------------------------------------------------

MOMENTS = ("since", "due_at", "remind_at", "until", "at")


def encode_state(state: RunState) -> dict[str, object]:
    """Encode a state: only what isn't empty."""
    found: dict[str, Any] = {
        "data": {name: encode_value(value) for name, value in state.data.items()},
        "items": {
            item: {name: encode_value(value) for name, value in data.items()}
            for item, data in state.items.items()
        },
        "open": {key: encode_fields(o) for key, o in state.open.items()},
        "waiting": {key: encode_fields(w) for key, w in state.waiting.items()},
        "joins": {key: encode_fields(j) for key, j in state.joins.items()},
        "done": {key: at.isoformat() for key, at in state.done.items()},
        "told": [encode_fields(told) for told in state.told],
        "ended": state.ended,
        "ending": state.ending,
    }
    for name in ("started_at", "ended_at"):
        at = getattr(state, name)
        found[name] = at.isoformat() if at else None
    return {name: value for name, value in found.items() if value}


def encode_value(value: Value) -> object:
    return list(value) if isinstance(value, tuple) else value


def encode_fields(
    thing: OpenStep | WaitingStep | OpenJoin | PendingNotice,
) -> dict[str, object]:
    found = {}
    for name in thing.__slots__:
        value = getattr(thing, name)
        if value not in (None, "", False):
            found[name] = value.isoformat() if name in MOMENTS else value
    return found


def read_state(plain: Plain) -> RunState:
    def moment(value: str | None) -> datetime | None:
        return datetime.fromisoformat(value) if value else None

    def fields(thing: Plain) -> dict[str, Any]:
        found = {"item": "", **thing}
        for name in MOMENTS:
            if name in found:
                found[name] = datetime.fromisoformat(found[name])
        return found

    def known(data: Plain) -> dict[str, Value]:
        return {n: tuple(v) if isinstance(v, list) else v for n, v in data.items()}

    def each(name: str) -> Mapping[str, Plain]:
        return plain.get(name) or EMPTY

    return RunState(
        data=known(each("data")),
        items={item: known(data) for item, data in each("items").items()},
        open={
            # An empty role is not stored, yet the class has no default for it.
            key: OpenStep(**{"role": "", **fields(o)})
            for key, o in each("open").items()
        },
        waiting={key: WaitingStep(**fields(w)) for key, w in each("waiting").items()},
        joins={key: OpenJoin(**fields(j)) for key, j in each("joins").items()},
        done={
            key: datetime.fromisoformat(at)
            for key, at in (plain.get("done") or EMPTY).items()
        },
        told=tuple(PendingNotice(**fields(told)) for told in plain.get("told") or ()),
        started_at=moment(plain.get("started_at")),
        ended=plain.get("ended"),
        ended_at=moment(plain.get("ended_at")),
        ending=plain.get("ending"),
    )
