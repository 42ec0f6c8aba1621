"""All that a recipient can read, named once: what is read aloud is made of it.

A person agrees to what she has heard. So the text that is read to her, and the copy
that is sealed for a recipient, begin here. Every key has words in each text (`[lines]`
of `texts/*.toml`); a test compares what recipients can open with what was said."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from amana.care.cases.fields import FIELDS
from amana.care.cases.models import Case, Need
from amana.care.consent.models import Consent
from amana.design.directory.taxonomy import ServiceType
from amana.trust.access.models import Team

NEED, URGENCY = "referral.need", "referral.urgency"
ORGANISATION, TEAM = "sender.organisation", "sender.team"
PERSON, PHONE = "sender.person", "sender.phone"
REFERENCE, DATES = "referral.reference", "referral.dates"
HOW_AGREED = "consent.language"
"""Language and manner of her answer: they stand in the file (HTCDS), which may go along
to a recipient without Amana too."""

CONDITIONS, NOTE, HANDOVER = "conditions", "note", "handover"
ALONG = (NOTE, HANDOVER)
"""Letters that the colleague who asks for consent adds: the person hears that they are
sent too."""

WRITTEN_IN: dict[str, tuple[str, ...]] = {
    NOTE: ("note",),
    HANDOVER: ("who", "at", "where", "transport", "met_with"),
}
"""The inputs of a page on which each is written, beside the question."""

LETTERS = {name: f"letter.{name}" for name in (CONDITIONS, *ALONG)}
"""What each letter is called in the text."""

BESIDE = (
    *(NEED, URGENCY, ORGANISATION, TEAM, PERSON, PHONE, REFERENCE, DATES, HOW_AGREED),
    *LETTERS.values(),
)
"""What goes with the fields of a case, or is plain to see beside them."""

KEYS = (*FIELDS, *BESIDE)


@dataclass(frozen=True)
class ConsentPayload:
    """What one question is about: who would receive what, and until when."""

    case: Case
    recipients: tuple[Team, ...]
    """In the order in which they are asked."""
    purpose: str
    expires_at: datetime
    fields: tuple[str, ...]
    """Of the case, each with something written in it."""
    perhaps: frozenset[str] = frozenset()
    """Those of them that the role of who asks doesn't open: written or not."""
    need: Need | None = None
    letters: frozenset[str] = frozenset()
    """The letters that go along, by name."""
    outside: tuple[Team, ...] = ()
    """Recipients that don't use Amana: on paper, or by a page with a spoken code."""

    @property
    def is_referral(self) -> bool:
        return self.purpose == Consent.Purpose.REFERRAL

    @property
    def keys(self) -> tuple[str, ...]:
        """Name everything that a recipient can read."""
        return tuple(self._keys())

    def _keys(self) -> Iterator[str]:
        if self.is_referral:
            yield from (NEED, URGENCY)
        yield from (key for key in FIELDS if key in self.fields)
        yield from (ORGANISATION, TEAM)
        if self.is_referral:
            yield PERSON
            if self.case.team.phone:
                yield PHONE
        yield from (REFERENCE, DATES)
        if self.is_referral or len(self.outside) < len(self.recipients):
            yield HOW_AGREED
        yield from (key for name, key in LETTERS.items() if name in self.letters)


def build_beside(need: Need | None) -> dict[str, str]:
    """Build what a recipient reads next to the fields: which help is asked for, sealed
    with what is shared. Nothing that it could read elsewhere is as exact."""
    return {NEED: need.type.value} if need else {}


def read_help_asked(content: Mapping[str, Any]) -> ServiceType | None:
    """Read from what was shared which help is asked for."""
    return ServiceType(content[NEED]) if NEED in content else None


def list_letters(*, conditions: str, along: Collection[str] = ()) -> frozenset[str]:
    """List the letters of an answer: her conditions, and what is written along."""
    asked = {CONDITIONS} if conditions.strip() else set()
    return frozenset(asked | (set(along) & set(ALONG)))
