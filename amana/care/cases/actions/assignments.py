"""Who works on a case: need-to-know, and cases kept to named people."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases import card, signed_case
from amana.care.cases.events import case_assigned, case_kept
from amana.care.cases.models import Assignment, AssignmentQuerySet, Case
from amana.care.cases.rules import manage_case
from amana.errors import Refused
from amana.trust.access.models import KEYHOLDERS, Membership, User
from amana.trust.access.rules import Denied
from amana.trust.audit import log
from amana.trust.vault import documents
from amana.trust.vault.keys import Locked

Part = Assignment.Part


@transaction.atomic
def assign(
    case: Case, worker: User, *, part: str = Part.SUPPORT, by: User
) -> Assignment:
    """Assign a colleague of the team to the case. A new lead takes over from the old
    one, who then helps."""
    manage_case.require(by, case)
    require_keyholder(worker, case)
    current = case.assignments.current()
    # First: of one person there is one assignment at a time, and `get_or_create` would
    # find the one that ends by itself tomorrow.
    end_emergencies(case.assignments.filter(worker=worker), by=by)
    if part == Part.LEAD:
        current.filter(part=Part.LEAD).exclude(worker=worker).update(part=Part.SUPPORT)
    assignment, new = Assignment.objects.get_or_create(
        case=case, worker=worker, ended_at=None, defaults={"part": part}
    )
    if not new and assignment.part != part:
        keep_a_lead(case, without=worker, unless=part == Part.LEAD)
        assignment.part = part
        assignment.save(update_fields=["part"])
    if new and case.restricted:
        documents.share_case(case.pk, by=by, people=[worker])
        card.renew_card(case, by=by)
    log.record("assigned", case, by=by, case=case.pk, worker=worker.pk, part=part)
    if new:
        case_assigned.send(Case, case=case, worker=worker, by=by)
    return assignment


def assign_until(case: Case, worker: User, *, until: datetime) -> Assignment:
    """Assign a colleague to a case until a moment. The caller checks who may, and
    records it."""
    end_emergencies(case.assignments.filter(worker=worker), by=None)
    return Assignment.objects.create(
        case=case, worker=worker, part=Part.EMERGENCY, until=until
    )


def end_emergencies(assignments: AssignmentQuerySet, *, by: User | None) -> int:
    """End those of these assignments that have an end time. Returns how many."""
    lasting_till = assignments.filter(until__isnull=False, ended_at=None)
    ended = list(lasting_till.select_related("case").order_by("pk"))
    lasting_till.update(ended_at=timezone.now())
    for assignment in ended:
        case, worker = assignment.case, assignment.worker_id
        log.record("ended assignment", case, by=by, case=case.pk, worker=worker)
    return len(ended)


@dataclass(frozen=True)
class NotAssigned:
    """A case that could not be assigned, and why."""

    case: Case
    reason: str


def assign_together(
    cases: Iterable[Case], worker: User, *, part: str = Part.SUPPORT, by: User
) -> list[NotAssigned]:
    """Assign each case on its own, with its own event; return what was refused. A
    refusal leaves the other cases assigned."""
    refused: list[NotAssigned] = []
    for case in cases:
        try:
            assign(case, worker, part=part, by=by)
        except Denied:
            reason = _("You don’t lead this case or supervise its team.")
            refused.append(NotAssigned(case, reason))
        except Locked:
            # Not a refusal of this case: the page has to ask for the passphrase.
            raise
        except Refused as no:
            refused.append(NotAssigned(case, str(no)))
    return refused


@transaction.atomic
def end_assignment(assignment: Assignment, *, by: User) -> None:
    """End a colleague's need to know; one's own may be ended too."""
    case = assignment.case
    if assignment.worker_id != by.pk:
        manage_case.require(by, case)
    require_not_offered(case)
    keep_a_lead(case, without=assignment.worker)
    current = Assignment.objects.current().filter(pk=assignment.pk)
    if not current.update(ended_at=timezone.now()):
        raise Refused(_("This colleague no longer works on the case."))
    if case.restricted:
        rewrap(case, by=by)
    log.record(
        "ended assignment", case, by=by, case=case.pk, worker=assignment.worker_id
    )


@transaction.atomic
def restrict(case: Case, *, people: Collection[User], by: User) -> None:
    """Restrict the case to named people: no other colleague of the team can open it any
    more. Raises `Refused` unless the lead is among them."""
    manage_case.require(by, case)
    require_not_offered(case)
    # Before who is named is assigned for good: no kept case is open for a day only.
    end_emergencies(case.assignments.all(), by=by)
    named = {person.pk: person for person in people}
    for person in named.values():
        require_keyholder(person, case)
    current = {a.worker_id: a for a in case.assignments.current()}
    if not any(a.part == Part.LEAD for pk, a in current.items() if pk in named):
        raise Refused(
            _("The colleague who leads the case must be one of the named people.")
        )
    now = timezone.now()
    case.assignments.current().exclude(worker__in=named).update(ended_at=now)
    Assignment.objects.bulk_create(
        Assignment(case=case, worker=person, part=Part.SUPPORT, since=now)
        for pk, person in named.items()
        if pk not in current
    )
    signed_case.change_shell(case, restricted=True, by=by)
    rewrap(case, by=by)
    log.record("restricted case", case, by=by, case=case.pk, people=sorted(named))
    case_kept.send(Case, case=case, by=by)


@transaction.atomic
def lift_restriction(case: Case, *, by: User) -> None:
    """Give the case back to the whole team's need-to-know."""
    manage_case.require(by, case)
    require_not_offered(case)
    signed_case.change_shell(case, restricted=False, by=by)
    rewrap(case, by=by)
    log.record("lifted restriction", case, by=by, case=case.pk)
    case_kept.send(Case, case=case, by=by)


def rewrap(case: Case, *, by: User) -> None:
    """Wrap the keys and the card for those who hold the case now, and for no others."""
    # The card first: afterwards `by` may hold no key any more.
    card.renew_card(case, by=by)
    if case.restricted:
        people = list(card.find_holders(case))
        documents.share_case(case.pk, by=by, people=people, exclusively=True)
    else:
        documents.share_case(case.pk, by=by, team=case.team, exclusively=True)


def require_not_offered(case: Case) -> None:
    """Require that no team has been offered the case: until the answer its keys are not
    changed. Raises `Refused`."""
    if case.is_offered():
        raise Refused(
            _("This case has been offered to another team. Withdraw the offer first.")
        )


def require_keyholder(worker: User, case: Case) -> None:
    held = Membership.objects.holding(KEYHOLDERS).filter(user=worker, team=case.team_id)
    if not held.filter(user__is_active=True).exists():
        raise Refused(_("You can only choose colleagues in the team who hold its key."))


def keep_a_lead(case: Case, *, without: User, unless: bool = False) -> None:
    others = case.assignments.leading().exclude(worker=without)
    if not unless and not others.exists():
        raise Refused(_("A colleague must lead the case. Hand the lead over first."))
