"""How all cases stand, in counts; and where they left what was agreed. No name, and no
sealed word."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _

from amana.care.pathways import labels
from amana.care.pathways.models import OpenTask, PathwayEvent, PathwayRun, PendingSignal
from amana.care.pathways.rules import read_all_courses
from amana.design.mechanism.models import Version
from amana.design.mechanism.pack.pack_model import Pack
from amana.design.pathway.conformance import Deviation, find_deviations
from amana.trust.access.models import User

MOST_CASES = 500
"""So many are replayed at a time, the latest first."""


@dataclass
class StepCount:
    """How many cases are at a step."""

    step: str
    title: str
    role: str = ""
    due: int = 0
    late: int = 0
    not_given: int = 0
    waiting: int = 0

    @property
    def tone(self) -> str:
        return "late" if self.late else "plain"


@dataclass(frozen=True)
class PathwayOverview:
    running: int
    ended: list[tuple[str, int]]
    steps: list[StepCount]
    """In the order of the pathway."""

    @property
    def due(self) -> int:
        return sum(step.due for step in self.steps)

    @property
    def late(self) -> int:
        return sum(step.late for step in self.steps)

    @property
    def most_due(self) -> int:
        return max((step.due for step in self.steps), default=0)


def count_cases(
    user: User, version: Version, now: datetime | None = None
) -> PathwayOverview:
    moment = now or timezone.now()
    seen = read_all_courses.among(PathwayRun.objects.all(), user)
    ended = seen.filter(ended_at__isnull=False).values_list("ended")
    by_end = ended.annotate(n=Count("pk")).order_by("-n", "ended")
    found: dict[str, StepCount] = {}
    pack = version.pack
    dues = OpenTask.objects.filter(course__in=seen).values("key", "role")
    for row in dues.annotate(
        n=Count("pk"),
        late=Count("pk", filter=Q(due_at__lte=moment)),
        open=Count("pk", filter=Q(given=False)),
    ):
        one = get_standing(found, row["key"], pack)
        one.role = labels.format_role(row["role"], pack)
        one.due += row["n"]
        one.late += row["late"]
        one.not_given += row["open"]
    waits = PendingSignal.objects.filter(course__in=seen).values_list("key")
    for key, n in waits.annotate(n=Count("pk")):
        get_standing(found, key, pack).waiting += n
    order = {id: place for place, id in enumerate(pack.pathway.steps)}
    last = len(order)
    return PathwayOverview(
        seen.filter(ended_at=None).count(),
        [(labels.format_ending(code), n) for code, n in by_end],
        sorted(found.values(), key=lambda one: order.get(one.step, last)),
    )


def get_standing(found: dict[str, StepCount], key: str, pack: Pack) -> StepCount:
    step = key.partition("@")[0]
    return found.setdefault(step, StepCount(step, labels.format_title(step, pack)))


# --- what happened, beside what was agreed


@dataclass(frozen=True)
class ReplaySummary:
    """Cases replayed against the version by which they go."""

    cases: int
    facts: int
    conforming: int
    kinds: list[tuple[str, int]]
    departed: list["DeviatingCase"]

    @property
    def percent(self) -> str:
        """Rounded down: a hundred is said only of all."""
        share = 100 * self.conforming // self.cases if self.cases else 100
        return f"{share} %"


@dataclass(frozen=True)
class DeviatingCase:
    """One case that left the way that was agreed, and every place where it did."""

    course: PathwayRun
    kinds: list[str]
    sentences: list[tuple[datetime, str]]


def replay_cases(user: User, version: Version) -> ReplaySummary:
    pack, now = version.pack, timezone.now()
    facts = Prefetch("facts", PathwayEvent.objects.order_by("number"))
    seen = read_all_courses.among(PathwayRun.objects.filter(version=version), user)
    courses = seen.select_related("case").prefetch_related(facts)
    counted: dict[str, int] = defaultdict(int)
    departed: list[DeviatingCase] = []
    cases = told = 0
    for course in courses.order_by("-begun_at", "pk")[:MOST_CASES]:
        rows = [row.read() for row in course.facts.all()]
        found = find_deviations(pack.pathway, rows, now=now)
        cases, told = cases + 1, told + len(rows)
        for deviation in found:
            counted[deviation.kind.value] += 1
        if found:
            kinds_here = dict.fromkeys(deviation.kind.value for deviation in found)
            departed.append(
                DeviatingCase(
                    course,
                    [str(labels.DEPARTURES[kind]) for kind in kinds_here],
                    [
                        (deviation.at, format_deviation(deviation, pack))
                        for deviation in found
                    ],
                )
            )
    kinds = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    return ReplaySummary(
        cases,
        told,
        cases - len(departed),
        [(str(labels.DEPARTURES[kind]), n) for kind, n in kinds],
        departed,
    )


def format_deviation(found: Deviation, pack: Pack) -> str:
    return _(found.sentence) % {
        name: format_value(name, value, pack) for name, value in found.values.items()
    }


def format_value(name: str, value: Any, pack: Pack) -> str:
    match name:
        case "step" | "other":
            return labels.format_title(str(value), pack)
        case "role" | "by":
            return labels.format_role(str(value), pack)
        case "name":
            return labels.format_name(str(value))
        case "message":
            return labels.format_message(str(value))
        case "due_at":
            return date_format(timezone.localtime(value), _("j F Y, H:i"))
    return str(value)
