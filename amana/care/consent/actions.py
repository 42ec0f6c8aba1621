"""What can be done with a person's answer. There is no way around it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.care.cases import actions as cases
from amana.care.cases import need_kinds, references
from amana.care.cases.fields import FIELDS
from amana.care.cases.models import Case, Need
from amana.care.cases.rules import work_on_case
from amana.care.consent import (
    avoided,
    consent_questions,
    consent_text,
    copies,
    guardianship,
    sealed,
    signed_consents,
    tasks,
    vital_interests,
)
from amana.care.consent.consent_questions import ConsentFormContext
from amana.care.consent.consent_text import ConsentText
from amana.care.consent.events import (
    consent_discounted,
    consent_ended,
    consent_given,
    consent_refused,
)
from amana.care.consent.models import LONGEST, Consent, Destruction, VitalInterest
from amana.care.consent.payload import (
    ALONG,
    CONDITIONS,
    ConsentPayload,
    build_beside,
    list_letters,
)
from amana.care.consent.purposes import WORDS, is_suitable
from amana.care.consent.rules import confirm_destroyed, find_consents, withdraw_consent
from amana.care.consent.sealed import SEALED_IN
from amana.care.consent.values import has_value
from amana.errors import Refused
from amana.trust.access.models import Organisation, Sphere, Team, User
from amana.trust.audit import log
from amana.trust.vault import disclosures, documents, manifest
from amana.trust.vault.compartments import CEILING, Compartment
from amana.trust.vault.documents import RECORD, OpenedDocument
from amana.trust.vault.handover import CodeBearer
from amana.trust.vault.models import Disclosure
from amana.turns import run_in_turn

SAY_IT = gettext_lazy(
    "Ask the person to explain in their own words what they agree to, then "
    "tick this box."
)
NOTHING_WRITTEN = gettext_lazy(
    "None of the information the person agreed to share is recorded in the case yet."
)

type Letters = Mapping[str, Mapping[str, Any]]
"""What goes along with what is shared: by name, its content."""

GIVEN, REFUSED = Consent.Status.GIVEN, Consent.Status.REFUSED
WITHDRAWN, EXPIRED = Consent.Status.WITHDRAWN, Consent.Status.EXPIRED


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
    earlier = _hold_earlier(
        said_at,
        case=case.pk,
        need=need.pk if need else None,
        purpose=purpose,
        about=[team.pk for team in recipients],
    )
    cases.require_work_on_open(case, by=by)
    asked = _asked(case, recipients, purpose=purpose, need=need, by=by)
    text, told = _heard(
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
        recipients=[team.pk for team in recipients],
        fields=answer["fields"],
    )
    if need:  # of a plan, each consent is its own
        for before in earlier:
            _discount(before, by=by)
    consent_given.send(Consent, consents=given, by=by)
    return given


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
    _hold([case.pk])
    signed_consents.require_to_share([consent])
    asked = consent_questions.reopen_question(consent, by=by)
    _may_be_asked(asked)
    text, told = _heard(
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
    before = _sealed(consent, by=by, purpose="consent")
    heard = sealed.build_content(
        text, told, given_by=given_by, conditions=conditions, why_alone=why_alone
    )
    with manifest.change_case(case.pk, by=by) as state:
        documents.write(
            case.pk,
            SEALED_IN,
            heard,
            by=by,
            name=consent.document,
            replacing=before.revision if before else 0,
        )
        signed_consents.record_consent(state, consent, heard)
    if conditions != (before.content.get("conditions", "") if before else ""):
        _replace_conditions(consent, conditions, by=by)
    log.record(
        "prolonged consent",
        consent,
        by=by,
        case=case.pk,
        until=expires_at.isoformat(),
    )
    if consent.need_id:
        _discount_before(consent, at=timezone.now(), by=by)
    return consent


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
    _hold([case.pk])
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
    _discount_before(consent, at=consent.asked_at, by=by)
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
    earlier = _hold_about(consent, at=timezone.now())
    _end(consent, WITHDRAWN, by=by)
    log.record("withdrew consent", consent, by=by, case=consent.case_id)
    consent_ended.send(Consent, consent=consent, by=by)
    for before in earlier:
        if before != consent and consent.need_id:  # of a plan, each is its own
            _discount(before, by=by)
    return consent


def _hold(cases: Collection[UUID]) -> list[Consent]:
    """Lock every consent of these cases, so that none is used, or ends, until this
    transaction is over."""
    # All of a case in one order, and before its manifest: one that ends takes along
    # what was asked under others, and two that end at once would each wait for the
    # other's.
    given = Consent.objects.filter(case__in=cases, status=GIVEN)
    return list(given.select_for_update().order_by("pk"))


def _hold_earlier(
    at: datetime, *, case: UUID, need: UUID | None, purpose: str, about: Collection[int]
) -> list[Consent]:
    """Lock them all; return each that the person gave before to the same about these
    teams."""
    return [
        consent
        for consent in _hold([case])
        if (consent.need_id, consent.purpose) == (need, purpose)
        and consent.recipient_id in about
        and consent.heard_at <= at
    ]


def _discount_before(answer: Consent, *, at: datetime, by: User) -> None:
    """Discount each earlier yes to the same: she has said something else since."""
    for consent in _hold_about(answer, at=at):
        if consent != answer:
            _discount(consent, by=by)


def _hold_about(answer: Consent, *, at: datetime) -> list[Consent]:
    return _hold_earlier(
        at,
        case=answer.case_id,
        need=answer.need_id,
        purpose=answer.purpose,
        about=[answer.recipient_id],
    )


def lock_live_consents(case: Case) -> list[Consent]:
    """Lock every consent of a case, so that none is used, or ends, until this
    transaction is over; return the live ones."""
    now = timezone.now()
    return [consent for consent in _hold([case.pk]) if consent.expires_at > now]


def discount_given_by_others(
    case: Case, identity: Mapping[str, Any], *, by: User
) -> None:
    """Discount each consent whose giver, as it is recorded now, can't give it any more.
    Part of the action that recorded it. Where it can't be read who gave it, it is
    discounted too."""
    live = lock_live_consents(case)
    answers = signed_consents.find_answers(live, by=by)
    for consent in live:
        answer = answers.get(consent.pk)
        if answer is None or guardianship.describe_obstacle(identity, answer.given_by):
            _discount(consent, by=by)


def _discount(consent: Consent, *, by: User) -> None:
    """Prevent that anything more is shared under a consent. Where nothing was, it ends,
    and what was held back for it is destroyed; what was shared stays until it is
    withdrawn."""
    if consent.shared_at is not None:
        consent_discounted.send(Consent, consent=consent, by=by)
    # It may have ended with the request of another, a moment ago.
    elif close_unused([consent], by=by):
        consent.refresh_from_db(fields=["status", "ended_at"])
        consent_ended.send(Consent, consent=consent, by=by)


def expire_lapsed() -> int:
    """End each consent whose time is over; return how many. One transaction each."""
    lapsed = list(Consent.objects.lapsed().order_by("expires_at", "pk"))
    return run_in_turn(partial(_expire, consent) for consent in lapsed)


def _expire(consent: Consent) -> bool:
    try:
        _let_lapse(consent)
    except Refused:  # withdrawn a moment ago
        return False
    return True


@transaction.atomic
def _let_lapse(consent: Consent) -> None:
    _hold([consent.case_id])
    _end(consent, EXPIRED, by=None)
    log.record("expired consent", consent, by=None, case=consent.case_id)
    consent_ended.send(Consent, consent=consent, by=None)


@transaction.atomic
def end_resting_on_sphere(organisation: Organisation) -> None:
    """End each consent to share with an organisation of another sphere than the person
    heard of; part of the act that moves it."""
    given = Consent.objects.live().filter(recipient__organisation=organisation)
    _hold(list(given.values_list("case", flat=True).distinct()))
    for consent in given.order_by("pk"):
        _end(consent, EXPIRED, by=None)
        log.record(
            "ended consent with its sphere", consent, by=None, case=consent.case_id
        )
        consent_ended.send(Consent, consent=consent, by=None)


def _end(consent: Consent, to: Consent.Status, *, by: User | None) -> None:
    """End a consent and all that was shared or held back under it."""
    # First the status, then the copies: what a disclosure leaves that was made at the
    # same moment is destroyed too.
    consent.move(to, ended_at=timezone.now())
    signed_consents.record_end(consent, by=by)
    disclosures.destroy(consent=consent.pk)
    # Read after the change: a disclosure may have been made while this waited for the
    # row.
    consent.refresh_from_db(fields=["shared_at"])
    if consent.shared_at is not None:
        copies.ask_to_destroy(consent, by=by)


@transaction.atomic
def disclose(consent: Consent, *, by: User) -> Disclosure:
    """Seal for the recipient what the person agreed to share, as it is now."""
    case = consent.case
    try:  # first the consent, as where it ends: no deadlock
        consent.share(timezone.now())
    except Refused:
        work_on_case.require(by, case)  # a stranger does not learn that it has ended
        raise
    cases.require_work_on_open(case, by=by)
    now = _consented(consent, by=by)
    if not now.values:
        raise Refused(str(NOTHING_WRITTEN))
    disclosure = disclosures.make_disclosure(
        now.values,
        beside=now.beside,
        consent=consent.pk,
        case=case.pk,
        sender=case.team,
        recipient=consent.recipient,
        purpose=consent.purpose,
        expires_at=consent.expires_at,
        by=by,
    )
    if consent.has_conditions:
        said = open_answer(consent, by=by, purpose="disclosure")
        _pass_on_conditions(said["conditions"], disclosure, by=by)
    log.record(
        "disclosed",
        disclosure,
        by=by,
        case=case.pk,
        purpose=consent.purpose,
        consent=str(consent.pk),
        recipient=consent.recipient_id,
        fields=disclosure.fields,
    )
    return disclosure


@transaction.atomic
def replace_vital_interest(
    interest: VitalInterest, consent: Consent, *, by: User
) -> None:
    """Replace what was shared without consent by the person's consent: from now on the
    recipient reads exactly what she agreed to."""
    if (
        consent.case_id != interest.case_id
        or consent.need_id != interest.need_id
        or consent.recipient_id != interest.recipient_id
    ):
        raise Refused(_("The person has not agreed to share with this service."))
    consent.share(timezone.now())
    work_on_case.require(by, consent.case)
    now = _consented(consent, by=by)
    if not now.values:
        raise Refused(str(NOTHING_WRITTEN))
    vital_interests.end_with_consent(interest, kept=now.values, by=by)
    made = disclosures.move_to_consent(
        now.values,
        beside=now.beside,
        was=interest.pk,
        consent=consent.pk,
        until=consent.expires_at,
        by=by,
    )
    if consent.has_conditions:
        said = open_answer(consent, by=by, purpose="disclosure")
        for disclosure in made:
            _pass_on_conditions(said["conditions"], disclosure, by=by)
    log.record(
        "replaced vital interest by consent",
        interest,
        by=by,
        case=interest.case_id,
        consent=str(consent.pk),
        fields=sorted(now.values),
    )


@transaction.atomic
def hold_back(
    some: Sequence[Consent], *, by: User, letters: Letters | None = None
) -> list[Disclosure]:
    """Seal for each of these teams what the person agreed to share, with the letters
    that go along, held back until it accepts: one case, opened once. In the order of
    the consents."""
    case = some[0].case
    rows = Consent.objects.standing().filter(pk__in=[c.pk for c in some], case=case)
    # In one order, as in `_hold`: two that lock several never wait for each other.
    held = rows.select_for_update().order_by("pk").values_list("pk", flat=True)
    if len(held) < len({consent.pk for consent in some}):
        work_on_case.require(by, case)  # a stranger does not learn that it has ended
        raise Refused(_("There is no longer consent for this. Ask the person again."))
    cases.require_work_on_open(case, by=by)
    contents = _consented_each(some, by=by)
    if not all(now.values for now in contents):
        raise Refused(str(NOTHING_WRITTEN))
    said = _conditions_of(some, by=by)
    made = disclosures.make_disclosures(
        [
            disclosures.DisclosureDraft(
                now.values,
                beside=now.beside,
                consent=consent.pk,
                recipient=consent.recipient,
                expires_at=consent.expires_at,
                letters={**said.get(consent.pk, {}), **(letters or {})},
            )
            for consent, now in zip(some, contents, strict=True)
        ],
        case=case.pk,
        sender=case.team,
        purpose=some[0].purpose,
        by=by,
        held_back=True,
    )
    log.record(
        "held back disclosures",
        case,
        by=by,
        case=case.pk,
        purpose=some[0].purpose,
        consents=[str(consent.pk) for consent in some],
        recipients=[consent.recipient_id for consent in some],
        fields=sorted({field for disclosure in made for field in disclosure.fields}),
    )
    return made


@transaction.atomic
def release(consent: Consent, disclosure: UUID, *, by: User) -> Disclosure:
    """Release to the recipient, who has just accepted, what was held back: from now on
    it is shared. Part of an action that asks whether `by` answers for them."""
    consent.share(timezone.now())
    signed_consents.require_to_share([consent])
    released = disclosures.release(disclosure)
    log.record(
        "released disclosure",
        released,
        by=by,
        case=consent.case_id,
        purpose=consent.purpose,
        consent=str(consent.pk),
        recipient=consent.recipient_id,
        fields=released.fields,
    )
    return released


@transaction.atomic
def close_unused(some: Iterable[Consent], *, by: User | None) -> int:
    """End those of these consents under which nothing was ever shared: what was held
    back is destroyed, and no recipient has copies to destroy. Return how many."""
    wanted = [consent.pk for consent in some]
    # One that is being withdrawn, or used, at this moment is left to them.
    unused = Consent.objects.select_for_update(skip_locked=True).filter(
        pk__in=wanted, status=GIVEN, shared_at=None
    )
    found = list(unused.order_by("pk"))
    held = Disclosure.objects.filter(consent__in=[c.pk for c in found])
    disclosures.destroy_held_back(list(held.values_list("pk", flat=True)))
    for consent in found:
        consent.move(Consent.Status.UNUSED, ended_at=timezone.now())
        signed_consents.record_end(consent, by=by)
        log.record("closed unused consent", consent, by=by, case=consent.case_id)
    return len(found)


def _conditions_of(some: Sequence[Consent], *, by: User) -> dict[UUID, Letters]:
    """Open what the person asks of these recipients, as a letter to each; opened
    once."""
    asking_more = {c.document: c.pk for c in some if c.has_conditions}
    if not asking_more:
        return {}
    opened = documents.open_documents(
        some[0].case_id, [SEALED_IN], by=by, purpose="disclosure", names=asking_more
    )
    return {
        asking_more[name]: {CONDITIONS: {"words": document.content["conditions"]}}
        for (_part, name), document in opened.items()
    }


def _pass_on_conditions(words: str, disclosure: Disclosure, *, by: User) -> None:
    disclosures.write_letter(disclosure, CONDITIONS, {"words": words}, by=by)


def _replace_conditions(consent: Consent, words: str, *, by: User) -> None:
    """Replace the conditions at the recipient."""
    # Deleted first: what she no longer asks must not be read together with what she
    # asks now.
    disclosures.delete_letters(consent=consent.pk, name=CONDITIONS)
    if words:
        for disclosure in Disclosure.objects.filter(consent=consent.pk):
            _pass_on_conditions(words, disclosure, by=by)


def open_answer(consent: Consent, *, by: User, purpose: str) -> dict[str, Any]:
    """Open the conditions and the text that was heard, with an audit event."""
    answer = _sealed(consent, by=by, purpose=purpose)
    return answer.content if answer else {}


def _sealed(consent: Consent, *, by: User, purpose: str) -> OpenedDocument | None:
    opened = documents.open_documents(
        consent.case_id, [SEALED_IN], by=by, purpose=purpose, names=[consent.document]
    )
    return opened.get((SEALED_IN, consent.document))


@transaction.atomic
def confirm_destruction(
    destruction: Destruction,
    *,
    answer: Destruction.Answer = Destruction.Answer.DESTROYED,
    by: User,
) -> Destruction:
    """Record the recipient's answer that its copies are gone."""
    confirm_destroyed.require(by, destruction)
    destruction.confirm(answer, confirmed_at=timezone.now(), confirmed_by=by)
    log.record(
        "confirmed destruction",
        destruction,
        by=by,
        case=destruction.basis.case_id,
        answer=answer,
    )
    return destruction


