"""Running cases go on by a new version of their mechanism, each with its deadlines.

They are moved in the background, some at a time, each time in a short transaction that
puts the next time into the queue: killed in the middle, it goes on where it was
(ADR 72). A case that waits goes on by its old version.

What has no place in the new version stays where it is, by its old version, until
somebody who coordinates says where it goes on. Nothing is stranded."""

import logging
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Count, F, Min, Prefetch, QuerySet, Value
from django.db.models.functions import Concat, StrIndex, Substr
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amana.care.pathways import actions, labels, status, tasks
from amana.care.pathways.events import cases_unmoved
from amana.care.pathways.models import (
    OpenTask,
    PathwayEvent,
    PathwayRun,
    PendingSignal,
    UnmovedRun,
    VersionMove,
)
from amana.care.pathways.rules import READERS, place_course
from amana.care.pathways.status import RoleTeams, RunRows
from amana.care.referrals import rota
from amana.design.mechanism import find_current_version
from amana.design.mechanism.actions import MoveProgress
from amana.design.mechanism.engine.moving import (
    IN_THE_WAY,
    MoveResult,
    list_unplaced,
    move_case,
)
from amana.design.mechanism.engine.moving import UnplacedStep as Gap
from amana.design.mechanism.engine.pathway import EMPTY, Pathway
from amana.design.mechanism.engine.run_state import (
    OpenStep,
    WaitingStep,
    build_key,
    read_state,
    split_key,
)
from amana.design.mechanism.models import State, Version
from amana.design.mechanism.rules import keep_version
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.access.rules import has_role
from amana.trust.access.tasks import notify_once_committed
from amana.trust.audit import log
from amana.trust.operation import queue

problems = logging.getLogger(__name__)

AT_ONCE = 50
"""Cases that are moved together: a fifth of a second on a busy machine, in which no one
else writes on SQLite, and who works on one of them waits on PostgreSQL."""


def find_behind(version: Version) -> QuerySet[PathwayRun]:
    """Find running cases of the mechanism that do not go by this version."""
    ours = PathwayRun.objects.running().filter(version__mechanism=version.mechanism_id)
    return ours.exclude(version=version).select_related("case", "version__mechanism")


def find_waiting(version: Version) -> QuerySet[PathwayRun]:
    """Find those of them that no batch has tried to move to it yet."""
    return find_behind(version).exclude(unmoved__version=version)


def find_set_aside(version: Version) -> QuerySet[PathwayRun]:
    """Find those of them that could not be moved to it."""
    return find_behind(version).filter(unmoved__version=version)


def begin_move(version: Version, *, by: User) -> None:
    """Begin to move the running cases after a version, in the transaction in which it
    comes into force. A move to an earlier one is over: who waited for it goes straight
    to the newest."""
    now = timezone.now()
    of_mechanism = VersionMove.objects.filter(version__mechanism=version.mechanism_id)
    of_mechanism.filter(ended_at=None).update(ended_at=now)  # after what is under way
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
        reverse("pathways:overview") + "#left" if has_role(by, READERS) else "",
        reverse("pathways:move_again", args=[version.pk]),
    )


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
    """Queue the next cases, unless that is in the queue already, or none waits."""
    # One at a time is in the queue: a second would only wait for the lock of the first.
    task = tasks.move_cases
    is_queued = queue.find_waiting_tasks().filter(task_path=task.module_path).exists()
    if list_unfinished() and not is_queued:
        task.enqueue()


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
def retry_set_aside(version: Version, *, by: User) -> None:
    """Try to move those once more that were set aside: after an update of the program,
    or once they have gone on to where they have a place."""
    keep_version.require(by, version)
    version.refresh_from_db(fields=["state"])
    if version.state != State.IN_FORCE:
        raise Refused(_("Another version is now in force."))
    UnmovedRun.objects.filter(version=version).delete()
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
    for course, found in iterate_proposals(
        version, find_behind(version).filter(pk__in=ids)
    ):
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
    _replace(kept, renamed)
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


def iterate_proposals(
    version: Version, courses: QuerySet[PathwayRun]
) -> Iterator[tuple[PathwayRun, MoveResult]]:
    """Yield each case, and how it would continue; facts before its last move are not
    needed."""
    new, now = version.pack.pathway, timezone.now()
    facts = Prefetch("facts", PathwayEvent.objects.order_by("number"))
    ways: dict[int, Mapping[str, str]] = {}
    for course in courses.prefetch_related(facts):
        old = course.version
        if old.pk not in ways:
            ways[old.pk] = version.renamed_since(old)
        told = [row.read() for row in course.facts.all()]
        to = f"v{version.number}"
        yield (
            course,
            move_case(old.pack.pathway, new, told, ways[old.pk], at=now, to=to),
        )


