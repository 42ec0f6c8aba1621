"""Where a case stands: its facts, folded; and the same in rows, for lists."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import QuerySet

from amana.care.pathways.models import (
    NO_CLOCK,
    OpenTask,
    PathwayEvent,
    PathwayRun,
    PendingSignal,
    RoleAssignment,
)
from amana.design.mechanism.models import RolePlayer, Version
from amana.design.mechanism.pack.pack_model import Pack
from amana.design.pathway import case as engine
from amana.design.pathway import run_events
from amana.design.pathway.pathway_model import Pathway, Wait
from amana.design.pathway.run_events import EventKind
from amana.design.pathway.run_state import OpenStep, RunState, WaitingStep
from amana.trust.access.models import Membership, Role


def lock_course(course: PathwayRun) -> PathwayRun:
    """Lock the course, and return it as it is now, until this transaction ends."""
    rows = PathwayRun.objects.filter(pk=course.pk)
    list(rows.select_for_update(no_key=True).values_list("pk"))
    # Only then, or PostgreSQL would read beside it what stood before the wait.
    return rows.select_related("case__team", "version__mechanism").get()


def get_pathway(course: PathwayRun) -> Pathway:
    return course.version.pack.pathway


def list_facts(course: PathwayRun) -> list[PathwayEvent]:
    """List every fact, in order, with who did it. One query."""
    rows = course.facts.select_related("by", "team__organisation")
    return list(rows.order_by("number"))


def read_facts(course: PathwayRun) -> list[run_events.RunEvent]:
    return [row.read() for row in course.facts.order_by("number")]


def compute_state(course: PathwayRun) -> RunState:
    """Compute the state from the course's facts. Those before the last move are not
    needed."""
    moves = course.facts.filter(kind=EventKind.MOVED).order_by("-number")
    # A move's fact holds the whole state, so what came before it is in there already.
    last = moves.values_list("number", flat=True).first() or 0
    rows = course.facts.filter(number__gte=last).order_by("number")
    return fold_facts(get_pathway(course), [row.read() for row in rows], course.length)


def fold_facts(
    pathway: Pathway, some: Sequence[run_events.RunEvent], length: int
) -> RunState:
    return replace(engine.compute_state(pathway, some), length=length)


def is_open_to(course: PathwayRun, message: str) -> bool:
    """Check whether the case waits for this, or can be interrupted by it now."""
    pathway = get_pathway(course)
    if message not in pathway.messages:
        return False
    state = compute_state(course)
    for interrupt in pathway.interrupts.values():
        if interrupt.on == message:
            return interrupt.next not in {*state.open, *state.waiting}
    waits = (pathway.steps.get(wait.step) for wait in state.waiting.values())
    return any(isinstance(step, Wait) and step.hears(message) for step in waits)


# --- which team does what


@dataclass
class RoleTeams:
    """Who plays which role of a mechanism here, looked up once."""

    pack: Pack
    by_role: Mapping[str, tuple[int, ...]]

    @classmethod
    def of(cls, version: Version) -> "RoleTeams":
        parts = RolePlayer.objects.filter(mechanism=version.mechanism_id).order_by("pk")
        found: dict[str, dict[int, None]] = {}
        for role, team in parts.values_list("role", "team"):
            found.setdefault(role, {})[team] = None
        return cls(version.pack, {role: tuple(ids) for role, ids in found.items()})

    def roles_of(self, team: int) -> list[str]:
        return [role for role, teams in self.by_role.items() if team in teams]

    def needs(self, role: str) -> str:
        known = self.pack.roles.get(role)
        return known.access_role if known else Role.COORDINATOR

    def could_be_named(self, role: str) -> QuerySet[Membership]:
        """Find who plays a role, as what it needs, in one of the teams that have it."""
        playing = Membership.objects.holding([Role(self.needs(role))])
        there = playing.filter(team__in=self.by_role.get(role, ()))
        return there.filter(user__is_active=True).order_by("pk")

    def place(
        self, role: str, course: PathwayRun, hands: Mapping[str, int]
    ) -> "NamedAssignment":
        """Choose the team that has it in this case, else the case's own if that may;
        else the only one that does. Of several, a person chooses. A restricted case
        stays."""
        own = course.case.team_id
        if course.case.restricted:
            return NamedAssignment(own, own=True, given=True)
        could = self.by_role.get(role, ())
        if role in hands:
            chosen = hands[role]
        elif own in could:
            chosen = own
        elif len(could) == 1:
            chosen = could[0]
        else:
            return NamedAssignment(own, own=True, given=False)
        return NamedAssignment(chosen, own=chosen == own, given=True)


@dataclass(frozen=True)
class NamedAssignment:
    team: int
    own: bool
    given: bool
    person: int | None = None
    """Who alone does it, of that team."""


# --- the same, in rows


@dataclass
class RunRows:
    """What has to be written for a case to stand in its lists as its state says."""

    course: PathwayRun
    teams: RoleTeams
    hands: dict[str, int]
    named: Mapping[tuple[str, str], NamedAssignment] = field(default_factory=dict)
    """Of a case kept to named people: who does a step, by its key and role."""
    new_dues: list[OpenTask] = field(default_factory=list)
    new_hands: list[RoleAssignment] = field(default_factory=list)
    new_awaited: list[PendingSignal] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        course: PathwayRun,
        state: RunState,
        teams: RoleTeams,
        hands: Iterable[RoleAssignment] = (),
    ) -> "RunRows":
        """Build all of them, for a case that has none."""
        rows = cls(course, teams, {hand.role: hand.team_id for hand in hands})
        for key, open_step in state.open.items():
            rows.add(key, open_step)
        for key, wait in state.waiting.items():
            rows.wait(key, wait)
        return rows

    def place(self, key: str, one: OpenStep) -> NamedAssignment:
        if self.course.case.restricted and (key, one.role) in self.named:
            return self.named[key, one.role]
        return self.teams.place(one.role, self.course, self.hands)

    def add(self, key: str, one: OpenStep) -> None:
        place = self.place(key, one)
        needs = self.teams.needs(one.role)
        kept = self.course.case.restricted  # by whom it is done then says nothing
        if place.given and not kept and one.role not in self.hands:
            self.hands[one.role] = place.team
            self.new_hands.append(
                RoleAssignment(
                    course=self.course,
                    role=one.role,
                    needs=needs,
                    team_id=place.team,
                )
            )
        self.new_dues.append(
            OpenTask(
                course=self.course,
                case_id=self.course.case_id,
                key=key,
                role=one.role,
                needs=needs,
                team_id=place.team,
                own=place.own,
                given=place.given,
                named_id=place.person,
                since=one.since,
                again=one.again,
                **get_clocks(one),
            )
        )

    def wait(self, key: str, one: WaitingStep) -> None:
        self.new_awaited.append(
            PendingSignal(course=self.course, key=key, since=one.since, until=one.until)
        )


def get_clocks(one: OpenStep) -> dict[str, object]:
    return {
        "due_at": one.due_at,
        "by_at": one.due_at or one.since + NO_CLOCK,
        "remind_at": one.remind_at,
    }


def is_same(due: OpenTask, one: OpenStep, place: NamedAssignment) -> bool:
    return (
        due.since == one.since
        and due.role == one.role
        and due.due_at == one.due_at
        and due.remind_at == one.remind_at
        and due.again == one.again
        and due.team_id == place.team
        and due.named_id == place.person
        and (due.own, due.given) == (place.own, place.given)
    )


def map_named(dues: Iterable[OpenTask]) -> dict[tuple[str, str], NamedAssignment]:
    return {
        (due.key, due.role): NamedAssignment(due.team_id, False, True, due.named_id)
        for due in dues
        if due.named_id is not None
    }


def update_rows(course: PathwayRun, state: RunState) -> None:
    """Update the rows to the state; those that are right stay as they are."""
    teams = RoleTeams.of(course.version)
    hands = dict(course.hands.values_list("role", "team"))
    # Compared, and not all written again: an unchanged row keeps when its people were
    # reminded.
    known = {due.key: due for due in course.dues.all()}
    rows = RunRows(course, teams, hands, map_named(known.values()))
    stale = [key for key in known if key not in state.open]
    for key, open_step in state.open.items():
        due = known.get(key)
        if due and is_same(due, open_step, rows.place(key, open_step)):
            continue
        rows.add(key, open_step)
        if due:
            stale.append(key)
            keep_notified(due, rows.new_dues[-1])
    course.dues.filter(key__in=stale).delete()
    waits = {wait.key: (wait.since, wait.until) for wait in course.awaited.all()}
    now = {key: (wait.since, wait.until) for key, wait in state.waiting.items()}
    over = [key for key, times in waits.items() if now.get(key) != times]
    course.awaited.filter(key__in=over).delete()
    for key, wait in state.waiting.items():
        if key not in waits or key in over:
            rows.wait(key, wait)
    write_rows([rows])


def keep_notified(was: OpenTask, now: OpenTask) -> None:
    """Keep when people were notified, so that none is told twice of the same
    deadline."""
    if was.due_at == now.due_at and was.since == now.since:
        now.reminded_at, now.told_at = was.reminded_at, was.told_at


def write_rows(some: Iterable[RunRows]) -> None:
    found = list(some)
    RoleAssignment.objects.bulk_create([h for r in found for h in r.new_hands])
    OpenTask.objects.bulk_create([d for r in found for d in r.new_dues])
    PendingSignal.objects.bulk_create([a for r in found for a in r.new_awaited])
