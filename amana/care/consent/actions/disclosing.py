"""Disclose what was agreed, hold it back, release it."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases import actions as cases
from amana.care.cases.rules import work_on_case
from amana.care.consent import signed_consents, vital_interests
from amana.care.consent.actions.consent_checks import (
    open_consent_state,
    open_consent_states,
)
from amana.care.consent.actions.consent_records import (
    NOTHING_WRITTEN,
    Letters,
    open_answer,
)
from amana.care.consent.models import Consent, VitalInterest
from amana.care.consent.payload import CONDITIONS
from amana.care.consent.sealed import SEALED_IN
from amana.errors import Refused
from amana.trust.access.models.organisations import User
from amana.trust.audit import log
from amana.trust.vault import disclosures, documents
from amana.trust.vault.models.shared_copies import Disclosure


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
    now = open_consent_state(consent, by=by)
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
    now = open_consent_state(consent, by=by)
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
    contents = open_consent_states(some, by=by)
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


def replace_conditions(consent: Consent, words: str, *, by: User) -> None:
    """Replace the conditions at the recipient."""
    # Deleted first: what she no longer asks must not be read together with what she
    # asks now.
    disclosures.delete_letters(consent=consent.pk, name=CONDITIONS)
    if words:
        for disclosure in Disclosure.objects.filter(consent=consent.pk):
            _pass_on_conditions(words, disclosure, by=by)
