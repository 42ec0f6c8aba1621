"""The work ends: with a checklist, a reason, a second pair of eyes, an open door."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases.actions.assignments import require_not_offered
from amana.care.cases.closing import CHECKLIST, REQUIRED
from amana.care.cases.due import refresh_deadline
from amana.care.cases.events import (
    case_closed,
    case_closing,
    closure_declined,
    closure_proposed,
)
from amana.care.cases.models import Case, Closure, ClosureReason
from amana.care.cases.retention import read_birth_year
from amana.care.cases.rules import supervise_case, work_on_case
from amana.care.pending import actions as pending
from amana.care.pending.models import PendingDecision
from amana.errors import Changed, Refused
from amana.trust.access.models import Membership, Role, User
from amana.trust.alarms.decoys import is_decoy
from amana.trust.audit import log
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment

CLOSE = "cases.close"
"""The decision that can be undone, by its kind."""


@transaction.atomic
def propose_closure(
    case: Case,
    *,
    reason: str,
    checklist: Collection[str],
    words: str = "",
    left_open: str = "",
    by: User,
) -> Closure:
    """Propose to end the work, for the supervisor to review. Raises `Changed` when a
    colleague has proposed it already."""
    work_on_case.require(by, case)
    _may_end(case, reason, checklist, left_open, by=by)
    closure = Closure(case=case, proposed_by=by)
    try:
        # The constraint `closure_one_waiting` decides between two proposals at once.
        # The inner block is a savepoint: without it PostgreSQL would refuse everything
        # after the error.
        with transaction.atomic():
            closure.save(force_insert=True)
    except IntegrityError as error:
        raise Changed(
            _("A colleague has already proposed to close this case.")
        ) from error
    _seal(closure, reason, checklist, words, left_open, by=by)
    log.record("proposed closure", closure, by=by, case=case.pk)
    closure_proposed.send(Closure, closure=closure, by=by)
    return closure


@transaction.atomic
def close(
    case: Case,
    *,
    reason: str,
    checklist: Collection[str],
    words: str = "",
    left_open: str = "",
    by: User,
) -> Case:
    """End the work: a supervisor does, on a worker's proposal or alone; a worker only
    in a team where no other supervisor could review it."""
    _may_decide(case, by=by)
    _may_end(case, reason, checklist, left_open, by=by)
    closure = Closure(case=case)
    _seal(closure, reason, checklist, words, left_open, by=by)
    return _close(case, closure, reason, read_birth_year(case, by=by), by=by)


@transaction.atomic
def decide_to_close(
    case: Case,
    *,
    reason: str,
    checklist: Collection[str],
    words: str = "",
    left_open: str = "",
    due_at: datetime,
    made_at: datetime | None = None,
    by: User,
) -> PendingDecision:
    """Hold the closure back: it can be undone until `due_at`. What was written goes
    into the case sealed, under the name of a closure that doesn't exist yet. `made_at`:
    as in `pending.hold_decision`."""
    _may_decide(case, by=by)
    _may_end(case, reason, checklist, left_open, by=by)
    closure = Closure(case=case)
    _seal(closure, reason, checklist, words, left_open, by=by)
    # The choices are in the clear: the timer that carries them out has no key (ADR 49).
    # So they hold whether something was left open, not what; and the year of birth is
    # read now, while keys are at hand.
    choices = {
        "reason": reason,
        "checklist": sorted(checklist),
        "left_open": bool(left_open.strip()),
        "closure": str(closure.pk),
        "born_in": read_birth_year(case, by=by),
    }
    return pending.hold_decision(
        CLOSE,
        case,
        due_at=due_at,
        made_at=made_at,
        by=by,
        about=case.pk,
        choices=choices,
    )


@transaction.atomic
def close_as_decided(
    case: Case,
    *,
    reason: str,
    checklist: Collection[str],
    left_open: bool,
    closure: str,
    born_in: int | None = None,
    by: User,
) -> Case:
    """End the work as decided ten minutes ago. All rules are checked again; what was
    written is sealed already. The reason goes to the figures once more and is then kept
    nowhere else."""
    _may_decide(case, by=by)
    _may_end(case, reason, checklist, "-" if left_open else "", by=by)
    ending = Closure(pk=UUID(closure), case=case)
    return _close(case, ending, reason, born_in, by=by)


def discard(decision: PendingDecision) -> None:
    """Destroy what was written for a closing that was undone, or failed."""
    closure = Closure(pk=UUID(decision.choices["closure"]))
    if not Closure.objects.filter(pk=closure.pk).exists():
        documents.discard(decision.thing, Compartment.NEEDS, closure.document)


def _may_decide(case: Case, *, by: User) -> None:
    """Require that `by` may end the work without a second person."""
    if not supervise_case.permits(by, case):
        require_lasting_work(case, by=by)
        # A decoy needs no review, and a reviewer would learn which case it is (ADR 67).
        if has_other_supervisor(case, by) and not is_decoy(case.pk):
            raise Refused(
                _("A supervisor must review this first. Propose the closure instead.")
            )


def require_lasting_work(case: Case, *, by: User) -> None:
    """Require an assignment without an end: emergency access opens a case for a day,
    and neither ends nor begins the work (ADR 57)."""
    work_on_case.require(by, case)
    if not case.assignments.lasting().filter(worker=by).exists():
        raise Refused(
            _(
                "You have only emergency access to this case. Ask the colleague who "
                "leads it to do this."
            )
        )


def _close(
    case: Case, closure: Closure, reason: str, child: int | None, *, by: User
) -> Case:
    now = timezone.now()
    reviewed = {"reviewed_by": by, "reviewed_at": now, "agreed": True}
    case.closures.waiting().update(**reviewed)
    for name, value in (reviewed | {"proposed_by": by}).items():
        setattr(closure, name, value)
    closure.save(force_insert=True)
    case.follow_ups.open().update(done_at=now)
    case.change(closed_at=now, child_born_in=child, waits_until=None)
    log.record("closed case", case, by=by, case=case.pk)
    case_closed.send(Case, case=case, reason=reason, by=by)
    return case


@transaction.atomic
def decline_closure(closure: Closure, *, words: str, by: User) -> Closure:
    """Send the closure back, with what is left to do. Raises `Changed` when it has
    already been reviewed."""
    supervise_case.require(by, closure.case)
    if not words.strip():
        raise Refused(_("Describe what still needs to be done."))
    now = timezone.now()
    waiting = Closure.objects.waiting().filter(pk=closure.pk)
    if not waiting.update(reviewed_by=by, reviewed_at=now, agreed=False):
        raise Changed(_("This proposal has already been reviewed."))
    closure.reviewed_by, closure.reviewed_at = by, now
    documents.write(
        closure.case_id,
        Compartment.NEEDS,
        {"words": words, "by": by.name},
        by=by,
        name=closure.answer_document,
    )
    log.record("declined closure", closure, by=by, case=closure.case_id)
    closure_declined.send(Closure, closure=closure, by=by)
    return closure


@transaction.atomic
def reopen(case: Case, *, by: User) -> Case:
    """Reopen a closed case: the person came back, or the closure was wrong."""
    if not supervise_case.permits(by, case):
        require_lasting_work(case, by=by)
    if case.closed_at is None:
        raise Changed(_("This case has already been reopened."))
    case.change(closed_at=None, child_born_in=None)
    refresh_deadline(case)
    log.record("reopened case", case, by=by, case=case.pk)
    return case


def _may_end(
    case: Case, reason: str, checklist: Collection[str], left_open: str, *, by: User
) -> None:
    # First, because it locks the case: the needs and the offer below stay as they are
    # read here until the closure is written.
    if not case.still_open():
        raise Changed(_("This case is already closed."))
    if reason not in ClosureReason.values:
        raise Refused(_("Choose a reason."))
    if not set(checklist) <= CHECKLIST.keys():
        raise Refused(
            _("One of the ticked items is not on the list. Tick the items again.")
        )
    missing = [item for item in REQUIRED if item not in checklist]
    if missing and not left_open.strip():
        raise Refused(_("Tick what is done, or explain why something is left open."))
    if case.needs.unsettled().exists() and not left_open.strip():
        raise Refused(
            _("Some needs are still outstanding. Explain why they are left open.")
        )
    require_not_offered(case)
    case_closing.send(Case, case=case, by=by, left_open=left_open)


def _seal(
    closure: Closure,
    reason: str,
    checklist: Collection[str],
    words: str,
    left_open: str,
    *,
    by: User,
) -> None:
    content = {
        "reason": reason,
        "checklist": sorted(checklist),
        "words": words,
        "left_open": left_open,
        "by": by.name,
    }
    name, part = closure.document, Compartment.NEEDS
    documents.write(closure.case_id, part, content, by=by, name=name)


def has_other_supervisor(case: Case, by: User) -> bool:
    """Ask whether another supervisor could review the end of this work."""
    if case.restricted:
        # A supervisor who is not named has no key of a restricted case, and so nothing
        # to review.
        named = case.assignments.current().values("worker")
        return _supervisors(case, by).filter(user__in=named).exists()
    return _supervisors(case, by).exists()


def _supervisors(case: Case, by: User) -> QuerySet[Membership]:
    held = Membership.objects.holding([Role.SUPERVISOR])
    return held.filter(team=case.team_id, user__is_active=True).exclude(user=by)