def _replace(kept: list[RunRows], renamed: Mapping[UUID, Mapping[str, str]]) -> None:
    """Replace the rows of many cases at once. What was said of a step and who was named
    for it goes along with that step alone; of two that become one, with the earlier."""
    old = OpenTask.objects.filter(course__in=renamed)
    before: dict[tuple[UUID, str], OpenTask] = {}
    for was in old.order_by(F("due_at").desc(nulls_first=True), "-pk"):
        step = renamed[was.course_id].get(was.step, was.step)
        before[was.course_id, build_key(step, was.item)] = was
    for rows in kept:
        for due in rows.new_dues:
            if one := before.get((due.course_id, due.key)):
                _go_along(one, due)
    old.delete()
    PendingSignal.objects.filter(course__in=renamed).delete()
    status.write_rows(kept)


def _go_along(was: OpenTask, now: OpenTask) -> None:
    status.keep_notified(was, now)
    if was.named_id is not None and was.role == now.role:
        now.named_id, now.team_id, now.own = was.named_id, was.team_id, was.own


# --- what has no place


@dataclass(frozen=True)
class UnplacedRun:
    """A case that stays behind, and what of it has no place."""

    course: PathwayRun
    gaps: tuple[Gap, ...]
    error: str = ""
    """The class of the error by which moving it failed."""

    @property
    def why(self) -> list[str]:
        if self.error:
            error = _("A software error stopped it from being moved: %(error)s.")
            return [error % {"error": self.error}]
        if not self.gaps:
            return [_("The case has moved on and now fits the new version. Try again.")]
        return [format_gap(self.course.version, gap) for gap in self.gaps]


def iterate_left(
    version: Version, courses: QuerySet[PathwayRun]
) -> Iterator[UnplacedRun]:
    """Yield those of these that would have no place in it."""
    for course, found in iterate_proposals(version, courses):
        if found.fact is None:
            yield UnplacedRun(course, found.unplaced)


def list_unmoved(
    version: Version, courses: QuerySet[PathwayRun], most: int
) -> list[UnplacedRun]:
    """List the first of these that were set aside, each with its reasons."""
    rows = courses.select_related("unmoved").order_by("unmoved__at", "pk")[:most]
    failed = [
        UnplacedRun(course, (), course.unmoved.error)
        for course in rows
        if course.unmoved.error
    ]
    others = [course.pk for course in rows if not course.unmoved.error]
    found = iterate_proposals(version, find_behind(version).filter(pk__in=others))
    return failed + [UnplacedRun(course, move.unplaced) for course, move in found]


def format_gap(old: Version, gap: Gap) -> str:
    pack = old.pack
    values = {
        name: labels.format_title(value, pack) if value else ""
        for name, value in gap.values.items()
    }
    return _(gap.sentence) % values


# --- how many it would be


def count_stranded(version: Version) -> Iterator[tuple[str, str]]:
    """Count, before a version comes into force, how many cases would stay behind at a
    step, and why. Counted by where they are at, so that it takes as long as there are
    steps, not cases; what depends on a case’s own lists is found when it is moved."""
    found: Counter[tuple[int, str]] = Counter()
    new, olds = version.pack.pathway, _versions_behind(version)
    ways = {pk: version.renamed_since(old) for pk, old in olds.items()}
    for pk, here, cases in _places(version):
        for gap in list_unplaced(olds[pk].pack.pathway, new, [here], ways[pk]):
            found[pk, format_gap(olds[pk], gap)] += cases
    for pk, both, cases in _places_at_once(version):
        old = olds[pk].pack.pathway
        # Two that were in each other’s way before are kept apart by an interrupt.
        if not find_conflicts(old, old, both):
            for gap in find_conflicts(old, new, both, ways[pk]):
                why = format_gap(olds[pk], gap)
                # A step of three children is three places, and may be of one case.
                found[pk, why] = max(found[pk, why], cases)
    for (_pk, why), cases in found.items():
        what = ngettext("%(count)s case", "%(count)s cases", cases) % {"count": cases}
        yield what, why


def find_conflicts(
    old: Pathway,
    new: Pathway,
    both: Sequence[OpenStep | WaitingStep],
    renamed: Mapping[str, str] = EMPTY,
) -> list[Gap]:
    """Find what only the two together have no place by."""
    gaps = list_unplaced(old, new, both, renamed)
    return [gap for gap in gaps if gap.sentence == IN_THE_WAY]


