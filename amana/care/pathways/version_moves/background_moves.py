"""Move running cases to a new version, some at a time."""

import logging
from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.pathways.events import batch_waiting, cases_unmoved
from amana.care.pathways.models.runs import (
    PathwayEvent,
    PathwayRun,
    UnmovedRun,
    VersionMove,
)
from amana.care.pathways.rules import READERS
from amana.care.pathways.status import RoleTeams, RunRows
from amana.care.pathways.version_moves.unplaced_steps import (
    find_behind,
    find_set_aside,
    find_waiting,
    iterate_proposals,
    replace_course_rows,
)
from amana.care.referrals import rota
from amana.design.mechanism.actions.drafting import MoveProgress
from amana.design.mechanism.models.versions import State, Version
from amana.design.mechanism.rules import keep_version
from amana.design.pathway.run_state import read_state
from amana.errors import Refused
from amana.trust.access.models.organisations import User
from amana.trust.access.rules import has_role
from amana.trust.access.tasks import notify_once_committed
from amana.trust.audit import log

problems = logging.getLogger(__name__)


AT_ONCE = 10
"""Cases that are moved together: some 60 ms on a busy machine, in which no one else
writes on SQLite, and who works on one of them waits on PostgreSQL."""


def begin_move(version: Version, *, by: User) -> None:
    """Begin to move the running cases after a version, in the transaction in which it
    comes into force. A move to an earlier one is over: who waited for it goes straight
    to the newest."""
    now = timezone.now()
    of_mechanism = VersionMove.objects.filter(version__mechanism=version.mechanism_id)
    of_mechanism.filter(ended_at=None).update(ended_at=now)  # after what is under way
    # Those of other mechanisms that wait for a place in this one now wait for one here.
    UnmovedRun.objects.filter(
        version__mechanism=version.mechanism_id,
        course__case__mechanism=version.mechanism_id,
    ).exclude(course__version__mechanism=version.mechanism_id).update(version=version)
    total = find_behind(version).count()
    VersionMove.objects.create(
        version=version, by=by, total=total, ended_at=None if total else now
    )
    queue_next_batch()


def report_progress(version: Version, *, by: User) -> MoveProgress | None:
    """Report how far the running cases have come after it; None: it never took over
    any."""
    move = VersionMove.objects.filter(pk=version.pk).first()
    if move is None or not move.total:
        return None
    return MoveProgress(
        move.moved,
        move.total,
        find_set_aside(version).count(),
        move.ended_at,
        build_overview_address(version) if has_role(by, READERS) else "",
        reverse("pathways:move_again", args=[version.pk]),
    )


def build_overview_address(version: Version) -> str:
    """Build the address of where those that were set aside are placed."""
    return f"{reverse('pathways:overview')}?mechanism={version.pk}#left"


def list_unfinished() -> list[Version]:
    """List the versions in force whose move is not over, or for which cases wait
    again."""
    moves = VersionMove.objects.filter(version__state=State.IN_FORCE).order_by("pk")
    return [
        move.version
        for move in moves.select_related("version__mechanism")
        if move.ended_at is None or find_waiting(move.version).exists()
    ]


def queue_next_batch() -> None:
    """Have the next cases queued, unless none waits."""
    if list_unfinished():
        batch_waiting.send(VersionMove)


@transaction.atomic
def move_batch(version: Version) -> None:
    """Move some of the cases that wait, and queue the next: all of it, or nothing."""
    # The Move first, then its cases: the next adoption changes this row, so it waits
    # for the batch, or the batch sees that it is over (ADR 72).
    move = VersionMove.objects.select_for_update(no_key=True).get(pk=version.pk)
    version.refresh_from_db(fields=["state"])
    if version.state != State.IN_FORCE:
        return  # a newer one took over, and moves all
    some = find_waiting(version).order_by("version", "pk").values_list("pk", flat=True)
    ids = list(some[:AT_ONCE])
    done = _moved_of(version, ids, RoleTeams.of(version), by=move.by)
    move.moved += len(done)
    if ids:
        stayed = len(ids) - len(done)
        log.record(
            "moved cases",
            version,
            by=move.by,
            cases=done,
            moved=len(done),
            stayed=stayed,
        )
    move.ended_at = None if find_waiting(version).exists() else timezone.now()
    move.save(update_fields=["moved", "ended_at"])
    if move.ended_at:
        _tell_of_unmoved(version)
    queue_next_batch()


