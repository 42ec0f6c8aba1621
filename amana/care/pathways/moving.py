"""Running cases go on by a new version of their mechanism, each with its deadlines.

What has no place in the new version stays where it is, by its old version, until
somebody who coordinates says where it goes on. Nothing is stranded."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import batched
from uuid import UUID

from django.db import transaction
from django.db.models import F, Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.pathways import actions, standing, words
from amana.care.pathways.models import Awaited, Course, Due, Fact
from amana.care.pathways.rules import place_course, see_course
from amana.care.pathways.standing import Rows, Teams
from amana.design.mechanism import current
from amana.design.mechanism.engine.moving import Moved, moved
from amana.design.mechanism.engine.moving import Unplaced as Gap
from amana.design.mechanism.engine.standing import key_of, read_state
from amana.design.mechanism.models import Version
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.audit import log

AT_ONCE = 500
"""Cases that are moved together: so many facts are in memory at a time."""


def behind(version: Version) -> QuerySet[Course]:
    """Running cases of the mechanism that do not go by this version."""
    ours = Course.objects.running().filter(version__mechanism=version.mechanism_id)
    return ours.exclude(version=version).select_related("case", "version__mechanism")


@transaction.atomic
def move_all(version: Version, *, by: User) -> int:
    """Move every running case that has its place in the new version; how many. The log
    says so of as many as are moved together, that no event grows with the country."""
    ids = list(behind(version).order_by("pk").values_list("pk", flat=True))
    teams = Teams.of(version)
    return sum(
        _move_some(version, list(some), teams, by=by)
        for some in batched(ids, AT_ONCE, strict=False)
    )


def _move_some(version: Version, ids: list[UUID], teams: Teams, *, by: User) -> int:
    rows, courses, kept = [], [], []
    renamed: dict[UUID, Mapping[str, str]] = {}
    held = Course.objects.filter(pk__in=ids).order_by("pk")
    list(held.select_for_update(no_key=True).values_list("pk"))
    for course, found in proposals(version, behind(version).filter(pk__in=ids)):
        if found.fact is None:
            continue
        rows.append(Fact.of(course, course.length, found.fact, by=by))
        state = read_state(found.fact.then or {})
        kept.append(Rows.of(course, state, teams, course.hands.all()))
        renamed[course.pk] = version.renamed_since(course.version)
        course.version, course.length = version, course.length + 1
        course.ended, course.ended_at = state.ended or "", state.ended_at
        courses.append(course)
    Fact.objects.bulk_create(rows)
    Course.objects.bulk_update(courses, ["version", "length", "ended", "ended_at"])
    _replace(kept, renamed)
    if done := [course.case_id for course in courses]:
        stayed = len(ids) - len(done)
        log.record(
            "moved cases", version, by=by, cases=done, moved=len(done), stayed=stayed
        )
    return len(done)


def proposals(
    version: Version, courses: QuerySet[Course]
) -> Iterator[tuple[Course, Moved]]:
    """Each case, and how it would go on; facts before its last move are not needed."""
    new, now = version.pack.pathway, timezone.now()
    facts = Prefetch("facts", Fact.objects.order_by("number"))
    ways: dict[int, Mapping[str, str]] = {}
    for course in courses.prefetch_related(facts):
        old = course.version
        if old.pk not in ways:
            ways[old.pk] = version.renamed_since(old)
        told = [row.read() for row in course.facts.all()]
        to = f"v{version.number}"
        yield (
            course,
            moved(old.pack.pathway, new, told, ways[old.pk], at=now, to=to),
        )


def _replace(kept: list[Rows], renamed: Mapping[UUID, Mapping[str, str]]) -> None:
    """The rows of many cases at once. What was said of a step and who was named for it
    goes along with that step alone; of two that become one, with the earlier."""
    old = Due.objects.filter(course__in=renamed)
    before: dict[tuple[UUID, str], Due] = {}
    for was in old.order_by(F("due_at").desc(nulls_first=True), "-pk"):
        step = renamed[was.course_id].get(was.step, was.step)
        before[was.course_id, key_of(step, was.item)] = was
    for rows in kept:
        for due in rows.new_dues:
            if one := before.get((due.course_id, due.key)):
                _go_along(one, due)
    old.delete()
    Awaited.objects.filter(course__in=renamed).delete()
    standing.write(kept)


def _go_along(was: Due, now: Due) -> None:
    standing.keep_what_was_said(was, now)
    if was.named_id is not None and was.role == now.role:
        now.named_id, now.team_id, now.own = was.named_id, was.team_id, was.own


# --- what has no place


@dataclass(frozen=True)
class Left:
    """A case that stays behind, and what of it has no place."""

    course: Course
    gaps: tuple[Gap, ...]

    @property
    def why(self) -> list[str]:
        return [sentence(self.course, gap) for gap in self.gaps]


def left_behind(version: Version, courses: QuerySet[Course]) -> Iterator[Left]:
    for course, found in proposals(version, courses):
        if found.fact is None:
            yield Left(course, found.unplaced)


def sentence(course: Course, gap: Gap) -> str:
    pack = course.version.pack
    values = {
        name: words.title(value, pack) if value else ""
        for name, value in gap.values.items()
    }
    return _(gap.sentence) % values


def stranded(version: Version, *, by: User) -> Iterator[tuple[str, str]]:
    """Before a version is put in force: the reference of each case that would stay
    behind, and why. Of a case that `by` does not see not even the reference."""
    courses = behind(version)
    seen = set(see_course.among(courses, by).values_list("pk", flat=True))
    for left in left_behind(version, courses):
        case = left.course.case
        unnamed = _("A restricted case") if case.restricted else _("Case")
        what = case.reference if left.course.pk in seen else unnamed
        yield what, " ".join(left.why)


@transaction.atomic
def place(course: Course, where: Mapping[str, str], *, by: User) -> Fact:
    """Say by hand where a case that stayed behind goes on: old step to new step."""
    place_course.require(by, course)
    held = actions.hold(course)
    version = current()
    if version is None or held.version_id == version.pk:
        raise Refused(_("This case goes by the version in force already."))
    renamed = version.renamed_since(held.version) | dict(where)
    told = standing.facts_of(held)
    old, new = held.version.pack.pathway, version.pack.pathway
    to = f"v{version.number}"
    found = moved(old, new, told, renamed, at=timezone.now(), to=to)
    if found.fact is None:
        why = " ".join(sentence(held, gap) for gap in found.unplaced)
        raise Refused(why)
    row = Fact.of(held, held.length, found.fact, by=by)
    row.save(force_insert=True)
    held.version, held.length = version, held.length + 1
    held.save(update_fields=["version", "length"])
    state = read_state(found.fact.then or {})
    rows = Rows.of(held, state, Teams.of(version), held.hands.all())
    _replace([rows], {held.pk: renamed})
    log.record(
        "placed case in version",
        held,
        by=by,
        case=held.case_id,
        version=version.pk,
        steps=sorted(where.values()),
    )
    return row