def _versions_behind(version: Version) -> dict[int, Version]:
    pks = find_behind(version).order_by().values("version").distinct()
    return {old.pk: old for old in Version.objects.filter(pk__in=pks)}


AT = Value("@")
STEP = Substr("key", 1, StrIndex(Concat("key", AT), AT) - 1)
"""Of a key, without the child or the need that it is done for (`split_key`)."""


def _places(version: Version) -> Iterator[tuple[int, OpenStep | WaitingStep, int]]:
    """Yield each step where cases are at that go by an older version, and how many."""
    how_many = {"one": Min("key"), "cases": Count("course", distinct=True)}
    dues = _of_those_behind(OpenTask.objects.all(), version).annotate(without_item=STEP)
    of_step = dues.order_by("without_item").values_list(
        "course__version", "without_item", "again"
    )
    for pk, _step, again, key, cases in of_step.annotate(**how_many):
        yield pk, _open(key, again=again), cases
    awaited = _of_those_behind(PendingSignal.objects.all(), version).annotate(
        without_item=STEP
    )
    of_wait = awaited.order_by("without_item").values_list(
        "course__version", "without_item"
    )
    for pk, _step, key, cases in of_wait.annotate(**how_many):
        yield pk, _waiting(key), cases


def _places_at_once(
    version: Version,
) -> Iterator[tuple[int, tuple[OpenStep | WaitingStep, OpenStep | WaitingStep], int]]:
    """Yield each two places where a case is at once. What is only done again is in no
    way."""
    dues = _of_those_behind(OpenTask.objects.filter(again=False), version)
    awaited = _of_those_behind(PendingSignal.objects.all(), version)
    two_dues = dues.filter(course__dues__again=False, course__dues__key__gt=F("key"))
    for pk, first, other, cases in _grouped(two_dues, "course__dues__key"):
        yield pk, (_open(first), _open(other)), cases
    mixed = dues.filter(course__awaited__isnull=False)
    for pk, first, other, cases in _grouped(mixed, "course__awaited__key"):
        yield pk, (_open(first), _waiting(other)), cases
    two_awaited = awaited.filter(course__awaited__key__gt=F("key"))
    for pk, first, other, cases in _grouped(two_awaited, "course__awaited__key"):
        yield pk, (_waiting(first), _waiting(other)), cases


def _of_those_behind[Row: OpenTask | PendingSignal](
    rows: QuerySet[Row], version: Version
) -> QuerySet[Row]:
    ours = rows.filter(
        course__ended_at=None, course__version__mechanism=version.mechanism_id
    )
    return ours.exclude(course__version=version).order_by()


def _grouped(rows: QuerySet[Any], other: str) -> Iterable[tuple[int, str, str, int]]:
    keys = rows.values_list("course__version", "key", other)
    found: Iterable[tuple[int, str, str, int]] = keys.annotate(cases=Count("pk"))
    return found


def _open(key: str, *, again: bool = False) -> OpenStep:
    step, item = split_key(key)
    return OpenStep(step, item, "", timezone.now(), again=again)


def _waiting(key: str) -> WaitingStep:
    step, item = split_key(key)
    return WaitingStep(step, item, timezone.now())


@transaction.atomic
def place_case(
    course: PathwayRun, where: Mapping[str, str], *, by: User
) -> PathwayEvent:
    """Choose by hand where a case that stayed behind continues: old step to new
    step."""
    place_course.require(by, course)
    held = actions.lock_course(course)
    version = find_current_version()
    if version is None or held.version_id == version.pk:
        raise Refused(_("This case already follows the version in force."))
    renamed = version.renamed_since(held.version) | dict(where)
    told = status.read_facts(held)
    old, new = held.version.pack.pathway, version.pack.pathway
    to = f"v{version.number}"
    found = move_case(old, new, told, renamed, at=timezone.now(), to=to)
    if found.fact is None:
        why = " ".join(format_gap(held.version, gap) for gap in found.unplaced)
        raise Refused(why)
    row = PathwayEvent.of(held, held.length, found.fact, by=by)
    row.save(force_insert=True)
    held.version, held.length = version, held.length + 1
    held.save(update_fields=["version", "length"])
    state = read_state(found.fact.then or {})
    rows = RunRows.of(held, state, RoleTeams.of(version), held.hands.all())
    _replace([rows], {held.pk: renamed})
    UnmovedRun.objects.filter(course=held).delete()
    log.record(
        "placed case in version",
        held,
        by=by,
        case=held.case_id,
        version=version.pk,
        steps=sorted(where.values()),
    )
    return row