@transaction.atomic
def confirm_destruction_outside(
    destruction: Destruction,
    *,
    answer: Destruction.Answer = Destruction.Answer.DESTROYED,
    by: CodeBearer,
) -> Destruction:
    """Record it for a recipient without accounts, by the holder of its return slip."""
    destruction.confirm(answer, confirmed_at=timezone.now())
    log.record(
        "confirmed destruction",
        destruction,
        by=by,
        case=destruction.basis.case_id,
        answer=answer,
    )
    return destruction


def remind_silent() -> int:
    """Remind each recipient that has not confirmed; return how many."""
    silent = list(Destruction.objects.to_remind().order_by("told_at"))
    return run_in_turn(partial(_remind, destruction) for destruction in silent)


@transaction.atomic
def _remind(destruction: Destruction) -> bool:
    still = Destruction.objects.to_remind().filter(pk=destruction.pk)
    if not still.update(reminded_at=timezone.now()):
        return False
    log.record("reminded to destroy", destruction, by=None)
    transaction.on_commit(partial(tasks.notify_to_destroy.enqueue, destruction.pk))
    return True


def _asked(
    case: Case,
    recipients: Sequence[Team],
    *,
    purpose: Consent.Purpose,
    need: Need | None,
    by: User,
) -> ConsentFormContext:
    """Open what could be shared with these teams, if the person may be asked about
    them."""
    if not recipients or len({team.pk for team in recipients}) < len(recipients):
        raise Refused(_("Choose the teams to ask, each only once."))
    if (purpose == Consent.Purpose.REFERRAL) != (need is not None):
        raise Refused(_("Choose the need you are asking help for."))
    if need is not None and need.case_id != case.pk:
        raise Refused(_("Choose the need you are asking help for."))
    asked = consent_questions.open_question(
        case, recipients=recipients, purpose=purpose, need=need, by=by
    )
    _may_be_asked(asked)
    return asked


