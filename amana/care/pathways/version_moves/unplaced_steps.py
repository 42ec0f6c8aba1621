"""Which steps have no place in the new version, and in how many cases."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, F, Min, OuterRef, Prefetch, QuerySet, Value
from django.db.models.functions import Concat, StrIndex, Substr
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amana.care.pathways import labels, status
from amana.care.pathways.models.open_tasks import OpenTask, PendingSignal
from amana.care.pathways.models.runs import PathwayEvent, PathwayRun, UnmovedRun
from amana.care.pathways.rules import place_course
from amana.care.pathways.status import RoleTeams, RunRows
from amana.design.mechanism.choosing import find_version_of
from amana.design.mechanism.models.versions import Version
from amana.design.pathway.moving import IN_THE_WAY, MoveResult, list_unplaced, move_case
from amana.design.pathway.moving import UnplacedStep as Gap
from amana.design.pathway.pathway_model import EMPTY, Pathway
from amana.design.pathway.run_state import (
    OpenStep,
    WaitingStep,
    build_key,
    read_state,
    split_key,
)
from amana.errors import Refused
from amana.trust.access.models.organisations import User
from amana.trust.audit import log


def find_behind(version: Version) -> QuerySet[PathwayRun]:
    """Find running cases of the mechanism that do not go by this version, but not those
    that follow another one by now and were set aside for it."""
    ours = PathwayRun.objects.running().filter(version__mechanism=version.mechanism_id)
    # By the mark alone, and not by the case: the table of cases isn't read.
    elsewhere = UnmovedRun.objects.filter(course=OuterRef("pk")).exclude(
        version__mechanism=version.mechanism_id
    )
    ours = ours.exclude(Exists(elsewhere))
    return ours.exclude(version=version).select_related("case", "version__mechanism")


def find_waiting(version: Version) -> QuerySet[PathwayRun]:
    """Find those of them that no batch has tried to move to it yet."""
    return find_behind(version).exclude(unmoved__version=version)


def find_set_aside(version: Version) -> QuerySet[PathwayRun]:
    """Find those that could not be moved to it: of the mechanism, or since their case
    follows it."""
    left = PathwayRun.objects.running().filter(unmoved__version=version)
    return left.exclude(version=version).select_related("case", "version__mechanism")


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


def replace_course_rows(
    kept: list[RunRows], renamed: Mapping[UUID, Mapping[str, str]]
) -> None:
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
    found = iterate_proposals(version, find_set_aside(version).filter(pk__in=others))
    return failed + [UnplacedRun(course, move.unplaced) for course, move in found]


def format_gap(old: Version, gap: Gap) -> str:
    pack = old.pack
    values = {
        name: labels.format_title(value, pack) if value else ""
        for name, value in gap.values.items()
    }
    return _(gap.sentence) % values


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
    held = status.lock_course(course)
    version = find_version_of(held.case.mechanism_id)
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
    replace_course_rows([rows], {held.pk: renamed})
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
