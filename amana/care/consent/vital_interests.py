"""Vital interests in place of consent: a life is in danger, and the person can't
be asked.

It is another kind of record than a consent, and never counts as one: who records it
sends at once; a second person confirms within the hour or takes it back; the person is
informed as soon as possible. It is there only where the mechanism's own law allows it,
and never overrides a refusal of hers."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases import actions as cases
from amana.care.cases import need_kinds, signed_case
from amana.care.cases.fields import FIELDS
from amana.care.cases.models import Case, Need
from amana.care.cases.rules import work_on_case
from amana.care.consent import consent_questions, copies, tasks
from amana.care.consent.events import vital_interest_ended
from amana.care.consent.models import Consent, VitalInterest
from amana.care.consent.payload import build_beside
from amana.care.consent.purposes import WORDS
from amana.care.consent.rules import (
    confirm_vital_interest,
    may_object_to_vital_interest,
    see_vital_interest,
)
from amana.care.consent.values import has_value
from amana.design.mechanism import labels
from amana.design.mechanism.choosing import find_version_of
from amana.design.mechanism.pack.pack_model import Provision
from amana.errors import Refused
from amana.trust.access.models import Sphere, Team, User
from amana.trust.audit import log
from amana.trust.vault import disclosures, documents, heartbeat, manifest
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.disclosures import is_allowed
from amana.trust.vault.documents import RECORD
from amana.trust.vault.models import Disclosure
from amana.turns import run_in_turn

SEALED_IN = Compartment.CONTACT
"""What the danger was is a word of safety, as the conditions of a consent are."""

NEEDED = (
    "identity.name",
    "identity.age",
    "identity.child",
    "identity.sex",
    "identity.languages",
    WORDS,
    "needs.area",
)
"""All that may be told without consent: whom to help, with what, where. Never what she
told of what happened to her, nor anything of the law or of how to reach her."""

NEEDED_IN: dict[Sphere, tuple[str, ...]] = {Sphere.HEALTH: ("health.summary",)}

End = VitalInterest.End


def find_provision(case: Case) -> Provision | None:
    """Find the provision that permits vital interests in place of consent, in the
    mechanism that the case follows."""
    version = find_version_of(case.mechanism_id)
    laws = version.pack.law.values() if version else ()
    return next((p for p in laws if p.vital_interests and p.ratified_on), None)


def format_provision(provision: Provision) -> str:
    """Format the law and the article, in the reader's language."""
    parts = (provision.instrument, provision.provision)
    return " · ".join(labels.choose_words(part) for part in parts)


def list_fields(sphere: str) -> list[str]:
    """List what could be shared with this kind of organisation, within its ceiling."""
    needed = {*NEEDED, *NEEDED_IN.get(Sphere(sphere), ())}
    return [key for key in FIELDS if key in needed and is_allowed(sphere, key)]


def describe_obstacle(need: Need, recipient: Team) -> str:
    """Describe why nothing may be shared with this team without consent; else empty."""
    if find_provision(need.case) is None:
        return _("The mechanism’s law does not allow sharing this without consent.")
    # The person's own answer has priority: no danger overrides a refusal (ADR 41).
    said_no = [Consent.Status.REFUSED, Consent.Status.WITHDRAWN]
    theirs = Consent.objects.filter(case=need.case_id, recipient=recipient)
    if theirs.filter(status__in=said_no).exists():
        return _(
            "The person has refused this team, or withdrawn consent. Nothing "
            "can be sent to it without consent."
        )
    ended = VitalInterest.objects.filter(case=need.case_id, recipient=recipient)
    if ended.filter(end=End.OBJECTED).exists():
        return _(
            "The person has refused this team, or withdrawn consent. Nothing "
            "can be sent to it without consent."
        )
    if ended.filter(need=need, end=End.REJECTED).exists():
        return _(
            "A second person has rejected this. Ask the person, or your supervisor."
        )
    return ""


