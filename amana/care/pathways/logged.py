"""The facts of all cases as an event log, for those who study how the mechanism works.

No name, no reference, no answer: pseudonyms that are made for one export and forgotten,
so that no reader can link them to a case, nor one export to the next."""

import hmac
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from amana.care.pathways.models import PathwayEvent, PathwayRun
from amana.care.pathways.rules import read_all_courses
from amana.design.pathway.run_events import EventKind
from amana.trust.access.models import User


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """One fact; `at` to the minute."""

    event: str
    activity: str
    at: datetime
    case: str
    step: str
    team: str
    organisation: str
    role: str
    kind: str
    reason: str


COLUMNS = (
    "course",
    "number",
    "kind",
    "at",
    "step",
    "message",
    "team",
    "team__organisation",
    "role",
    "reason",
)


def list_cases(user: User) -> list[UUID]:
    """List whose facts they are: every case that is not kept to named people."""
    courses = read_all_courses.among(PathwayRun.objects.all(), user)
    return list(courses.order_by("case").values_list("case", flat=True).distinct())


def read_events(user: User) -> Iterator[LoggedEvent]:
    """Read every fact of every such case, by its case."""
    courses = read_all_courses.among(PathwayRun.objects.all(), user)
    return iterate_events(PathwayEvent.objects.filter(course__in=courses))


def iterate_events(rows: QuerySet[PathwayEvent]) -> Iterator[LoggedEvent]:
    # Of this export alone and in no file: without it, a reader who knows the id of a
    # case can't make its pseudonym.
    key = secrets.token_bytes(32)

    def pseudonym(of: object) -> str:
        return hmac.digest(key, str(of).encode(), "sha256").hex()[:12] if of else ""

    ordered = rows.order_by("course", "number").values_list(*COLUMNS)
    for (
        course,
        number,
        kind,
        at,
        step,
        message,
        team,
        of,
        role,
        reason,
    ) in ordered.iterator(chunk_size=2000):
        case = pseudonym(course)
        yield LoggedEvent(
            event=f"{case}-{number}",
            activity=format_activity(kind, step, message),
            at=at.replace(second=0, microsecond=0),
            case=case,
            step=step,
            team=pseudonym(f"team {team}" if team else ""),
            organisation=pseudonym(f"organisation {of}" if of else ""),
            role=role,
            kind=kind,
            reason=reason,
        )


def format_activity(kind: str, step: str, message: str) -> str:
    """Format the step, where it was done; else what happened, and to which step."""
    name = step.partition("@")[0] or message
    return name if kind == EventKind.DONE else f"{kind} {name}".strip()