def _heard(
    asked: ConsentFormContext,
    *,
    fields: Collection[str],
    expires_at: datetime,
    language: str,
    given_by: Consent.GivenBy,
    understood: bool,
    why_alone: str,
    letters: Collection[str],
) -> tuple[ConsentText, ConsentPayload]:
    """Build what the person heard, if they may answer it; and what it was about."""
    for recipient in asked.recipients:
        _may_be_shared(fields, recipient, Consent.Purpose(asked.purpose))
    _ends_in_time(expires_at)
    if not understood:
        raise Refused(str(SAY_IT))
    by = Consent.GivenBy(given_by)
    guardianship.require(asked.identity, by, why_alone=why_alone)
    payload = asked.payload(fields, expires_at=expires_at, letters=letters)
    if not payload.fields:
        raise Refused(str(NOTHING_WRITTEN))
    return consent_text.build_wording(language, payload, child=asked.child), payload


def _may_be_asked(asked: ConsentFormContext) -> None:
    for recipient in asked.recipients:
        if recipient.pk == asked.case.team_id:
            raise Refused(_("You don’t need consent to share within your own team."))
        if recipient.organisation.admitted_at is None:
            raise Refused(
                _("This organisation has not been admitted to the mechanism.")
            )


def _may_be_shared(
    fields: Collection[str], recipient: Team, purpose: Consent.Purpose
) -> None:
    """Require what is within the ceiling of the recipient's sphere, which no one can
    raise."""
    sphere = Sphere(recipient.organisation.sphere)
    if not CEILING[sphere]:
        raise Refused(_("Nothing can be sent to border or immigration services."))
    if not fields:
        raise Refused(_("Choose at least one thing that may be shared."))
    if not all(field in FIELDS for field in fields):
        raise Refused(_("One of your choices is not part of a case."))
    if not all(disclosures.is_allowed(sphere, field) for field in fields):
        raise Refused(
            _(
                "Some of this information may never be sent to this kind of "
                "organisation."
            )
        )
    if not all(is_suitable(purpose, field) for field in fields):
        raise Refused(
            _("For figures, you can’t share anything that shows who a person is.")
        )


