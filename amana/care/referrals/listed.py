"""What upper rooms put above the lists of referrals, without this room knowing them.

A room registers in its `apps.ready()`; a list asks each what concerns its reader."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from amana.registry import Registry
from amana.trust.access.models import User


@dataclass(frozen=True)
class ListPart:
    """A part above a list: `load` gives what `template` shows as `shown`."""

    template: str
    load: Callable[[User], Any]


@dataclass(frozen=True)
class LoadedPart:
    template: str
    shown: Any


INBOX: Registry[ListPart] = Registry()
"""Above what reached a team and waits for an answer."""
SENT: Registry[ListPart] = Registry()
"""Above what a team sent and others have to answer."""


def load_parts(parts: Registry[ListPart], user: User) -> list[LoadedPart]:
    loaded = [LoadedPart(part.template, part.load(user)) for part in parts]
    return [part for part in loaded if part.shown]
