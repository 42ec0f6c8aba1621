"""Which decisions can be undone. A room registers its own in its `apps.ready()`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from amana.care.pending.models import PendingDecision


def keep_nothing(decision: PendingDecision) -> None:
    """Do nothing: no words went with it."""


@dataclass(frozen=True)
class DecisionKind:
    """A decision, told in terms of the room whose it is."""

    label: str | Promise
    """What was decided, on the page of who did."""
    find: Callable[[UUID], Any]
    """The thing, by its id."""
    state: Callable[[Any], str]
    """A short text that is another once anyone has acted on the thing."""
    act: Callable[..., object]
    """The action itself: `act(thing, by=…, **choices)`. It needs no user's keys."""
    address: Callable[[Any], str]
    """The page of the thing."""
    release: Callable[[PendingDecision], None] = keep_nothing
    """Let the words be read that were sealed when it was decided."""
    discard: Callable[[PendingDecision], None] = keep_nothing
    """Destroy these words."""


KINDS: dict[str, DecisionKind] = {}
