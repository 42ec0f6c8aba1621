"""Cases whose mechanism has retired: where they continue (ADR 81)."""

from functools import partial

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases import actions as cases
from amana.care.cases.models import Case
from amana.care.cases.rules import manage_case
from amana.care.pathways.models import PathwayRun
from amana.design.mechanism import actions as mechanisms
from amana.design.mechanism.choosing import find_successor, list_versions_for_team
from amana.design.mechanism.models import Mechanism, Version
from amana.errors import Refused
from amana.trust.access.models import User

AT_ONCE = 20
"""Cases that one colleague moves with one press: each is signed with their keys."""


def find_left_cases(user: User) -> QuerySet[Case]:
    """Find the open cases that one leads or supervises, and that have to continue in
    the successor of a retired mechanism."""
    retired = Mechanism.objects.filter(
        retires_on__lte=timezone.localdate(), successor__isnull=False
    )
    # Asked first: nearly always there is none, and no table of cases is searched.
    ids = list(retired.values_list("pk", flat=True))
    left = Case.objects.open().filter(mechanism__in=ids)
    return manage_case.among(left, user)


def find_retired(course: PathwayRun, case: Case) -> Mechanism | None:
    """Find the mechanism that a running case follows, if it has retired and has a
    successor."""
    mechanism = course.version.mechanism
    is_left = mechanism.is_retired and mechanism.successor_id is not None
    is_followed = case.mechanism_id == mechanism.pk and course.ended_at is None
    return mechanism if is_left and is_followed else None


def continue_in_successor(case: Case, *, by: User) -> None:
    """Have a case follow the successor of its mechanism. Raises `Refused` where its
    team takes no part in that."""
    assert case.mechanism is not None
    version = find_successor(case.mechanism)
    if version is None:
        raise Refused(_("No mechanism is in force for this case."))
    cases.change_mechanism(case, version, by=by)


def continue_some(user: User) -> tuple[int, list[Case]]:
    """Have some of one's cases continue. Return how many do, and those whose team takes
    no part in the successor, up to as many."""
    left = find_left_cases(user).select_related("team", "mechanism__successor")
    ready: list[Case] = []
    stayed: list[Case] = []
    for case in left.order_by("due_at", "pk").iterator(chunk_size=AT_ONCE):
        (ready if _has_part_in_successor(case) else stayed).append(case)
        if len(ready) == AT_ONCE:
            break
    for case in ready:
        continue_in_successor(case, by=user)
    return len(ready), stayed[:AT_ONCE]


def _has_part_in_successor(case: Case) -> bool:
    assert case.mechanism is not None
    return find_successor(case.mechanism) in list_versions_for_team(case.team)


def end_unused() -> int:
    """End retired mechanisms that no open case follows any more; return how many. For
    the timer."""
    retired = Version.objects.in_force_first().filter(
        mechanism__retires_on__lte=timezone.localdate()
    )
    return sum(
        mechanisms.end_if_unused(version, is_used=partial(_is_used, version))
        for version in retired
    )


def _is_used(version: Version) -> bool:
    mechanism = version.mechanism_id
    # Runs first: they have an index, and nearly each open case has one. A case whose
    # steps have no place in its new mechanism runs by the old one.
    return (
        PathwayRun.objects.running().filter(version__mechanism=mechanism).exists()
        or Case.objects.open().filter(mechanism=mechanism).exists()
    )
