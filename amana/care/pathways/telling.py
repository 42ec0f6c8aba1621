"""A case's way, told in words: now, next, what is waited for, and what was done."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from amana.care.pathways import standing, words
from amana.care.pathways.models import Awaited, Course, Due, Fact
from amana.design.mechanism.engine.facts import Kind
from amana.design.mechanism.engine.pathway import Do, Pathway, Wait
from amana.design.mechanism.pack.model import Pack
from amana.trust.access.kept import kept


@dataclass(frozen=True)
class Line:
    """One thing that happened."""

    at: datetime
    words: str
    by: str
    number: int
    step: str = ""
    answers: list[tuple[str, str]] = field(default_factory=list)
    reason: str = ""
    tone: str = "plain"
    again: bool = False
    """It may be done again: it was done, and is not due now."""


@dataclass(frozen=True)
class Now:
    """One step that is due, and who has to do it."""

    due: Due
    title: str
    role: str

    @property
    def whose(self) -> str:
        return self.role if self.due.own else f"{self.role} · {self.due.team}"


@dataclass(frozen=True)
class Wanted:
    """Something that is waited for."""

    key: str
    title: str
    since: datetime
    until: datetime | None
    messages: list[tuple[str, str]]

    @property
    def buttons(self) -> list[tuple[str, dict[str, str]]]:
        return [
            (label, {"message": message, "step": self.key})
            for message, label in self.messages
        ]


@dataclass(frozen=True)
class Told:
    """All of it, as a page shows it."""

    course: Course
    now: list[Now]
    waits: list[Wanted]
    next: list[str]

    @cached_property
    def done(self) -> list[Line]:
        """The latest last; read from the facts when it is asked for."""
        opened = {step.due.key for step in self.now}
        pack = self.course.version.pack
        return [line(row, pack, opened) for row in standing.told(self.course)]

    @property
    def ending(self) -> str:
        return words.ending(self.course.ended)


def of(course: Course) -> Told:
    """Get all of it, built once a request, however many parts of the page ask."""
    told: Told | None = course.__dict__.get("_told")
    if told is None:
        told = course.__dict__["_told"] = tell(course)
    return told


def tell(course: Course) -> Told:
    pack = course.version.pack
    now = [now_of(due, pack) for due in dues_of(course)]
    waits = [wanted(wait, pack) for wait in awaited_of(course)]
    here = [*(step.due.key for step in now), *(wait.key for wait in waits)]
    keys = [key.partition("@")[0] for key in here]
    return Told(
        course,
        now,
        waits,
        [] if course.ended_at else list(coming(pack, keys)),
    )


@kept(Course)
def due_in(course: Course) -> QuerySet[Due]:
    awaited = Awaited.objects.filter(course=OuterRef("course"))
    dues = Due.objects.filter(course=course).select_related("team__organisation")
    # Comes along with the first query: a case that waits for nothing is not asked
    # again.
    return dues.annotate(beside_a_wait=Exists(awaited)).order_by("by_at", "pk")


def dues_of(course: Course) -> list[Due]:
    """Load what is due, the most urgent first; one query however often asked."""
    found: list[Due] | None = course.__dict__.get("_dues")
    if found is None:
        found = course.__dict__["_dues"] = due_in.of(course).all()
        for due in found:
            due.course = course
    return found


def awaited_of(course: Course) -> list[Awaited]:
    """Load what is waited for; asked only if the steps due don't show that nothing
    is."""
    if any(not due.beside_a_wait for due in dues_of(course)):  # type: ignore[attr-defined]
        return []
    return list(course.awaited.order_by("until", "pk"))


def now_of(due: Due, pack: Pack) -> Now:
    return Now(due, words.title(due.key, pack), words.role(due.role, pack))


def wanted(one: Awaited, pack: Pack) -> Wanted:
    step = pack.pathway.steps.get(one.key.partition("@")[0])
    ways = step.wait if isinstance(step, Wait) else ()
    return Wanted(
        one.key,
        words.title(one.key, pack),
        one.since,
        one.until,
        [(way.message, words.message(way.message)) for way in ways if way.message],
    )


MOST_AHEAD = 3


def coming(pack: Pack, keys: list[str]) -> Iterator[str]:
    """Yield the titles of what people may have to do after what is due now."""
    pathway = pack.pathway
    # A pathway may lead back to an earlier step, so the search keeps what it has seen.
    seen, found = set(keys), 0
    todo = [after for key in keys for after in after_of(pathway, key)]
    while todo and found < MOST_AHEAD:
        id = todo.pop(0)
        if id in seen:
            continue
        seen.add(id)
        step = pathway.steps[id]
        if isinstance(step, Do):
            found += 1
            yield words.title_of(step, pack)
        else:
            todo += after_of(pathway, id)


def after_of(pathway: Pathway, id: str) -> list[str]:
    """List what may come right after a step: in it, after it, or after the block that
    it ends."""
    step = pathway.steps.get(id)
    if step is None:
        return []
    found = [*step.begins, *([] if step.begins else step.follows)]
    if not found and step.end is None:
        for block, _first in pathway.around.get(id, ()):
            found += pathway.steps[block].follows
    return found


# --- what was done


def line(row: Fact, pack: Pack, opened: set[str]) -> Line:
    return Line(
        row.at,
        sentence(row, pack),
        doer(row),
        row.number,
        row.step,
        answers(row, pack),
        words.reason_of(row),
        TONES.get(Kind(row.kind), "plain"),
        row.kind == Kind.DONE and row.step not in opened,
    )


TONES: Mapping[Kind, str] = {
    Kind.SKIPPED: "due",
    Kind.OVERRIDDEN: "due",
    Kind.CANCELLED: "due",
    Kind.MOVED: "info",
}


def doer(row: Fact) -> str:
    """Format who did it: of another team its name is enough; the clock has none."""
    if row.by is None:
        return ""
    own = row.team is None or row.team_id == row.course.case.team_id
    return row.by.name if own else str(row.team)


def sentence(row: Fact, pack: Pack) -> str:
    step = words.title(row.step, pack) if row.step else ""
    match Kind(row.kind):
        case Kind.DONE:
            return step
        case Kind.SKIPPED:
            return _("Skipped: %(step)s") % {"step": step}
        case Kind.EXPIRED:
            return _("The waiting time is over: %(step)s") % {"step": step}
        case Kind.REOPENED:
            return _("Due again: %(step)s") % {"step": step}
        case Kind.REASSIGNED:
            role = words.role(row.to, pack)
            return _("Reassigned to %(role)s: %(step)s") % {"role": role, "step": step}
        case Kind.CANCELLED if step:
            return _("Not needed: %(step)s") % {"step": step}
        case Kind.OVERRIDDEN if row.to:
            to = words.title(row.to, pack)
            return _("A supervisor moved the case to: %(step)s") % {"step": to}
        case Kind.OVERRIDDEN:
            return _("A supervisor corrected the recorded information")
        case Kind.HEARD:
            return words.message(row.message)
        case kind:
            return str(words.DID[kind])


def answers(row: Fact, pack: Pack) -> list[tuple[str, str]]:
    return [(words.name(name), words.code(value)) for name, value in row.data.items()]
