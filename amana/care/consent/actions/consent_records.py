"""How a consent is kept: what is sealed with it, what is locked, what it replaces."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from amana.care.cases.models.case_record import Case
from amana.care.consent import copies, guardianship, signed_consents
from amana.care.consent.events import consent_discounted, consent_ended
from amana.care.consent.models import Consent
from amana.care.consent.sealed import SEALED_IN
from amana.errors import Refused
from amana.trust.access.models.organisations import Organisation, User
from amana.trust.audit import log
from amana.trust.vault import disclosures, documents
from amana.trust.vault.documents.compartments_keys import OpenedDocument
from amana.trust.vault.models.shared_copies import Disclosure
from amana.turns import run_in_turn

SAY_IT = gettext_lazy(
    "Ask the person to explain in their own words what they agree to, then "
    "tick this box."
)


NOTHING_WRITTEN = gettext_lazy(
    "None of the information the person agreed to share is recorded in the case yet."
)


type Letters = Mapping[str, Mapping[str, object]]
"""What goes along with what is shared: by name, its content."""


GIVEN, REFUSED = Consent.Status.GIVEN, Consent.Status.REFUSED


WITHDRAWN, EXPIRED = Consent.Status.WITHDRAWN, Consent.Status.EXPIRED


def lock_consents_of_cases(cases: Collection[UUID]) -> list[Consent]:
    """Lock every consent of these cases, so that none is used, or ends, until this
    transaction is over."""
    # All of a case in one order, and before its manifest: one that ends takes along
    # what was asked under others, and two that end at once would each wait for the
    # other's.
    given = Consent.objects.filter(case__in=cases, status=GIVEN)
    return list(given.select_for_update().order_by("pk"))


def lock_earlier_consents(
    at: datetime, *, case: UUID, need: UUID | None, purpose: str, about: Collection[int]
) -> list[Consent]:
    """Lock them all; return each that the person gave before to the same about these
    teams."""
    return [
        consent
        for consent in lock_consents_of_cases([case])
        if (consent.need_id, consent.purpose) == (need, purpose)
        and consent.recipient_id in about
        and consent.heard_at <= at
    ]


def discount_earlier_consents(answer: Consent, *, at: datetime, by: User) -> None:
    """Discount each earlier yes to the same: she has said something else since."""
    for consent in lock_consents_before_answer(answer, at=at):
        if consent != answer:
            discount_consent(consent, by=by)


def lock_consents_before_answer(answer: Consent, *, at: datetime) -> list[Consent]:
    return lock_earlier_consents(
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
    return [
        consent
        for consent in lock_consents_of_cases([case.pk])
        if consent.expires_at > now
    ]


def discount_given_by_others(
    case: Case, identity: Mapping[str, object], *, by: User
) -> None:
    """Discount each consent whose giver, as it is recorded now, can't give it any more.
    Part of the action that recorded it. Where it can't be read who gave it, it is
    discounted too."""
    live = lock_live_consents(case)
    answers = signed_consents.find_answers(live, by=by)
    for consent in live:
        answer = answers.get(consent.pk)
        if answer is None or guardianship.describe_obstacle(identity, answer.given_by):
            discount_consent(consent, by=by)


def discount_consent(consent: Consent, *, by: User) -> None:
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
    lock_consents_of_cases([consent.case_id])
    end_consent(consent, EXPIRED, by=None)
    log.record("expired consent", consent, by=None, case=consent.case_id)
    consent_ended.send(Consent, consent=consent, by=None)


@transaction.atomic
def end_resting_on_sphere(organisation: Organisation) -> None:
    """End each consent to share with an organisation of another sphere than the person
    heard of; part of the act that moves it."""
    given = Consent.objects.live().filter(recipient__organisation=organisation)
    lock_consents_of_cases(list(given.values_list("case", flat=True).distinct()))
    for consent in given.order_by("pk"):
        end_consent(consent, EXPIRED, by=None)
        log.record(
            "ended consent with its sphere", consent, by=None, case=consent.case_id
        )
        consent_ended.send(Consent, consent=consent, by=None)


def end_consent(consent: Consent, to: Consent.Status, *, by: User | None) -> None:
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


def open_answer(consent: Consent, *, by: User, purpose: str) -> dict[str, Any]:
    """Open the conditions and the text that was heard, with an audit event."""
    answer = open_consent_document(consent, by=by, purpose=purpose)
    return answer.content if answer else {}


def open_consent_document(
    consent: Consent, *, by: User, purpose: str
) -> OpenedDocument | None:
    opened = documents.open_documents(
        consent.case_id, [SEALED_IN], by=by, purpose=purpose, names=[consent.document]
    )
    return opened.get((SEALED_IN, consent.document))