def _ends_in_time(expires_at: datetime) -> None:
    now = timezone.now()
    if expires_at <= now:
        raise Refused(_("Choose an end date in the future."))
    if expires_at > now + LONGEST:
        raise Refused(_("Consent lasts one year at most. After that, ask again."))


def _consented_each(some: Sequence[Consent], *, by: User) -> "list[ConsentState]":
    """Open exactly the consented fields of each that have a value. Raises `Tampered`
    where anything differs from what was heard and signed."""
    givers = signed_consents.require_heard(some, by=by)
    known: dict[tuple[Any, ...], ConsentState] = {}
    found = []
    for consent in some:
        # What was agreed alike is looked up once.
        alike = (*consent.fields, consent.need_id)
        if alike not in known:
            known[alike] = _as_it_stands(consent, by=by)
        now = known[alike]
        # Asked again, though it was asked when she agreed: that an organisation is to
        # be avoided, or that a guardian is under suspicion, may have become known only
        # since.
        consent_questions.require_in_bounds([consent.recipient], now.need)
        avoided.require_wanted(consent.recipient.organisation_id, now.to_avoid)
        _require_still_theirs(givers[consent.pk], now.identity)
        found.append(now)
    return found


def _consented(consent: Consent, *, by: User) -> "ConsentState":
    [now] = _consented_each([consent], by=by)
    return now


