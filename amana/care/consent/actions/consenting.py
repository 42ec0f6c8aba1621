"""Record a person's answer: given, prolonged, refused, withdrawn."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from amana.care.cases import actions as cases
from amana.care.cases import references
from amana.care.cases.models.case_needs import Need
from amana.care.cases.models.case_record import Case
from amana.care.cases.rules import work_on_case
from amana.care.consent import (
    consent_questions,
    consent_text,
    sealed,
    signed_consents,
    vital_interests,
)
from amana.care.consent.actions.consent_checks import (
    build_heard_consent,
    open_consent_question,
    require_askable_teams,
)
from amana.care.consent.actions.consent_records import (
    GIVEN,
    REFUSED,
    WITHDRAWN,
    discount_consent,
    discount_earlier_consents,
    end_consent,
    lock_consents_before_answer,
    lock_consents_of_cases,
    lock_earlier_consents,
    open_consent_document,
)
from amana.care.consent.actions.disclosing import replace_conditions
from amana.care.consent.events import consent_ended, consent_given, consent_refused
from amana.care.consent.models import Consent, VitalInterest
from amana.care.consent.payload import ALONG, list_letters
from amana.care.consent.rules import find_consents, withdraw_consent
from amana.care.consent.sealed import SEALED_IN
from amana.trust.access.models.organisations import Team, User
from amana.trust.audit import log
from amana.trust.vault import disclosures, documents, manifest


def give(
    case: Case,
    *,
    recipient: Team,
    fields: Collection[str],
    purpose: Consent.Purpose,
    expires_at: datetime,
    language: str,
    mode: Consent.Mode,
    given_by: Consent.GivenBy,
    interpreter: bool,
    understood: bool,
    need: Need | None = None,
    conditions: str = "",
    along: Collection[str] = (),
    why_alone: str = "",
    copy: Consent.Copy = Consent.Copy.NONE,
    by: User,
) -> Consent:
    """Record that the person agreed to share exactly this with a team."""
    [consent] = give_in_order(
        case,
        recipients=[recipient],
        fields=fields,
        purpose=purpose,
        expires_at=expires_at,
        language=language,
        mode=mode,
        given_by=given_by,
        interpreter=interpreter,
        understood=understood,
        need=need,
        conditions=conditions,
        along=along,
        why_alone=why_alone,
        copy=copy,
        by=by,
    )
    return consent


@transaction.atomic
@manifest.remember_states()
def give_in_order(
    case: Case,
    *,
    recipients: Sequence[Team],
    fields: Collection[str],
    purpose: Consent.Purpose,
    expires_at: datetime,
    language: str,
    mode: Consent.Mode,
    given_by: Consent.GivenBy,
    interpreter: bool,
    understood: bool,
    need: Need | None = None,
    conditions: str = "",
    along: Collection[str] = (),
    why_alone: str = "",
    copy: Consent.Copy = Consent.Copy.NONE,
    asked_at: datetime | None = None,
    asked_by: User | None = None,
    by: User,
) -> list[Consent]:
    """Record that the person heard one text about these teams, asked in this order, and
    agreed that the first to accept is informed: one consent for each of them.

    `asked_at`, `asked_by`: when they answered and whom, if not `by` now: without a
    network."""
    said_at = asked_at or timezone.now()
    # Before the case itself, as where a consent is used: no deadlock.
    earlier = lock_earlier_consents(
        said_at,
        case=case.pk,
        need=need.pk if need else None,
        purpose=purpose,
        about=[team.pk for team in recipients],
    )
    cases.require_work_on_open(case, by=by)
    asked = open_consent_question(case, recipients, purpose=purpose, need=need, by=by)
    text, told = build_heard_consent(
        asked,
        fields=fields,
        expires_at=expires_at,
        language=language,
        given_by=given_by,
        understood=understood,
        why_alone=why_alone,
        letters=list_letters(conditions=conditions, along=along),
    )
    answer = {
        "case": case,
        "need": need,
        "fields": sorted(told.fields),
        "along": sorted(told.letters & set(ALONG)),
        "purpose": purpose,
        "status": GIVEN,
        "expires_at": expires_at,
        "language": language,
        "mode": mode,
        "interpreter": interpreter,
        "understood": understood,
        "copy": copy,
        "has_conditions": bool(conditions.strip()),
        "text_version": text.version,
        "asked_at": said_at,
        "taken_by": asked_by or by,
    }
    heard = sealed.build_content(
        text, told, given_by=given_by, conditions=conditions, why_alone=why_alone
    )
    given = Consent.objects.bulk_create(
        [Consent(recipient=team, **answer) for team in recipients]
    )
    _seal_and_log(case, given, heard, by=by)
    if need:  # of a plan, each consent is its own
        for before in earlier:
            discount_consent(before, by=by)
    consent_given.send(Consent, consents=given, by=by)
    return given


def _seal_and_log(
    case: Case, given: list[Consent], heard: dict[str, object], *, by: User
) -> None:
    """Seal what was heard, sign that it was agreed to, and log it."""
    # A copy for each: one may be prolonged, with words of its own, or end by itself.
    kept = {consent.document: heard for consent in given}
    with manifest.change_case(case.pk, by=by) as state:
        documents.write_each(case.pk, SEALED_IN, kept, by=by)
        for consent in given:
            signed_consents.record_consent(state, consent, heard)
    log.record(
        "recorded consent",
        given[0] if len(given) == 1 else case,
        by=by,
        case=case.pk,
        consents=[consent.pk for consent in given],
        recipients=[consent.recipient_id for consent in given],
        fields=given[0].fields,
    )


@transaction.atomic
def prolong(
    consent: Consent,
    *,
    expires_at: datetime,
    language: str,
    mode: Consent.Mode,
    given_by: Consent.GivenBy,
    interpreter: bool,
    understood: bool,
    conditions: str = "",
    why_alone: str = "",
    copy: Consent.Copy = Consent.Copy.NONE,
    by: User,
) -> Consent:
    """Record that the person, asked again, agrees to the same until another time.

    What was shared stays as it is, and so does the help that rests on it."""
    case = consent.case
    work_on_case.require(by, case)
    lock_consents_of_cases([case.pk])
    signed_consents.require_to_share([consent])
    asked = consent_questions.reopen_question(consent, by=by)
    require_askable_teams(asked)
    text, told = build_heard_consent(
        asked,
        fields=consent.fields,
        expires_at=expires_at,
        language=language,
        given_by=given_by,
        understood=understood,
        why_alone=why_alone,
        letters=list_letters(conditions=conditions, along=consent.along),
    )
    consent.prolong(
        expires_at,
        asked_again_at=timezone.now(),
        language=language,
        mode=mode,
        interpreter=interpreter,
        copy=copy,
        has_conditions=bool(conditions.strip()),
        text_version=text.version,
    )
    cases.require_open(case)
    disclosures.extend_disclosures(consent=consent.pk, until=expires_at, by=by)
    before = open_consent_document(consent, by=by, purpose="consent")
    heard = sealed.build_content(
        text, told, given_by=given_by, conditions=conditions, why_alone=why_alone
    )
    _reseal(consent, heard, replacing=before.revision if before else 0, by=by)
    if conditions != (before.content.get("conditions", "") if before else ""):
        replace_conditions(consent, conditions, by=by)
    log.record(
        "prolonged consent",
        consent,
        by=by,
        case=case.pk,
        until=expires_at.isoformat(),
    )
    if consent.need_id:
        discount_earlier_consents(consent, at=timezone.now(), by=by)
    return consent


def _reseal(
    consent: Consent, heard: dict[str, object], *, replacing: int, by: User
) -> None:
    """Seal what was heard this time in place of the last, and sign it."""
    with manifest.change_case(consent.case_id, by=by) as state:
        documents.write(
            consent.case_id,
            SEALED_IN,
            heard,
            by=by,
            name=consent.document,
            replacing=replacing,
        )
        signed_consents.record_consent(state, consent, heard)


@transaction.atomic
def refuse(
    case: Case,
    *,
    recipient: Team,
    purpose: Consent.Purpose,
    language: str,
    need: Need | None = None,
    asked_at: datetime | None = None,
    asked_by: User | None = None,
    by: User,
) -> Consent:
    """Record a refusal; no reason is asked. What this team received without consent is
    taken back, and an earlier consent to the same under which nothing was shared ends.
    What is shared already stays until the person withdraws it."""
    work_on_case.require(by, case)
    lock_consents_of_cases([case.pk])
    vital_interests.end_refused(case, recipient, by=by)
    now = timezone.now()
    consent = Consent.objects.create(
        case=case,
        need=need,
        recipient=recipient,
        purpose=purpose,
        status=REFUSED,
        asked_at=asked_at or now,
        expires_at=now,
        language=language,
        mode=Consent.Mode.SPOKEN,
        text_version=consent_text.get_text_version(language),
        taken_by=asked_by or by,
    )
    log.record("recorded refusal", consent, by=by, case=case.pk, recipient=recipient.pk)
    discount_earlier_consents(consent, at=consent.asked_at, by=by)
    consent_refused.send(Consent, consent=consent, by=by)
    return consent


@dataclass(frozen=True)
class SharingRecipient:
    """With whom something of a case is shared: what the person agreed to, and what was
    shared because they could not be asked."""

    consents: list[Consent]
    interests: list[VitalInterest]


@transaction.atomic
def find_by_reference(reference: str, *, by: User) -> SharingRecipient | None:
    """Find what a person shares by the reference that they give: with whom, why and
    until when, so that any colleague can end it. Nothing of the case is opened.

    None where no case of their teams has it."""
    whole = references.format_reference(reference)
    # A case of another team is not found either, so that trying references does not
    # show which exist.
    case = find_consents.among(Case.objects.all(), by).filter(reference=whole).first()
    if case is None:
        # Recorded also in vain: trying references leaves a trace.
        log.record("found no case by reference", by=by)
        return None
    log.record("looked up consents", case, by=by, case=case.pk)
    return SharingRecipient(
        list(Consent.objects.live().for_ledger().filter(case=case)),
        list(VitalInterest.objects.live().for_list().filter(case=case)),
    )


@transaction.atomic
def withdraw(consent: Consent, *, by: User) -> Consent:
    """End a consent at the person's wish: what was shared is gone when this returns."""
    withdraw_consent.require(by, consent)
    earlier = lock_consents_before_answer(consent, at=timezone.now())
    end_consent(consent, WITHDRAWN, by=by)
    log.record("withdrew consent", consent, by=by, case=consent.case_id)
    consent_ended.send(Consent, consent=consent, by=by)
    for before in earlier:
        if before != consent and consent.need_id:  # of a plan, each is its own
            discount_consent(before, by=by)
    return consent