def _tell_of_unmoved(version: Version) -> None:
    """Notify coordinators, whenever a move ends, that cases were set aside."""
    if find_set_aside(version).exists():
        people = rota.list_coordinators()
        cases_unmoved.send(Version, version=version, users=people)
        notify_once_committed([person.pk for person in people])


@transaction.atomic
def move_to_mechanism(course: PathwayRun, version: Version, *, by: User) -> None:
    """Move one running case to another mechanism, as its case follows that from now on;
    where something in it has no place there, set it aside and notify coordinators."""
    UnmovedRun.objects.filter(course=course).delete()  # for what it no longer follows
    if course.version_id == version.pk:
        return
    _moved_of(version, [course.pk], RoleTeams.of(version), by=by)
    if UnmovedRun.objects.filter(course=course).exists():
        _tell_of_unmoved(version)


@transaction.atomic
def retry_set_aside(version: Version, *, by: User) -> None:
    """Try to move those once more that were set aside: after an update of the program,
    or once they have gone on to where they have a place."""
    keep_version.require(by, version)
    version.refresh_from_db(fields=["state"])
    if version.state != State.IN_FORCE:
        raise Refused(_("Another version is now in force."))
    left = UnmovedRun.objects.filter(version=version)
    elsewhere = left.filter(course__case__mechanism=version.mechanism_id).exclude(
        course__version__mechanism=version.mechanism_id
    )
    # Of another mechanism, no batch would find them.
    changed = list(elsewhere.values_list("course", flat=True))
    left.delete()
    _moved_of(version, changed, RoleTeams.of(version), by=by)
    if find_waiting(version).exists():
        VersionMove.objects.filter(pk=version.pk).update(ended_at=None)
    log.record("tried move of cases again", version, by=by)
    queue_next_batch()


def _moved_of(
    version: Version, ids: list[UUID], teams: RoleTeams, *, by: User
) -> list[UUID]:
    """Move those of these that can be, set the others aside; whose cases were moved.

    Where a mistake of the program stops it, the half without the mistake is moved all
    the same, and of the other half, its half: one case holds up no other."""
    try:
        with transaction.atomic():
            return _move(version, ids, teams, by=by)
    except (OperationalError, InterfaceError):  # it is the database, and none of these
        raise
    except Exception as mistake:
        if len(ids) > 1:
            middle = len(ids) // 2
            return [
                case
                for half in (ids[:middle], ids[middle:])
                for case in _moved_of(version, half, teams, by=by)
            ]
        problems.error("course %s not moved: %s", ids[0], type(mistake))
        _set_aside(version, ids, error=type(mistake).__name__[:80])
        return []


def _move(
    version: Version, ids: list[UUID], teams: RoleTeams, *, by: User
) -> list[UUID]:
    """Move these, or set aside what has no place; whose cases were moved."""
    rows, courses, kept, unplaced = [], [], [], []
    renamed: dict[UUID, Mapping[str, str]] = {}
    held = PathwayRun.objects.filter(pk__in=ids).order_by("pk")
    # Before their facts are read: one that a colleague writes meanwhile would have the
    # same number as the move's.
    list(held.select_for_update(no_key=True).values_list("pk"))
    behind = PathwayRun.objects.running().filter(pk__in=ids).exclude(version=version)
    courses_now = behind.select_related("case", "version__mechanism")
    for course, found in iterate_proposals(version, courses_now):
        if found.fact is None:
            unplaced.append(course.pk)
            continue
        rows.append(PathwayEvent.of(course, course.length, found.fact, by=by))
        state = read_state(found.fact.then or {})
        kept.append(RunRows.of(course, state, teams, course.hands.all()))
        renamed[course.pk] = version.renamed_since(course.version)
        course.version, course.length = version, course.length + 1
        course.ended, course.ended_at = state.ended or "", state.ended_at
        courses.append(course)
    PathwayEvent.objects.bulk_create(rows)
    PathwayRun.objects.bulk_update(courses, ["version", "length", "ended", "ended_at"])
    replace_course_rows(kept, renamed)
    UnmovedRun.objects.filter(course__in=renamed).delete()
    _set_aside(version, unplaced)
    return [course.case_id for course in courses]


def _set_aside(version: Version, ids: Collection[UUID], *, error: str = "") -> None:
    now = timezone.now()
    UnmovedRun.objects.bulk_create(
        [UnmovedRun(course_id=pk, version=version, error=error, at=now) for pk in ids],
        update_conflicts=True,
        unique_fields=["course"],
        update_fields=["version", "error", "at"],
    )
