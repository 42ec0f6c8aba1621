"""Takes out of a practice installation what a learner hands in, as what it is: a ZIP of
the files that another installation reads, and of what is known of how they were made.

Everyone in it is invented; even so no sealed word and no name of a person is in it.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone

from amana.academy.installations.engine.practice_work import FORMAT, PracticePart
from amana.care.cases.models.case_record import Case
from amana.care.cases.models.files import EmergencyContact
from amana.care.consent.models import Consent
from amana.care.referrals.models import Referral
from amana.design.directory.models import Service
from amana.design.mechanism.models import RoleHolder, Version
from amana.design.mechanism.pack import files
from amana.exchange.hsds import package, writing
from amana.exchange.rows import MisplacedPart
from amana.insight.briefs.models import Brief, BriefKind, BriefState
from amana.insight.briefs.texts import LANGUAGES, load_text
from amana.practising.building import BEGAN
from amana.practising.here import FOLDER
from amana.practising.practice_country import get_founder
from amana.trust.audit.models import AuditEvent

type Files = dict[str, bytes]

HISTORY = (
    *("opened case", "asked safety questions", "assessed safety", "raised need"),
    *("recorded consent", "recorded refusal", "withdrew consent", "disclosed"),
    *("sent referral", "received referral", "accepted referral"),
    *("declined referral", "waitlisted referral", "redirected referral"),
    *("completed service", "recorded what the person said", "settled need"),
    *("planned follow-up", "finished follow-up", "proposed closure", "closed case"),
)
"""What of a case's log is taken out: that it was done, and when."""


def write_bundle(parts: list[PracticePart]) -> bytes:
    """Write the ZIP with these parts of the installation."""
    found: Files = {"practice.json": encode(describe_installation(parts))}
    for part in parts:
        found |= PARTS[part]()
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, written in sorted(found.items()):
            packed.writestr(name, written)
    return content.getvalue()


def describe_installation(parts: list[PracticePart]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "invented": True,
        "built_at": read_start().isoformat(),
        "taken_at": timezone.now().isoformat(),
        "parts": sorted(parts),
    }


def read_start() -> datetime:
    """Read when the installation was built: what is newer, learners made."""
    said = json.loads((FOLDER.path / BEGAN).read_text())
    return datetime.fromisoformat(said["at"])