def _require_still_theirs(
    given_by: Consent.GivenBy, identity: Mapping[str, Any]
) -> None:
    """Refuse where who answered could not answer for this person any more."""
    if why := guardianship.describe_obstacle(identity, given_by):
        raise Refused(
            _("%(why)s The earlier consent no longer applies. Ask again.")
            % {"why": why}
        )


@dataclass(frozen=True)
class ConsentState:
    """What a case holds now: of what was agreed, and of who may agree."""

    values: dict[str, Any]
    to_avoid: frozenset[int]
    identity: Mapping[str, Any]
    need: Need | None
    """Which help is asked for, opened."""

    @property
    def beside(self) -> dict[str, str]:
        return build_beside(self.need)


def _as_it_stands(consent: Consent, *, by: User) -> ConsentState:
    """Open the consented fields that have a value, the organisations to avoid, and who
    the person is."""
    asked = [FIELDS[key] for key in consent.fields if key in FIELDS]
    # Who the person is decides who may agree, so it is read in any case.
    parts = {Compartment.IDENTITY, *(field.compartment for field in asked)}
    of_words = consent.need is not None or WORDS in consent.fields
    needs = (
        consent_questions.list_needs_asked(consent.case, consent.need)
        if of_words
        else []
    )
    if needs:
        parts.add(need_kinds.PART)
    opened = documents.open_documents(
        consent.case_id,
        parts,
        by=by,
        purpose="disclosure",
        names=[RECORD, avoided.NAME, *(need.document for need in needs)],
    )
    need_kinds.read(needs, opened)
    if consent.need is not None:
        need_kinds.require([consent.need])
    # Each reading is an event in the log: none of its own where the part is open
    # already.
    to_avoid = (
        avoided.get_organisations(opened)
        if avoided.SEALED_IN in parts
        else avoided.open_organisations(consent.case, by=by)
    )
    told = consent_questions.list_shareable_needs(needs, [consent.recipient])
    records = consent_questions.collect_records(opened, told)
    values = {f.key: records.get(f.compartment, {}).get(f.name) for f in asked}
    return ConsentState(
        values={key: value for key, value in values.items() if has_value(value)},
        to_avoid=to_avoid,
        identity=records.get(Compartment.IDENTITY, {}),
        need=consent.need,
    )
