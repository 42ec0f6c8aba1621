"""What is sealed with a consent: the text that was heard, and who answered.

Who answered reveals a child, so no column holds it. Everything else in a text can be
written again from columns in the clear: a thief could try both texts. So a salt is
sealed with it, and is part of the hash that is signed; and what is sealed is as long
for a child as for anyone else."""

import hashlib
import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from amana.care.consent import consent_text
from amana.care.consent.consent_text import ConsentText, ConsentWording
from amana.care.consent.models import Consent
from amana.care.consent.payload import ConsentPayload
from amana.trust.access.models import User
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.documents import OpenedDocument

SEALED_IN = Compartment.CONTACT
"""Conditions ("never my brother") are words of safety, and lie with the contact."""

ROOM = 1280
"""Bytes for who answered and for the law that lets a child decide alone: 300 letters,
of four bytes at most."""


def build_content(
    text: ConsentText,
    told: ConsentPayload,
    *,
    given_by: Consent.GivenBy,
    conditions: str,
    why_alone: str,
) -> dict[str, object]:
    """Build what is sealed: what the person heard and asked, who answered, and which
    recipients they know to read it without Amana."""
    kept = text.kept()
    missing = _longest(text.language, told) - _size(kept)
    return {
        "conditions": conditions,
        "given_by": str(given_by),
        "why_alone": why_alone,
        "text": kept,
        "outside": [team.pk for team in told.outside],
        "salt": secrets.token_hex(16),
        "fill": "." * missing + build_fill(given_by, why_alone),
    }


def build_fill(given_by: Consent.GivenBy, why_alone: str) -> str:
    """Build a filling for who answered, so that the size of what is sealed doesn't show
    it."""
    return "." * max(0, ROOM - _size(str(given_by)) - _size(why_alone))


def _longest(language: str, told: ConsentPayload) -> int:
    """Compute the size of the longer of the texts that a child and that anyone else
    would hear."""
    return max(
        _size(consent_text.build_wording(language, told, child=child).kept())
        for child in (False, True)
    )


def _size(part: object) -> int:
    return len(json.dumps(part, ensure_ascii=False, default=str).encode())


def compute_hash(answer: Mapping[str, object]) -> str:
    """Compute the hash of all that is sealed with a consent, its salt included."""
    words = json.dumps(answer, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(words.encode()).hexdigest()


@dataclass(frozen=True)
class AnswerCodes:
    """What is compared of an answer: codes, and no word."""

    hash: str
    given_by: Consent.GivenBy
    keys: frozenset[str]
    """All that the text names."""


def find_answers(consents: Collection[Consent], *, by: User) -> dict[UUID, AnswerCodes]:
    """Find what was answered to these consents of one case, as far as `by` holds keys.

    Inside an act that is recorded, and for no page."""
    of_document = {consent.document: consent.pk for consent in consents}
    [case] = {consent.case_id for consent in consents}
    found = documents.read_coded_documents(
        case, [SEALED_IN], of_document, by=by, into=_answers
    )
    return {of_document[name]: answer for name, answer in found.items()}


def _answers(
    opened: Mapping[tuple[Compartment, str], OpenedDocument],
) -> dict[str, AnswerCodes]:
    return {
        name: AnswerCodes(
            compute_hash(document.content),
            Consent.GivenBy(document.content["given_by"]),
            collect_keys(document.content["text"]),
        )
        for (_part, name), document in opened.items()
    }


def collect_keys(text: ConsentWording) -> frozenset[str]:
    lines = ConsentText.again(text).lines
    return frozenset(key for line in lines for key in line.keys)
