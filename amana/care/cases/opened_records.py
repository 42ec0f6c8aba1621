"""The opened documents of a case, sorted: records, notes, and words about things."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from amana.care.cases.gate import GateSession, SafetyRecord
from amana.care.cases.safety import SafetyItem, SafetyLevel, assess
from amana.trust.access.models import User
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.documents import RECORD, OpenedDocument

Documents = Mapping[tuple[Compartment, str], OpenedDocument]


@dataclass(frozen=True)
class CaseNote:
    """Something that a colleague wrote: when and by whom."""

    part: Compartment
    words: str
    at: datetime
    by: str

    @property
    def about(self) -> str:
        """The part that it is about, where that isn't plain."""
        return "" if self.part is Compartment.NEEDS else str(self.part.label)


LEVEL_TONES = {"critical": "late", "high": "due", "low": "good"}


@dataclass(frozen=True)
class DatedAssessment:
    """How safe the person was found to be at some time, and why."""

    level: SafetyLevel
    reasons: list[SafetyItem]
    words: str
    plan: str
    at: datetime
    by: str

    @property
    def tone(self) -> str:
        return LEVEL_TONES.get(self.level, "plain")


@dataclass(frozen=True)
class OpenedRecords:
    """Everything opened of a case in this request."""

    documents: Documents

    def record(self, part: Compartment) -> dict[str, Any]:
        found = self.documents.get((part, RECORD))
        return found.content if found else {}

    def of(self, name: str) -> dict[str, Any]:
        """Return the content of the document `name`, in whichever part it is."""
        return self._by_name.get(name, {})

    @cached_property
    def _by_name(self) -> dict[str, dict[str, object]]:
        return {
            name: document.content
            for (_part, name), document in self.documents.items()
            if name != RECORD
        }

    @cached_property
    def notes(self) -> list[CaseNote]:
        """Latest first, each signed by its author."""
        found = [
            CaseNote(
                part,
                read_text(document, "words"),
                read_time(name),
                read_text(document, "by"),
            )
            for (part, name), document in self.documents.items()
            if name.startswith("note/")
        ]
        return sorted(found, key=lambda note: note.at, reverse=True)

    @cached_property
    def safety(self) -> SafetyRecord:
        """The latest answers to the safety questions, with who asked and when."""
        return SafetyRecord(tuple(iterate_askings(self.documents)))

    @cached_property
    def assessments(self) -> list[DatedAssessment]:
        """Latest first; the reasons follow from the answers that were given then."""
        found = [
            (read_time(name), document)
            for (_part, name), document in self.documents.items()
            if name.startswith("safety/")
        ]
        return [
            DatedAssessment(
                SafetyLevel(document.content["level"]),
                assess(document.content["answers"]).reasons,
                read_text(document, "words"),
                read_text(document, "plan"),
                at,
                read_text(document, "by"),
            )
            for at, document in sorted(found, key=lambda pair: pair[0], reverse=True)
        ]


def iterate_askings(documents: Documents) -> Iterator[GateSession]:
    """Find what was asked of the safety gate, at whatever time, in no order."""
    for (_part, name), opened in documents.items():
        if name.startswith("gate/"):
            yield GateSession.read(opened.content)


def build_written(documents: Documents) -> OpenedRecords:
    return OpenedRecords(documents)


def read_text(opened: OpenedDocument, what: str) -> str:
    return str(opened.content.get(what, ""))


def read_time(name: str) -> datetime:
    """Read when a document was first written from its name, which ends in a UUID."""
    # The first 48 of the 128 bits of a UUID of version 7 are milliseconds (RFC 9562).
    milliseconds = UUID(name.rpartition("/")[2]).int >> 80
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def map_names(people: Iterable[int]) -> dict[int, str]:
    wanted = {person for person in people if person}
    if not wanted:
        return {}
    return dict(User.objects.filter(pk__in=wanted).values_list("pk", "name"))
