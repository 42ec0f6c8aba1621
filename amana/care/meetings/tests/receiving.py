"""A meeting as a device sends it, and as a colleague takes it in."""

import hashlib
from typing import Any
from uuid import UUID

from django.utils import timezone

from amana import given
from amana.care.cases.models import Case, Need
from amana.care.consent import consent_questions, consent_text
from amana.care.consent.forms import compute_end_of_day
from amana.care.consent.models import USUAL
from amana.care.meetings import actions
from amana.care.meetings.actions import PURPOSE, ReceivedMeeting
from amana.care.meetings.models import Meeting
from amana.design.directory.models import Service
from amana.trust.access.models import Team, User
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.models import DraftKey

from .conftest import Fields, Seals, an_id, answers

UNTIL = timezone.localdate() + USUAL


def heard(team: Team, officer: User, services: list[Service], *fields: str) -> str:
    """The digest of the text that the device makes of the same answers."""
    case = given.make_case(
        worked_on_by=officer, identity_name="Somebody else", needs_area="Gate 3"
    )
    need = Need.objects.select_related("case__team__organisation").get(case=case)
    asked = consent_questions.open_question(
        case,
        recipients=[service.team for service in services],
        purpose=PURPOSE,
        need=need,
        by=officer,
    )
    payload = asked.payload(fields, expires_at=compute_end_of_day(UNTIL))
    text = consent_text.build_wording("en", payload).plain()
    Case.objects.filter(pk=case.pk).update(team=given.make_team())
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def agreed_to(team: Team, officer: User, services: list[Service]) -> Fields:
    share = ("identity.name", "needs.area")
    return [
        *answers(),
        ("asked_need", "0"),
        *(("service", str(service.pk)) for service in services),
        *(("share", key) for key in share),
        ("until", UNTIL.isoformat()),
        ("language", "en"),
        ("heard", heard(team, officer, services, *share)),
        ("understood", "on"),
        ("given_by", "person"),
        ("mode", "spoken"),
        ("copy", "none"),
        ("order", "in_turn"),
        ("answer", "given"),
    ]


def receive(pk: UUID, sealed: bytes, key: DraftKey, officer: User) -> Meeting:
    return actions.receive(pk, sealed, key=key, device_now=timezone.now(), by=officer)


def taken(
    fields: Fields, key: DraftKey, seal: Seals, officer: User, **more: Any
) -> ReceivedMeeting:
    pk = an_id()
    meeting = receive(pk, seal(pk, fields, **more), key, officer)
    return actions.take_meeting_over(meeting, by=officer)


def notes(case: Case, by: User) -> str:
    opened = documents.open_documents(
        case.pk, [Compartment.NEEDS], by=by, purpose="test of notes"
    )
    return " ".join(
        str(document.content.get("words"))
        for (_part, name), document in opened.items()
        if name.startswith("note/")
    )