@transaction.atomic
def disclose(
    need: Need,
    *,
    recipient: Team,
    reason: VitalInterest.Reason,
    words: str,
    by: User,
) -> tuple[VitalInterest, Disclosure]:
    """Record why the person can't be asked, and seal for the recipient the least that
    it needs. A second person is asked to confirm; nothing waits for that."""
    case = need.case
    cases.require_work_on_open(case, by=by)
    # The law is that of the case's mechanism: not of one that was slipped into the row.
    manifest.require_facts(case.pk, signed_case.build_facts_reader(case))
    need_kinds.learn([need], by=by)
    consent_questions.require_in_bounds([recipient], need)
    if why_not := describe_obstacle(need, recipient):
        raise Refused(why_not)
    if not words.strip():
        raise Refused(_("Describe the danger, and why the person can’t be asked."))
    if recipient.pk == case.team_id:
        raise Refused(_("You don’t need consent to share within your own team."))
    provision = find_provision(case)
    assert provision is not None
    content = _content(need, recipient, by=by)
    now = timezone.now()
    interest = VitalInterest.objects.create(
        case=case,
        need=need,
        recipient=recipient,
        fields=sorted(content),
        reason=reason,
        provision=provision.id,
        recorded_by=by,
        recorded_at=now,
        confirm_by=now + VitalInterest.CONFIRM_WITHIN,
        expires_at=now + VitalInterest.LASTS,
    )
    sealed = {"words": words}
    documents.write(case.pk, SEALED_IN, sealed, by=by, name=interest.document)
    disclosure = disclosures.make_disclosure(
        content,
        consent=interest.pk,
        case=case.pk,
        sender=case.team,
        recipient=recipient,
        purpose=Consent.Purpose.REFERRAL,
        expires_at=interest.expires_at,
        by=by,
        beside=build_beside(need),
    )
    log.record(
        "disclosed in vital interest",
        interest,
        by=by,
        case=case.pk,
        reason=reason,
        provision=provision.id,
        recipient=recipient.pk,
        fields=interest.fields,
    )
    transaction.on_commit(partial(tasks.notify_to_confirm.enqueue, str(interest.pk)))
    return interest, disclosure


def _content(need: Need, recipient: Team, *, by: User) -> dict[str, object]:
    """Open what is needed and recorded; at least the need itself is shared next to
    it."""
    asked = [FIELDS[key] for key in list_fields(recipient.organisation.sphere)]
    opened = documents.open_documents(
        need.case_id,
        {field.compartment for field in asked},
        by=by,
        purpose="disclosure",
        names=[RECORD, need.document],
    )
    records = consent_questions.collect_records(opened, [need])
    values = {f.key: records.get(f.compartment, {}).get(f.name) for f in asked}
    return {key: value for key, value in values.items() if has_value(value)}


def open_danger(interest: VitalInterest, *, by: User) -> str:
    """Open what the danger was, with an audit event."""
    see_vital_interest.require(by, interest)
    name = interest.document
    opened = documents.open_documents(
        interest.case_id, [SEALED_IN], by=by, purpose="vital interest", names=[name]
    )
    found = opened.get((SEALED_IN, name))
    return str(found.content.get("words", "")) if found else ""


# --- the second person


@transaction.atomic
def confirm(interest: VitalInterest, *, by: User) -> VitalInterest:
    """Confirm, as the second person, that it was right."""
    confirm_vital_interest.require(by, interest)
    if not interest.decide(confirmed_by=by, confirmed_at=timezone.now()):
        raise _decided()
    log.record("confirmed vital interest", interest, by=by, case=interest.case_id)
    return interest


@transaction.atomic
def reject(interest: VitalInterest, *, by: User) -> VitalInterest:
    """Take back, as the second person, what was shared: it is gone when this
    returns."""
    confirm_vital_interest.require(by, interest)
    ended = _ended(End.REJECTED, by)
    if not interest.decide(**ended):
        raise _decided()
    _take_back(interest, by=by)
    log.record("rejected vital interest", interest, by=by, case=interest.case_id)
    return interest


