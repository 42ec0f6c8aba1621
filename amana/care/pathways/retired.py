"""Cases whose mechanism has retired: where they continue (ADR 81)."""

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases import actions as cases
from amana.care.cases.models import Case
from amana.care.cases.rules import manage_case
from amana.care.pathways.models import PathwayRun
from amana.design.mechanism import actions as mechanisms
from amana.design.mechanism.choosing import find_version_of
from amana.design.mechanism.models import Mechanism, Version
from amana.errors import Refused
from amana.trust.access.models import User

AT_ONCE = 20
"""Cases that one colleague moves with one press: each is signed with their keys."""


def find_left_cases(user: User) -> QuerySet[Case]:
    """Find the open cases that one leads or supervises, and that have to continue in
    the successor of a retired mechanism."""
    left = Case.objects.open().filter(
        mechanism__retires_on__lte=timezone.localdate(),
        mechanism__successor__isnull=False,
    )
    return manage_case.among(left, user)


def find_retired(course: PathwayRun) -> Mechanism | None:
    """Find the mechanism of a running case, if it has retired and has a successor."""
    mechanism = course.version.mechanism
    goes_on = mechanism.is_retired and mechanism.successor_id is not None
    return mechanism if goes_on and course.ended_at is None else None


def continue_in_successor(case: Case, *, by: User) -> None:
    """Have a case follow the successor of its mechanism. Raises `Refused` where its
    team takes no part in that."""
    assert case.mechanism is not None
    version = find_version_of(case.mechanism.successor_id)
    if version is None:
        raise Refused(_("No mechanism is in force for this case."))
    cases.change_mechanism(case, version, by=by)


def continue_some(user: User) -> tuple[int, list[tuple[Case, str]]]:
    """Have some of one's cases continue; return how many do, and those that can't, each
    with the reason."""
    some = find_left_cases(user).select_related("team", "mechanism__successor")
    done, stayed = 0, []
    for case in some.order_by("due_at", "pk")[:AT_ONCE]:
        # Each in its own transaction: one whose team takes no part there holds up no
        # other.
        try:
            continue_in_successor(case, by=user)
            done += 1
        except Refused as no:
            stayed.append((case, str(no)))
    return done, stayed


def end_unused() -> int:
    """End retired mechanisms that no open case follows any more; return how many. For
    the timer."""
    retired = Version.objects.in_force_first().filter(
        mechanism__retires_on__lte=timezone.localdate()
    )
    return sum(
        mechanisms.end_if_unused(version, used=_is_used(version)) for version in retired
    )


def _is_used(version: Version) -> bool:
    mechanism = version.mechanism_id
    return (
        Case.objects.open().filter(mechanism=mechanism).exists()
        # One whose steps have no place in its new mechanism runs by the old one.
        or PathwayRun.objects.running().filter(version__mechanism=mechanism).exists()
    )
