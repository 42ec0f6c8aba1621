"""The work ends: with a checklist, a reason, a second pair of eyes, an open door."""

from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases.actions.people import require_not_offered
from amana.care.cases.closing import CHECKLIST, REQUIRED
from amana.care.cases.due import refresh
from amana.care.cases.events import (
    case_closed,
    case_closing,
    closure_declined,
    closure_proposed,
)
from amana.care.cases.models import Case, Closure, ClosureReason
from amana.care.cases.rules import supervise_case, work_on_case
from amana.errors import Changed, Refused
from amana.trust.access.models import Membership, Role, User
from amana.trust.audit import log
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment


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
    """A worker proposes to end the work; the supervisor looks at it."""
    work_on_case.require(by, case)
    _may_end(case, reason, checklist, left_open, by=by)
    closure = _write(case, reason, checklist, words, left_open, by=by)
    log.record("proposed closure", closure, by=by, case=case.pk, reason=reason)
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
    """End the work: a supervisor, on a worker's proposal or alone; the worker only in a
    team where nobody else could look at it."""
    if not supervise_case.permits(by, case):
        work_on_case.require(by, case)
        if has_other_supervisor(case, by):
            raise Refused(_("A supervisor has to look at this first. Propose it."))
    _may_end(case, reason, checklist, left_open, by=by)
    now = timezone.now()
    reviewed = {"reviewed_by": by, "reviewed_at": now, "agreed": True}
    if not case.closures.waiting().update(**reviewed, reason=reason):
        closure = _write(case, reason, checklist, words, left_open, by=by)
        Closure.objects.filter(pk=closure.pk).update(**reviewed)
    case.follow_ups.open().update(done_at=now)
    case.change(closed_at=now, closure_reason=reason, waits_until=None)
    log.record("closed case", case, by=by, case=case.pk, reason=reason)
    case_closed.send(Case, case=case, by=by)
    return case


@transaction.atomic
def decline_closure(closure: Closure, *, words: str, by: User) -> Closure:
    """The supervisor sees work left to do; the worker reads why."""
    supervise_case.require(by, closure.case)
    if not words.strip():
        raise Refused(_("Write down what is still to be done."))
    now = timezone.now()
    waiting = Closure.objects.waiting().filter(pk=closure.pk)
    if not waiting.update(reviewed_by=by, reviewed_at=now, agreed=False):
        raise Changed(_("This proposal has already been looked at."))
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
    """The person came back, or never should have gone: the work goes on."""
    if not supervise_case.permits(by, case):
        work_on_case.require(by, case)
    if case.closed_at is None:
        raise Changed(_("This case is already open again."))
    case.change(closed_at=None, closure_reason="")
    refresh(case)
    log.record("reopened case", case, by=by, case=case.pk)
    return case


def _may_end(
    case: Case, reason: str, checklist: Collection[str], left_open: str, *, by: User
) -> None:
    if not case.still_open():
        raise Changed(_("This case is already closed."))
    if reason not in ClosureReason.values:
        raise Refused(_("Choose a reason."))
    if not set(checklist) <= CHECKLIST.keys():
        raise Refused(_("Something was ticked that is not on the list."))
    missing = [item for item in REQUIRED if item not in checklist]
    if missing and not left_open.strip():
        raise Refused(_("Tick what is done, or write down why something is left open."))
    if case.needs.unsettled().exists() and not left_open.strip():
        raise Refused(
            _("Some needs are not settled. Write down why they are left open.")
        )
    require_not_offered(case)
    case_closing.send(Case, case=case, by=by, left_open=left_open)


def _write(
    case: Case,
    reason: str,
    checklist: Collection[str],
    words: str,
    left_open: str,
    *,
    by: User,
) -> Closure:
    try:
        with transaction.atomic():
            closure = Closure.objects.create(case=case, reason=reason, proposed_by=by)
    except IntegrityError as error:
        raise Changed(_("A colleague has already proposed to close this.")) from error
    content = {
        "checklist": sorted(checklist),
        "words": words,
        "left_open": left_open,
        "by": by.name,
    }
    documents.write(case.pk, Compartment.NEEDS, content, by=by, name=closure.document)
    return closure


def has_other_supervisor(case: Case, by: User) -> bool:
    """Whether somebody else of the team could look at the end of this work."""
    if case.restricted:
        named = case.assignments.current().values("worker")
        return _supervisors(case, by).filter(user__in=named).exists()
    return _supervisors(case, by).exists()


def _supervisors(case: Case, by: User) -> QuerySet[Membership]:
    held = Membership.objects.holding([Role.SUPERVISOR])
    return held.filter(team=case.team_id, user__is_active=True).exclude(user=by)
