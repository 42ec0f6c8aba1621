"""What two people write to each other: sealed to the keys of both, and to nobody
else's. Its keys are those that a case kept to named people has."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from amana.academy.mentoring.models import CheckIn, Commitment, Pair
from amana.trust.access.models import User
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment

PART = Compartment.NARRATIVE

type Written = dict[str, tuple[int, Mapping[str, Any]]]
"""By name: the number of its revision, and what it says."""


def begin(pair: Pair) -> None:
    documents.make_compartments(pair.pk, [PART], people=[pair.mentor, pair.mentee])


def write(
    pair: Pair, name: str, content: Mapping[str, Any], *, by: User, replacing: int = 0
) -> None:
    documents.write(pair.pk, PART, content, by=by, name=name, replacing=replacing)


def opened(pair: Pair, *, by: User) -> Written:
    found = documents.opened(pair.pk, [PART], by=by, purpose="mentoring")
    return {name: (one.revision, one.content) for (_part, name), one in found.items()}


def destroy(pair: UUID) -> None:
    documents.shred(pair)


def name_of(thing: CheckIn | Commitment) -> str:
    kind = "check-in" if isinstance(thing, CheckIn) else "commitment"
    return f"{kind} {thing.pk}"
