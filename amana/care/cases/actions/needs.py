"""What the person lacks, and the status of each need."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models.expressions import Combinable
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases import need_kinds
from amana.care.cases.due import refresh_deadline
from amana.care.cases.events import need_settled
from amana.care.cases.models import REVIEW, Case, Need, UnmetReason, Urgency
from amana.care.cases.rules import work_on_case
from amana.care.pending import actions as pending
from amana.care.pending.models import PendingDecision
from amana.design.directory.taxonomy import ServiceType
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.access.rules import Denied
from amana.trust.audit import log

ANSWER = "cases.answer_need"
"""The decision that can be undone, by its kind."""


@dataclass(frozen=True)
class StatedNeed:
    """A need as it is spoken of at a first meeting."""

    type: str
    urgency: str
    words: str = ""


@transaction.atomic
def raise_need(
    case: Case, *, type: str, urgency: str, words: str = "", by: User
) -> Need:
    """Record one more thing that the person needs."""
    work_on_case.require(by, case)
    require_open(case)
    need = write_need(case, StatedNeed(type, urgency, words), by=by)
    refresh_deadline(case)
    log.record(
        "raised need",
        need,
        by=by,
        case=case.pk,
        group=need.group,
        urgency=need.urgency,
    )
    return need


def write_need(case: Case, asked: StatedNeed, *, by: User) -> Need:
    """Create the need's row and seal what exactly it is, with the person's words; part
    of another action."""
    urgency, kind = Urgency(asked.urgency), ServiceType(asked.type)
    need = Need.objects.create(
        case=case,
        group=kind.group,
        urgency=urgency,
        due_at=timezone.now() + urgency.first_step,
    )
    need_kinds.write(need, kind, words=asked.words, by=by)
    if urgency < case.urgency:
        Case.objects.filter(pk=case.pk).update(urgency=urgency)
        case.urgency = urgency
    return need


@transaction.atomic
def answer_need(need: Need, *, status: str, reason: str = "", by: User) -> Need:
    """Record the status of a need that was met, or not, without a referral."""
    _may_answer(need, status, reason, by=by)
    return settle_need(need, status=status, reason=reason, by=by)


@transaction.atomic
def decide_need(
    need: Need, *, status: str, reason: str = "", due_at: datetime, by: User
) -> PendingDecision:
    """Hold back the status of a need: it can be undone until `due_at`."""
    _may_answer(need, status, reason, by=by)
    return pending.hold_decision(
        ANSWER,
        need,
        due_at=due_at,
        by=by,
        about=need.case_id,
        choices={"status": str(status), "reason": reason},
    )


def _may_answer(need: Need, status: str, reason: str, *, by: User) -> None:
    work_on_case.require(by, need.case)
    require_open(need.case)
    if status == Need.Status.REFERRED:
        raise Refused(_("To refer a need, send a referral."))
    if need.status == Need.Status.REFERRED:
        raise Refused(
            _("A service has been asked to meet this need. Update the referral first.")
        )
    if status == Need.Status.UNMET and reason not in UnmetReason.values:
        raise Refused(_("Choose why nothing acceptable was found."))


@transaction.atomic
def settle_need(need: Need, *, status: str, by: User | None, reason: str = "") -> Need:
    """Set the status of a need and record it."""
    set_need_status(need, status, reason=reason)
    log.record(
        "settled need",
        need,
        by=by,
        case=need.case_id,
        status=need.status,
        reason=need.unmet_reason,
    )
    need_settled.send(Need, need=need, by=by)
    return need


def set_need_status(
    need: Need,
    status: str,
    *,
    reason: str = "",
    waits_until: Combinable | None = None,
    held: bool = False,
) -> None:
    """Set the status of a need as a part of another action.

    That action asks who may do it and records it: it is one of the rooms above, where
    the recipient of a referral or a timer acts. Raises `Refused` for an unmet need
    without a reason."""
    status = Need.Status(status)
    unmet = status is Need.Status.UNMET
    if unmet and reason not in UnmetReason.values:
        raise Refused(_("Choose why nothing acceptable was found."))
    urgency = Urgency(need.urgency)
    wait = min(REVIEW, urgency.first_step * 4) if unmet else urgency.first_step
    changes = {
        "status": status,
        "unmet_reason": reason if unmet else "",
        "due_at": timezone.now() + wait,
    }
    Need.objects.filter(pk=need.pk).update(**changes)
    for name, value in changes.items():
        setattr(need, name, value)
    refresh_deadline(need.case, waits_until, held=held)


def require_work_on_open(case: Case, *, by: User) -> None:
    """Require in one query that `by` works on the case and that it is open. Locks the
    case."""
    # A need or an assignment that is inserted meanwhile locks the key of this row:
    # `no_key` doesn't block those, only other changes of the case itself.
    held = Case.objects.select_for_update(no_key=True).filter(pk=case.pk)
    found = work_on_case.among(held, by).values_list("closed_at").first()
    if found is None:
        raise Denied(work_on_case, case)
    if found != (None,):
        raise Refused(_("This case is closed. Reopen it first."))


def require_open(case: Case) -> None:
    """Require that the case is open, and lock it. Raises `Refused`."""
    if not case.still_open():
        raise Refused(_("This case is closed. Reopen it first."))
