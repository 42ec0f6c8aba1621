"""One question to one person: what could be shared with whom, before she answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from amana.care.cases.fields import FIELDS, may_be_child
from amana.care.cases.models import Case
from amana.care.cases.rules import parts_opened_to
from amana.care.consent import guardianship, purposes
from amana.care.consent.models import Consent
from amana.care.consent.values import has_value
from amana.design.directory.codes import is_language
from amana.trust.access.models import Sphere, Team, User
from amana.trust.vault import documents
from amana.trust.vault.compartments import CEILING, Compartment
from amana.trust.vault.disclosures import allowed
from amana.trust.vault.documents import RECORD


@dataclass(frozen=True)
class Asking:
    """What the form needs to know of a case: presence, never a value."""

    case: Case
    recipient: Team
    purpose: str
    present: frozenset[str]
    """The fields in which something is written, as far as who asks may know."""
    unknown: frozenset[str]
    """The fields of parts that their role does not open: written or not."""
    child: bool
    answers: tuple[Consent.GivenBy, ...]
    language: str
    """The first language that she speaks; empty where we don't know."""

    @property
    def may_be_shared(self) -> list[str]:
        """Within the ceiling, and of use for the purpose."""
        sphere = self.recipient.organisation.sphere
        return [
            key
            for key in FIELDS
            if allowed(sphere, key) and purposes.suits(self.purpose, key)
        ]

    @property
    def enough(self) -> list[str]:
        usual = purposes.enough(self.purpose, self.recipient.organisation.sphere)
        return [key for key in usual if key in self.present]

    @property
    def purpose_in_words(self) -> str:
        return str(Consent.Purpose(self.purpose).label)

    @property
    def never(self) -> list[Compartment]:
        """What can never be sent to this kind of organisation."""
        ceiling = CEILING[Sphere(self.recipient.organisation.sphere)]
        return [c for c in Compartment if c not in ceiling]


def about(case: Case, *, recipient: Team, purpose: str, by: User) -> Asking:
    """Look into the case, with an audit event, for what could be shared."""
    ceiling = CEILING[Sphere(recipient.organisation.sphere)]
    parts = parts_opened_to(by, case)
    opened = documents.opened(
        case.pk,
        {Compartment.IDENTITY, *(ceiling & parts)},
        by=by,
        purpose="consent",
        names=[RECORD],
    )
    records = {c: document.content for (c, _name), document in opened.items()}
    identity = records.get(Compartment.IDENTITY, {})
    return Asking(
        case=case,
        recipient=recipient,
        purpose=purpose,
        present=frozenset(written(records)),
        unknown=frozenset(k for k, f in FIELDS.items() if f.compartment not in parts),
        child=may_be_child(identity),
        answers=tuple(guardianship.answers(identity)),
        language=first_language(identity.get("languages")),
    )


def written(records: Mapping[Compartment, Mapping[str, Any]]) -> list[str]:
    return [
        key
        for key, field in FIELDS.items()
        if has_value(records.get(field.compartment, {}).get(field.name))
    ]


def first_language(spoken: object) -> str:
    codes = spoken if isinstance(spoken, list) else [spoken]
    return next((str(code) for code in codes if code and is_language(str(code))), "")
