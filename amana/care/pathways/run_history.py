"""A case's way, told in words: now, next, what is waited for, and what was done."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from amana.care.pathways import labels, status
from amana.care.pathways.models import OpenTask, PathwayEvent, PathwayRun, PendingSignal
from amana.design.mechanism.pack.pack_model import Pack
from amana.design.pathway.pathway_model import Do, Pathway, Wait
from amana.design.pathway.run_events import EventKind
from amana.trust.access.prepared import prepare_query


@dataclass(frozen=True)
class HistoryLine:
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
class CurrentStep:
    """One step that is due, and who has to do it."""

    due: OpenTask
    title: str
    role: str

    @property
    def whose(self) -> str:
        return self.role if self.due.own else f"{self.role} · {self.due.team}"


@dataclass(frozen=True)
class ExpectedSignal:
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
class RunDescription:
    """All of it, as a page shows it."""

    course: PathwayRun
    now: list[CurrentStep]
    waits: list[ExpectedSignal]
    next: list[str]

    @cached_property
    def done(self) -> list[HistoryLine]:
        """The latest last; read from the facts when it is asked for."""
        opened = {step.due.key for step in self.now}
        pack = self.course.version.pack
        return [build_line(row, pack, opened) for row in status.list_facts(self.course)]

    @property
    def ending(self) -> str:
        return labels.format_ending(self.course.ended)


def get_told(course: PathwayRun) -> RunDescription:
    """Get all of it, built once a request, however many parts of the page ask."""
    told: RunDescription | None = course.__dict__.get("_told")
    if told is None:
        told = course.__dict__["_told"] = build_told(course)
    return told


def build_told(course: PathwayRun) -> RunDescription:
    pack = course.version.pack
    now = [build_now(due, pack) for due in load_dues(course)]
    waits = [build_wanted(wait, pack) for wait in load_awaited(course)]
    here = [*(step.due.key for step in now), *(wait.key for wait in waits)]
    keys = [key.partition("@")[0] for key in here]
    return RunDescription(
        course,
        now,
        waits,
        [] if course.ended_at else list(iterate_coming(pack, keys)),
    )


@prepare_query(PathwayRun)
def find_dues(course: PathwayRun) -> QuerySet[OpenTask]:
    awaited = PendingSignal.objects.filter(course=OuterRef("course"))
    dues = OpenTask.objects.filter(course=course).select_related("team__organisation")
    # Comes along with the first query: a case that waits for nothing is not asked
    # again.
    return dues.annotate(beside_a_wait=Exists(awaited)).order_by("by_at", "pk")


def load_dues(course: PathwayRun) -> list[OpenTask]:
    """Load what is due, the most urgent first; one query however often asked."""
    found: list[OpenTask] | None = course.__dict__.get("_dues")
    if found is None:
        found = course.__dict__["_dues"] = find_dues.of(course).all()
        for due in found:
            due.course = course
    return found


def load_awaited(course: PathwayRun) -> list[PendingSignal]:
    """Load what is waited for; asked only if the steps due don't show that nothing
    is."""
    if any(not due.beside_a_wait for due in load_dues(course)):  # type: ignore[attr-defined]
        return []
    return list(course.awaited.order_by("until", "pk"))


def build_now(due: OpenTask, pack: Pack) -> CurrentStep:
    return CurrentStep(
        due, labels.format_title(due.key, pack), labels.format_role(due.role, pack)
    )


def build_wanted(one: PendingSignal, pack: Pack) -> ExpectedSignal:
    step = pack.pathway.steps.get(one.key.partition("@")[0])
    ways = step.wait if isinstance(step, Wait) else ()
    return ExpectedSignal(
        one.key,
        labels.format_title(one.key, pack),
        one.since,
        one.until,
        [
            (way.message, labels.format_message(way.message))
            for way in ways
            if way.message
        ],
    )


MOST_AHEAD = 3


def iterate_coming(pack: Pack, keys: list[str]) -> Iterator[str]:
    """Yield the titles of what people may have to do after what is due now."""
    pathway = pack.pathway
    # A pathway may lead back to an earlier step, so the search keeps what it has seen.
    seen, found = set(keys), 0
    todo = [after for key in keys for after in list_following(pathway, key)]
    while todo and found < MOST_AHEAD:
        id = todo.pop(0)
        if id in seen:
            continue
        seen.add(id)
        step = pathway.steps[id]
        if isinstance(step, Do):
            found += 1
            yield labels.format_step(step, pack)
        else:
            todo += list_following(pathway, id)


def list_following(pathway: Pathway, id: str) -> list[str]:
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


def build_line(row: PathwayEvent, pack: Pack, opened: set[str]) -> HistoryLine:
    return HistoryLine(
        row.at,
        format_event(row, pack),
        format_doer(row),
        row.number,
        row.step,
        list_answers(row, pack),
        labels.format_reason(row),
        TONES.get(EventKind(row.kind), "plain"),
        row.kind == EventKind.DONE and row.step not in opened,
    )


TONES: Mapping[EventKind, str] = {
    EventKind.SKIPPED: "due",
    EventKind.OVERRIDDEN: "due",
    EventKind.CANCELLED: "due",
    EventKind.MOVED: "info",
}


def format_doer(row: PathwayEvent) -> str:
    """Format who did it: of another team its name is enough; the clock has none."""
    if row.by is None:
        return ""
    own = row.team is None or row.team_id == row.course.case.team_id
    return row.by.name if own else str(row.team)


def format_event(row: PathwayEvent, pack: Pack) -> str:
    step = labels.format_title(row.step, pack) if row.step else ""
    match EventKind(row.kind):
        case EventKind.DONE:
            return step
        case EventKind.SKIPPED:
            return _("Skipped: %(step)s") % {"step": step}
        case EventKind.EXPIRED:
            return _("The waiting time is over: %(step)s") % {"step": step}
        case EventKind.REOPENED:
            return _("Due again: %(step)s") % {"step": step}
        case EventKind.REASSIGNED:
            role = labels.format_role(row.to, pack)
            return _("Reassigned to %(role)s: %(step)s") % {"role": role, "step": step}
        case EventKind.CANCELLED if step:
            return _("Not needed: %(step)s") % {"step": step}
        case EventKind.OVERRIDDEN if row.to:
            to = labels.format_title(row.to, pack)
            return _("A supervisor moved the case to: %(step)s") % {"step": to}
        case EventKind.OVERRIDDEN:
            return _("A supervisor corrected the recorded information")
        case EventKind.HEARD:
            return labels.format_message(row.message)
        case kind:
            return str(labels.DID[kind])


def list_answers(row: PathwayEvent, pack: Pack) -> list[tuple[str, str]]:
    return [
        (labels.format_name(name), labels.format_code(value))
        for name, value in row.data.items()
    ]
