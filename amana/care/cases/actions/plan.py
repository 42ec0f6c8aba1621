"""What is to be done next, by when; how safe the person is."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases import safety
from amana.care.cases.actions.needs import require_open
from amana.care.cases.due import refresh_deadline
from amana.care.cases.events import follow_up_finished
from amana.care.cases.models import Case, FollowUp, Urgency
from amana.care.cases.rules import list_writable_parts, work_on_case
from amana.care.cases.safety import SafetyAssessment
from amana.errors import Changed, Refused
from amana.trust.access.models import User
from amana.trust.audit import log
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.models import generate_uuid7

Kind = FollowUp.Kind


@transaction.atomic
def plan_follow_up(
    case: Case,
    *,
    due_at: datetime,
    words: str = "",
    kind: str = Kind.OTHER,
    by: User,
) -> FollowUp:
    """Plan something for the person; what it is about is sealed with the needs. Raises
    `Refused` when the date is not in the future."""
    work_on_case.require(by, case)
    require_open(case)
    if due_at <= timezone.now():
        raise Refused(_("Choose a future date for the follow-up."))
    follow_up = FollowUp.objects.create(case=case, kind=kind, due_at=due_at)
    if words.strip():
        content = {"words": words, "by": by.name}
        documents.write(
            case.pk, Compartment.NEEDS, content, by=by, name=follow_up.document
        )
    refresh_deadline(case)
    log.record("planned follow-up", follow_up, by=by, case=case.pk, kind=kind)
    return follow_up


@transaction.atomic
def finish_follow_up(follow_up: FollowUp, *, words: str = "", by: User) -> FollowUp:
    """Finish a follow-up and seal its outcome. Raises `Changed` when a colleague was
    faster."""
    case = follow_up.case
    work_on_case.require(by, case)
    now = timezone.now()
    if not FollowUp.objects.open().filter(pk=follow_up.pk).update(done_at=now):
        raise Changed(_("A colleague has already done this."))
    follow_up.done_at = now
    if words.strip():
        content = {"words": words, "by": by.name}
        documents.write(
            case.pk, Compartment.NEEDS, content, by=by, name=follow_up.outcome_document
        )
    refresh_deadline(case)
    log.record(
        "finished follow-up", follow_up, by=by, case=case.pk, kind=follow_up.kind
    )
    follow_up_finished.send(FollowUp, follow_up=follow_up, by=by)
    return follow_up


@transaction.atomic
def assess_safety(
    case: Case,
    *,
    answers: Mapping[str, str],
    words: str = "",
    plan: str = "",
    by: User,
) -> SafetyAssessment:
    """Record how safe the person is, and plan the next review. The assessment may make
    the case more urgent, never less."""
    work_on_case.require(by, case)
    require_open(case)
    if Compartment.NARRATIVE not in list_writable_parts(by, case):
        raise Refused(_("This part of the case is not open to your role."))
    assessment = safety.assess(answers)
    content = {
        "answers": {c: a for c, a in answers.items() if c in safety.ITEMS},
        "level": assessment.level,
        "words": words,
        "plan": plan,
        "by": by.name,
    }
    name = f"safety/{generate_uuid7().hex}"
    documents.write(case.pk, Compartment.NARRATIVE, content, by=by, name=name)
    now = timezone.now()
    # One review is enough: this assessment replaces what was planned before.
    case.follow_ups.open().filter(kind=Kind.SAFETY).update(done_at=now)
    FollowUp.objects.create(
        case=case, kind=Kind.SAFETY, due_at=now + assessment.level.review
    )
    if assessment.level.urgency < case.urgency:
        case.change(urgency=assessment.level.urgency)
    refresh_deadline(case)
    log.record("assessed safety", case, by=by, case=case.pk)
    return assessment


@transaction.atomic
def set_urgency(case: Case, urgency: str, *, by: User) -> None:
    """Set the urgency that a person decided on."""
    work_on_case.require(by, case)
    require_open(case)
    case.change(urgency=Urgency(urgency))
    log.record("set urgency", case, by=by, case=case.pk, urgency=urgency)
