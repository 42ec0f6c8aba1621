"""Actions: open a case in an emergency; end that after a day; review it."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases import references
from amana.care.cases.actions import assign_until, end_emergencies
from amana.care.cases.models import Assignment, Case
from amana.care.emergency_access.events import left_unreviewed, opened_in_emergency
from amana.care.emergency_access.models import LASTS, NOT_AGAIN, EmergencyAccess
from amana.care.emergency_access.rules import (
    OVERSEEING,
    open_in_emergency,
    review_emergency_access,
)
from amana.errors import Changed, Refused
from amana.trust.access import tasks
from amana.trust.access.models import Membership, Role, User
from amana.trust.audit import log

MOST_UNREVIEWED = 3
"""So many by one person may wait for review; then the next one is refused."""


@transaction.atomic
def open_case(
    reference: str, *, why: str, words: str, by: User
) -> EmergencyAccess | None:
    """Let `by` work for a day on a case of their team, and notify those who answer for
    it.

    Returns None where no such case has the reference, or it is restricted: which of the
    two is not revealed, and the log records the attempt. Raises `Refused` without a
    reason, or while three wait for review."""
    if not words.strip():
        raise Refused(_("Give the reason in a few words."))
    _require_reviewed(by)  # before the look, so that it tells nothing of the case
    found = _find(reference, by=by)
    if found is None:
        log.record("found no case by reference", by=by)
        return None
    access = EmergencyAccess.objects.create(
        case=found,
        team=found.team,
        worker=by,
        # An assignment with an end, not a second kind of right: so every rule, list and
        # log line for those who work on a case applies (ADR 57).
        assignment=assign_until(found, by, until=timezone.now() + LASTS),
        why=why,
        words=words.strip(),
    )
    log.record(
        "opened in an emergency", access, by=by, case=found.pk, purpose="emergency"
    )
    told = find_recipients(access)
    opened_in_emergency.send(EmergencyAccess, access=access, users=told)
    _tell(told)
    return access


def _find(reference: str, *, by: User) -> Case | None:
    """Find and lock the case, so that it can't become restricted meanwhile."""
    whole = references.format_reference(reference)
    found = open_in_emergency.among(Case.objects.all(), by).filter(reference=whole)
    case = found.select_for_update(no_key=True, of=("self",)).first()
    return None if case is None or _was_wrong(case, by) else case


def _was_wrong(case: Case, by: User) -> bool:
    """Check that a review has just found that this person had no reason to open it."""
    before = EmergencyAccess.objects.filter(case=case, worker=by)
    lately = before.filter(reviewed_at__gte=timezone.now() - NOT_AGAIN)
    verdicts = lately.order_by("-reviewed_at").values_list("verdict", flat=True)
    return verdicts.first() not in (None, EmergencyAccess.Verdict.RIGHT)


def _require_reviewed(by: User) -> None:
    User.objects.select_for_update().get(pk=by.pk)  # two at once count one another
    waiting = EmergencyAccess.objects.to_review().filter(worker=by).count()
    if waiting >= MOST_UNREVIEWED:
        raise Refused(
            _(
                "Three of your emergency accesses are waiting for review. Call a "
                "supervisor of your team, who can open the case or assign it to you."
            )
        )


def find_recipients(access: EmergencyAccess) -> list[User]:
    """Find those who work on the case or lead its team, and the data-protection
    officers; where there is neither a lead nor an officer, the coordinators."""
    # Not those whose work on the case ends by itself: they don’t answer for it (ADR
    # 57).
    working = Assignment.objects.lasting().filter(case=access.case_id)
    leading = _holding(Q(role=Role.SUPERVISOR, team=access.team_id))
    overseeing = _holding(Q(role=Role.DATA_PROTECTION_OFFICER))
    but = access.worker_id
    if not _people(leading, overseeing, but=but):
        overseeing = _holding(Q(role=Role.COORDINATOR))
    return _people(working.values("worker"), leading, overseeing, but=but)


def _holding(places: Q) -> object:
    return Membership.objects.active().filter(places).values("user")


def _people(*among: object, but: int) -> list[User]:
    wanted = Q(pk__in=[])
    for some in among:
        wanted |= Q(pk__in=some)
    people = User.objects.filter(wanted, is_active=True).exclude(pk=but)
    return list(people.order_by("pk"))


def _tell(people: Iterable[User]) -> None:
    tasks.notify_once_committed([person.pk for person in people], urgent=True)


@transaction.atomic
def review_access(
    access: EmergencyAccess, *, verdict: str, said: str, by: User
) -> None:
    """Record whether it was right; access that was not needed ends at once. Raises
    `Changed` where a colleague has reviewed it already."""
    review_emergency_access.require(by, access)
    if not said.strip():
        raise Refused(_("Record what you found."))
    waiting = EmergencyAccess.objects.to_review().filter(pk=access.pk)
    if not waiting.update(
        reviewed_at=timezone.now(),
        reviewed_by=by,
        verdict=verdict,
        said=said.strip(),
    ):
        raise Changed(_("A colleague has reviewed this already."))
    # Only this access ends: other work of the same person on the case is not under
    # review.
    if verdict != EmergencyAccess.Verdict.RIGHT:
        end_emergencies(Assignment.objects.filter(pk=access.assignment_id), by=by)
    log.record(
        "reviewed emergency access",
        access,
        by=by,
        case=access.case_id,
        verdict=verdict,
    )


def tend_accesses() -> tuple[int, int]:
    """End what has lasted its day, and report what was not reviewed in time; return how
    many of each."""
    now = timezone.now()
    # Access ended by the database's clock already; the timer only records it (ADR 57).
    ended = end_emergencies(Assignment.objects.filter(until__lte=now), by=None)
    late = list(EmergencyAccess.objects.unreviewed(now).order_by("pk"))
    return ended, sum(_escalate(access) for access in late)


@transaction.atomic
def _escalate(access: EmergencyAccess) -> bool:
    """Notify, once, those who oversee all organisations."""
    waiting = EmergencyAccess.objects.unreviewed(timezone.now()).filter(pk=access.pk)
    # The mark is set under the same condition, so two timers notify once.
    if not waiting.update(escalated_at=timezone.now()):
        return False
    told = _people(_holding(Q(role__in=OVERSEEING)), but=access.worker_id)
    log.record("told of unreviewed emergency access", access, by=None)
    left_unreviewed.send(EmergencyAccess, access=access, users=told)
    _tell(told)
    return True