def encode(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def format_time(at: datetime | None) -> str:
    return at.isoformat() if at else ""


# -- each part


def take_contacts() -> Files:
    found = [
        {
            "name": contact.name,
            "number": contact.number,
            "when": contact.when,
            "note": contact.note,
        }
        for contact in EmergencyContact.objects.for_page()
    ]
    return {"contacts.json": encode(found)}


def take_services() -> Files:
    """Take the services that learners entered or verified since it was built."""
    listed = Service.objects.listed().for_list()
    made = list(listed.filter(verified_at__gt=read_start()))
    facts = [describe_service(service) for service in made]
    written = encode(writing.build_page(made))
    return {
        "services.json": written,
        "services-made.json": encode(facts),
        "services-faults.json": encode(list_unreadable(written)),
    }


def list_unreadable(written: bytes) -> list[str]:
    """List what another installation could not read of a directory's file."""
    rows = package.iterate_services(written, None)
    return [
        f"{row.where}: {row.what}" for row in rows if isinstance(row, MisplacedPart)
    ]


def describe_service(service: Service) -> dict[str, Any]:
    return {
        "name": service.name,
        "types": list(service.types),
        "is_exported": service.visibility != Service.Visibility.RESTRICTED,
        "has_contact": bool(service.phone or service.email or service.contact_role),
        "has_hours": bool(service.hours),
        "has_rules": bool(service.conditions or service.groups or service.statuses),
        "languages": list(service.languages),
        "referral_method": service.referral_method,
        "funded_until": f"{service.funded_until or ''}",
        "verified_at": format_time(service.verified_at),
    }


def find_made_version() -> Version | None:
    """Find the version that learners began last."""
    made = Version.objects.exclude(begun_by=get_founder())
    return made.order_by("-pk").first()


def take_mechanism() -> Files:
    version = find_made_version()
    if version is None:
        return {}
    codes = dict(
        RoleHolder.objects.filter(mechanism=version.mechanism).values_list(
            "organisation", "code"
        )
    )
    signed = version.signatures.filter(sha256=version.sha256)
    facts = {
        "number": version.number,
        "state": version.state,
        "sha256": version.sha256,
        "signed_by": sorted(
            codes[pk]
            for pk in signed.values_list("organisation", flat=True)
            if pk in codes
        ),
        "comments": version.comments.count(),
    }
    return {
        "mechanism.json": encode(facts),
        "mechanism.zip": files.write_zip(version.content()),
    }


def take_cases() -> Files:
    cases = Case.objects.filter(opened_at__gt=read_start()).order_by("opened_at")
    found = [describe_case(case) for case in cases]
    return {"cases.json": encode(found)}


def describe_case(case: Case) -> dict[str, Any]:
    return {
        "reference": case.reference,
        "urgency": case.urgency,
        "opened_at": format_time(case.opened_at),
        "closed_at": format_time(case.closed_at),
        "history": list(iterate_history(case)),
        "consents": [describe_consent(consent) for consent in list_consents(case)],
        "referrals": [describe_referral(sent) for sent in list_referrals(case)],
    }


def iterate_history(case: Case) -> Iterator[dict[str, str]]:
    events = AuditEvent.objects.filter(case=case.pk, did__in=HISTORY).order_by("pk")
    for did, at, details in events.values_list("did", "at", "auditdetail__details"):
        gate = {"gate": details["gate"]} if details and "gate" in details else {}
        yield {"did": did, "at": format_time(at)} | gate


def list_consents(case: Case) -> list[Consent]:
    found = Consent.objects.filter(case=case).select_related("recipient__organisation")
    return list(found.order_by("asked_at"))


def describe_consent(consent: Consent) -> dict[str, Any]:
    return {
        "recipient": consent.recipient.organisation.name,
        "status": consent.status,
        "asked_at": format_time(consent.asked_at),
        "shared_at": format_time(consent.shared_at),
        "understood": consent.understood,
        "interpreter": consent.interpreter,
        "fields": list(consent.fields),
    }


def list_referrals(case: Case) -> list[Referral]:
    found = Referral.objects.filter(case=case).select_related("recipient__organisation")
    return list(found.order_by("sent_at"))


def describe_referral(sent: Referral) -> dict[str, Any]:
    return {
        "recipient": sent.recipient.organisation.name,
        "service": sent.service.name,
        "status": sent.status,
        "urgency": sent.urgency,
        "has_consent": sent.consent_id is not None,
        "in_vital_interest": sent.vital_interest_id is not None,
        "sent_at": format_time(sent.sent_at),
        "answered_at": format_time(sent.answered_at),
    }


def take_brief() -> Files:
    """Take the brief that learners began last, in each language that it has."""
    mine = Brief.objects.filter(kind=BriefKind.BRIEF).exclude(state=BriefState.AWAY)
    brief = mine.order_by("-pk").first()
    if brief is None:
        return {}
    text = load_text(brief)
    parts = [part for section in brief.sections for part in section.parts]
    found = {
        "year": brief.year,
        "state": brief.state,
        "review_asked_at": format_time(brief.asked_at),
        "languages": {
            language: {part.code: text.raw(part.code, language) for part in parts}
            for language in LANGUAGES
        },
        "may_be_empty": [part.code for part in parts if part.may_be_empty],
        "spoken": [part.code for part in parts if part.is_spoken],
        "figures": {name: figure.words for name, figure in text.used.items()},
        "unknown_figures": sorted(
            {
                name
                for part in parts
                for language in LANGUAGES
                for name in text.unknown(part.code, language)
            }
        ),
    }
    return {"brief.json": encode(found)}


PARTS: dict[PracticePart, Callable[[], Files]] = {
    PracticePart.CONTACTS: take_contacts,
    PracticePart.SERVICES: take_services,
    PracticePart.MECHANISM: take_mechanism,
    PracticePart.CASES: take_cases,
    PracticePart.BRIEF: take_brief,
}