# --- the person


@transaction.atomic
def record_person_informed(interest: VitalInterest, *, by: User) -> VitalInterest:
    """Record that the person knows now with whom what was shared, and why."""
    work_on_case.require(by, interest.case)
    if not interest.tell(told_by=by, told_at=timezone.now()):
        raise Refused(_("The person has already been informed."))
    log.record("told person of vital interest", interest, by=by, case=interest.case_id)
    return interest


@transaction.atomic
def record_objection(interest: VitalInterest, *, by: User) -> VitalInterest:
    """Record that the person objects: what was shared is gone when this returns."""
    may_object_to_vital_interest.require(by, interest)
    if not interest.change(**_ended(End.OBJECTED, by)):
        raise _over()
    # She objects, so she has been informed.
    interest.tell(told_by=by, told_at=timezone.now())
    _take_back(interest, by=by)
    log.record("objected to vital interest", interest, by=by, case=interest.case_id)
    return interest


def end_refused(case: Case, recipient: Team, *, by: User) -> None:
    """End what a team received without consent, once the person refuses it. Part of an
    action that asked who may record her answer."""
    live = VitalInterest.objects.live().filter(case=case, recipient=recipient)
    for interest in live.select_related("case").order_by("pk"):
        if interest.change(**_ended(End.OBJECTED, by)):
            interest.tell(told_by=by, told_at=timezone.now())
            _take_back(interest, by=by)


def end_with_consent(
    interest: VitalInterest, *, kept: Mapping[str, object], by: User
) -> None:
    """End it because her consent replaces it. Of what she did not agree to, the
    recipient destroys its copies. Part of an action that asked who may."""
    if not interest.change(**_ended(End.CONSENTED, by)):
        raise _over()
    interest.tell(told_by=by, told_at=timezone.now())
    if not set(interest.fields) <= set(kept):
        copies.ask_to_destroy(interest, by=by)


# --- the clock


def chase() -> tuple[int, int]:
    """Notify people of those not confirmed yet, once each; end those whose time is
    over."""
    now = timezone.now()
    late = list(VitalInterest.objects.to_escalate(now).order_by("confirm_by", "pk"))
    over = list(VitalInterest.objects.lapsed(now).order_by("expires_at", "pk"))
    if heartbeat.is_in_doubt():
        over = []  # what is over is unreadable; it goes once the time is confirmed
    told = run_in_turn(partial(_escalate, interest, now) for interest in late)
    return told, run_in_turn(partial(_expire, interest, now) for interest in over)


@transaction.atomic
def _escalate(interest: VitalInterest, now: datetime) -> bool:
    still = VitalInterest.objects.to_escalate(now).filter(pk=interest.pk)
    if not still.update(escalated_at=now):
        return False
    log.record("told of unconfirmed vital interest", interest, by=None)
    transaction.on_commit(partial(tasks.notify_unconfirmed.enqueue, str(interest.pk)))
    return True


@transaction.atomic
def _expire(interest: VitalInterest, now: datetime) -> bool:
    if not interest.change(**_ended(End.EXPIRED, None, now)):
        return False
    _take_back(interest, by=None)
    log.record("expired vital interest", interest, by=None, case=interest.case_id)
    return True


# --- how


def _ended(end: End, by: User | None, at: datetime | None = None) -> dict[str, object]:
    return {"end": end, "ended_by": by, "ended_at": at or timezone.now()}


def _take_back(interest: VitalInterest, *, by: User | None) -> None:
    """Destroy what was shared, and ask the recipient to destroy its copies."""
    # The caller has ended the record first, as where a consent ends: what is shared at
    # the same moment is destroyed too.
    disclosures.destroy(consent=interest.pk)
    copies.ask_to_destroy(interest, by=by)
    vital_interest_ended.send(VitalInterest, interest=interest, by=by)


def _decided() -> Refused:
    return Refused(_("This has already been decided."))


def _over() -> Refused:
    return Refused(_("This has already ended."))
