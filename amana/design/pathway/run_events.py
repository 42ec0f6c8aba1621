"""A fact: one thing that happened in a case. It holds codes only, never words about a
person; so it may be kept in the open, and a case may be told from its facts."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from amana.design.pathway.pathway_model import EMPTY
from amana.design.pathway.plain import Plain


class EventKind(StrEnum):
    START = "start"
    """The case begins, with `data`."""
    DONE = "done"
    """`step` was done by `role` and left `data`."""
    HEARD = "heard"
    """`message` came: to `step`, or to all that wait for it; or it interrupts."""
    EXPIRED = "expired"
    """`step` waited long enough."""
    SKIPPED = "skipped"
    """`step` was left out for a `reason`; the case goes on as if it had been done."""
    REOPENED = "reopened"
    """`step`, which was done, is due again for a `reason`. With `onward` the case goes
    on from it, and what came after it in its branch is closed; else it is done again
    next to what is due."""
    REASSIGNED = "reassigned"
    """`step` is now for the role `to`, for a `reason`."""
    CANCELLED = "cancelled"
    """`step` is not needed for a `reason`, and its branch ends; without a step, the
    case ends as `to`."""
    OVERRIDDEN = "overridden"
    """A supervisor, for a `reason`: `step` is closed and the case goes on at `to`;
    without a step, only `data` is corrected."""
    MOVED = "moved"
    """The case goes on by another version, from the state `then`."""


NEED_REASON = frozenset(
    {
        EventKind.SKIPPED,
        EventKind.REOPENED,
        EventKind.REASSIGNED,
        EventKind.CANCELLED,
        EventKind.OVERRIDDEN,
    }
)


@dataclass(frozen=True, slots=True)
class RunEvent:
    kind: EventKind
    at: datetime
    step: str = ""
    """The key of an open step: its name, or "name@item" inside an each."""
    data: Plain = field(default=EMPTY)
    role: str = ""
    """The role of the person who did it."""
    reason: str = ""
    """A code."""
    message: str = ""
    to: str = ""
    onward: bool = False
    then: Plain | None = None
    """Of a move: the plain state, the deadlines as they were."""

    def plain(self) -> dict[str, Any]:
        """Return it as it is stored: only what isn't empty, ready for JSON."""
        found: dict[str, Any] = {"kind": self.kind.value, "at": self.at.isoformat()}
        for name in ("step", "role", "reason", "message", "to"):
            if value := getattr(self, name):
                found[name] = value
        if self.data:
            found["data"] = {
                name: list(value) if isinstance(value, tuple) else value
                for name, value in self.data.items()
            }
        if self.onward:
            found["onward"] = True
        if self.then is not None:
            found["then"] = dict(self.then)
        return found


def read_fact(plain: Plain) -> RunEvent:
    """Read a fact from what `plain` wrote."""
    return RunEvent(
        kind=EventKind(plain["kind"]),
        at=datetime.fromisoformat(plain["at"]),
        step=plain.get("step", ""),
        data=plain.get("data") or EMPTY,
        role=plain.get("role", ""),
        reason=plain.get("reason", ""),
        message=plain.get("message", ""),
        to=plain.get("to", ""),
        onward=bool(plain.get("onward")),
        then=plain.get("then"),
    )
