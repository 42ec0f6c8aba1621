"""What a few people write to each other: sealed to the keys of each of them, and to
nobody else's. The keys are those that a case kept to named people has."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from amana.trust.access.models import User
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment

PART = Compartment.NARRATIVE

type Written = dict[str, Mapping[str, Any]]
"""What each says, by its name."""


def begin(circle: UUID, people: Iterable[User], *, by: User) -> None:
    documents.make_compartments(circle, [PART], people=people, by=by)


def write(circle: UUID, name: str, content: Mapping[str, Any], *, by: User) -> None:
    documents.write(circle, PART, content, by=by, name=name)


def opened(circle: UUID, *, by: User, purpose: str) -> Written:
    """All of it, for one of the circle; nothing for anybody else. One event."""
    found = documents.opened(circle, [PART], by=by, purpose=purpose)
    return {name: document.content for (_part, name), document in found.items()}


def destroy(circle: UUID) -> None:
    """With its keys, and so for ever."""
    documents.shred(circle)


def leave(circles: Iterable[UUID], *, person: User) -> list[UUID]:
    """Take their keys from whoever goes. What nobody else could open is destroyed; it
    says which that was."""
    alone: list[UUID] = []
    for circle in circles:
        if documents.held_by_others(circle, than=person):
            documents.end_hold([circle], of=person)
        else:
            documents.shred(circle)
            alone.append(circle)
    return alone
