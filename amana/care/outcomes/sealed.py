"""The answers, sealed in the case: one document in each part that is asked about.

All of them are written at once, whatever was answered, with what is not answered in
them too, and padded like all others: that they are there reveals only
that a colleague was on the page."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from amana.care.cases.models import Case
from amana.trust.access.models import User
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment

DOCUMENT = "outcomes"


@dataclass(frozen=True)
class StoredAnswers:
    """What one part holds: answers by key, and the revision (0: none yet)."""

    answers: Mapping[str, str] = field(default_factory=dict)
    revision: int = 0


def open_answers(
    case: Case, parts: Collection[Compartment], *, by: User, purpose: str
) -> dict[Compartment, StoredAnswers]:
    """Open the answers in those of these parts that `by` may read, with an event."""
    found = documents.open_documents(
        case.pk, parts, by=by, purpose=purpose, names=[DOCUMENT]
    )
    there = {part: document for (part, _name), document in found.items()}
    return {
        part: StoredAnswers(there[part].content["answers"], there[part].revision)
        if part in there
        else StoredAnswers()
        for part in parts
    }


def write(
    case: Case,
    part: Compartment,
    was: StoredAnswers,
    answers: Mapping[str, str],
    *,
    by: User,
) -> None:
    content = {"answers": dict(answers), "by": by.name}
    # With the revision that was read: of two who answer at once the second is refused,
    # and sees the first one's answers.
    documents.write(
        case.pk, part, content, by=by, name=DOCUMENT, replacing=was.revision
    )
