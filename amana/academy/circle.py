"""What a few people write to each other: sealed to the keys of each of them, and to
no others. The keys work like those of a case restricted to named people (ADR 20)."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from amana.trust.access.models import User
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment

PART = Compartment.NARRATIVE

type Written = dict[str, Mapping[str, str]]
"""The content of each message, by its name."""


def begin(circle: UUID, people: Iterable[User], *, by: User) -> None:
    documents.make_compartments(circle, [PART], people=people, by=by)


def write(circle: UUID, name: str, content: Mapping[str, object], *, by: User) -> None:
    documents.write(circle, PART, content, by=by, name=name)


def open_messages(circle: UUID, *, by: User, purpose: str) -> Written:
    """Open all messages, for a member of the circle; for others there are none. One
    event."""
    found = documents.open_documents(circle, [PART], by=by, purpose=purpose)
    return {name: document.content for (_part, name), document in found.items()}


def destroy(circle: UUID) -> None:
    """Destroy the messages with their keys, for ever."""
    documents.shred(circle)


def leave(circles: Iterable[UUID], *, person: User) -> list[UUID]:
    """Take their keys from a person who leaves. Returns the circles that were
    destroyed."""
    alone: list[UUID] = []
    for circle in circles:
        if documents.is_held_by_others(circle, than=person):
            documents.end_hold([circle], of=person)
        else:
            # With the last member the key is gone: what no one can open is not kept.
            documents.shred(circle)
            alone.append(circle)
    return alone
