"""What can be done on a case's way through its mechanism.

Each verb writes one fact, in one transaction, with one event in the log. The case is
held while that happens: of two people at the same step the second is told what the
first has done, and nothing of what the second typed is lost."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases.models import Case
from amana.care.cases.rules import see_case
from amana.care.pathways import conference, gating, labels, sealed, status, tasks
from amana.care.pathways.events import (
    course_begun,
    course_ended,
    fact_recorded,
    step_asked,
)
from amana.care.pathways.models import (
    CASE_CLOSED,
    DecisionBasis,
    DeviationReason,
    OpenTask,
    PathwayEvent,
    PathwayRun,
    RoleAssignment,
)
from amana.care.pathways.rules import (
    OFFICES,
    choose_team,
    did_step,
    do_step,
    follow_course,
    manage_course,
    override_course,
    place_course,
    see_course,
)
from amana.care.pathways.status import RoleTeams
from amana.design.mechanism import find_current_version
from amana.design.mechanism.engine import case as engine
from amana.design.mechanism.engine import run_events
from amana.design.mechanism.engine.pathway import MAIN, Do
from amana.design.mechanism.engine.run_events import EventKind
from amana.design.mechanism.engine.run_state import (
    EventNotApplicable,
    RunState,
    split_key,
)
from amana.errors import Changed, Refused
from amana.trust.access import gates
from amana.trust.access.models import Role, Team, User
from amana.trust.audit import log

type Answers = Mapping[str, Any]


@transaction.atomic
def begin_pathway(case: Case, *, data: Answers, by: User) -> PathwayRun:
    """Set a case on the way that is in force now; `data` is what a pathway starts
    with, in its own codes."""
    see_case.require(by, case)
    version = find_current_version()
    if version is None:
        raise Refused(_("No mechanism is in force here."))
    if not case.still_open():
        raise Refused(_("This case is closed. Reopen it first."))
    # The case has one course at most, by its key: of two colleagues who begin at once,
    # the second is told.
    course, new = PathwayRun.objects.get_or_create(
        case=case, defaults={"version": version}
    )
    if not new:
        raise Changed(_("This case has already started its pathway."))
    _take(
        course, run_events.RunEvent(EventKind.START, timezone.now(), data=data), by=by
    )
    log.record("began pathway", course, by=by, case=case.pk, version=version.pk)
    course_begun.send(PathwayRun, course=course, by=by)
    return course


@transaction.atomic
def finish_step(
    course: PathwayRun,
    step: str,
    *,
    data: Answers | None = None,
    said: str = "",
    ground: str = "",
    invited: Collection[str] = (),
    expected: int | None = None,
    by: User,
) -> PathwayEvent:
    """Record that a step was done; `data` is what it leaves, `said` words about it, and
    `invited` who was asked to a conference. `expected`: how many facts there were when
    the page was drawn."""
    course, due = _step(course, step, expected=expected, by=by)
    if is_decision(course, due):
        _decides(course, due, said, ground, by=by)
    gating.require_established(status.get_pathway(course).steps[due.step], data or {})
    if is_conference(course, due) and sealed.may_send_words(course.case, due.team):
        conference.require_conference(course.version.pack, invited=invited, agreed=said)
    fact = run_events.RunEvent(
        EventKind.DONE,
        timezone.now(),
        step=step,
        data=data or {},
        role=due.role,
        reason=ground,
    )
    row = _take(course, fact, by=by, team=due.team, said=said, invited=invited)
    if invited:
        tasks.notify_invited(course, invited, but=by)
    log.record("finished step", course, by=by, case=course.case_id, **_trace(row))
    return row


@transaction.atomic
def skip_step(
    course: PathwayRun,
    step: str,
    *,
    reason: DeviationReason,
    data: Answers | None = None,
    said: str = "",
    expected: int | None = None,
    by: User,
) -> PathwayEvent:
    """Leave a step out, for a reason; the case continues as if it had been done."""
    course, due = _step(course, step, expected=expected, by=by)
    fact = run_events.RunEvent(
        EventKind.SKIPPED,
        timezone.now(),
        step=step,
        data=data or {},
        role=due.role,
        reason=reason,
    )
    row = _take(course, fact, by=by, team=due.team, said=said)
    log.record("skipped step", course, by=by, case=course.case_id, **_trace(row))
    return row


@transaction.atomic
def reopen_step(
    course: PathwayRun,
    step: str,
    *,
    reason: DeviationReason,
    onward: bool = False,
    said: str = "",
    by: User,
) -> PathwayEvent:
    """Make a step that was done due again; with `onward`, the case continues from
    it."""
    manage_course.require(by, course)
    course = lock_course(course)
    fact = run_events.RunEvent(
        EventKind.REOPENED, timezone.now(), step=step, reason=reason, onward=onward
    )
    row = _take(course, fact, by=by, team=course.case.team, said=said)
    log.record("reopened step", course, by=by, case=course.case_id, **_trace(row))
    return row


@transaction.atomic
def reassign_step(
    course: PathwayRun,
    step: str,
    *,
    to: str,
    reason: DeviationReason,
    said: str = "",
    by: User,
) -> PathwayEvent:
    """Give a step to another role of the mechanism."""
    require_place_or_manage(course, by=by)
    course = lock_course(course)
    fact = run_events.RunEvent(
        EventKind.REASSIGNED, timezone.now(), step=step, to=to, reason=reason
    )
    row = _take(course, fact, by=by, team=course.case.team, said=said)
    log.record("reassigned step", course, by=by, case=course.case_id, **_trace(row))
    return row


@transaction.atomic
def cancel_step(
    course: PathwayRun, step: str = "", *, reason: str, to: str = "", by: User
) -> PathwayEvent:
    """Record that a step is not needed, and end its branch; without a step, the case
    ends."""
    override_course.require(by, course)
    course = lock_course(course)
    fact = run_events.RunEvent(
        EventKind.CANCELLED, timezone.now(), step=step, reason=reason, to=to
    )
    row = _take(course, fact, by=by, team=course.case.team)
    log.record("cancelled step", course, by=by, case=course.case_id, **_trace(row))
    return row


@transaction.atomic
def end_with_case(course: PathwayRun, *, by: User) -> None:
    """End a pathway whose case was closed. Where only the last step is due, closing has
    done it; else the pathway ends. Why the work ended is sealed in the case."""
    follow_course.require(by, course)
    course = lock_course(course)
    if course.ended_at is not None:
        return
    state, now = status.compute_state(course), timezone.now()
    steps = status.get_pathway(course).steps
    last = [key for key, open_step in state.open.items() if steps[open_step.step].end]
    if list(state.open) == last and len(last) == 1 and not state.waiting:
        role = state.open[last[0]].role
        fact = run_events.RunEvent(EventKind.DONE, now, step=last[0], role=role)
    else:
        fact = run_events.RunEvent(
            EventKind.CANCELLED, now, reason=CASE_CLOSED, to="closed"
        )
    row = _take(course, fact, by=by, team=course.case.team)
    log.record("ended pathway", course, by=by, case=course.case_id, **_trace(row))


@transaction.atomic
def override_pathway(
    course: PathwayRun,
    step: str = "",
    *,
    to: str = "",
    reason: DeviationReason,
    data: Answers | None = None,
    said: str = "",
    by: User,
) -> PathwayEvent:
    """Decide otherwise, as a supervisor: the case continues at another step, or what is
    known of it is corrected. The fact and its reason stay."""
    override_course.require(by, course)
    course = lock_course(course)
    fact = run_events.RunEvent(
        EventKind.OVERRIDDEN,
        timezone.now(),
        step=step,
        to=to,
        data=data or {},
        reason=reason,
    )
    row = _take(course, fact, by=by, team=course.case.team, said=said)
    log.record("overrode pathway", course, by=by, case=course.case_id, **_trace(row))
    return row


@transaction.atomic
def record_message(
    course: PathwayRun, message: str, *, step: str = "", by: User
) -> PathwayEvent:
    """Record something that the case waits for, or that comes between at any time."""
    if not place_course.permits(by, course):
        follow_course.require(by, course)
    course = lock_course(course)
    fact = run_events.RunEvent(
        EventKind.HEARD, timezone.now(), step=step, message=message
    )
    row = _take(course, fact, by=by)
    log.record("heard message", course, by=by, case=course.case_id, **_trace(row))
    return row


@transaction.atomic
def record_signal(course: PathwayRun, message: str, *, by: User | None) -> PathwayEvent:
    """Record the same for another room, which has asked already who may; `by` None: the
    clock."""
    course = lock_course(course)
    fact = run_events.RunEvent(EventKind.HEARD, timezone.now(), message=message)
    row = _take(course, fact, by=by)
    log.record("heard message", course, by=by, case=course.case_id, **_trace(row))
    return row


@transaction.atomic
def follow_case(course: PathwayRun, *, by: User) -> None:
    """Move a case's own steps to its new team, or its new people. The room of cases has
    asked already who may; who did it may see it no more."""
    course = lock_course(course)
    known = dict(course.hands.values_list("role", "team"))
    own = set(course.dues.filter(own=True).values_list("team", flat=True))
    gone = [r for r, team in known.items() if team in own - {course.case.team_id}]
    # Only roles that the old team played as the case's own; another team keeps what it
    # was asked to do.
    course.hands.filter(role__in=gone).delete()
    status.update_rows(course, status.compute_state(course))
    log.record("placed steps anew", course, by=by, case=course.case_id)


@transaction.atomic
def give_to_team(course: PathwayRun, role: str, team: Team, *, by: User) -> None:
    """Choose which team plays a role in this case: one of those that play it at all."""
    choose_team.require(by, course)
    course = lock_course(course)
    teams = RoleTeams.of(course.version)
    if team.pk not in teams.by_role.get(role, ()):
        raise Refused(_("This team does not play that role in the mechanism."))
    if course.case.restricted:
        raise Refused(
            _("This is a restricted case. It stays with the people named for it.")
        )
    RoleAssignment.objects.update_or_create(
        course=course,
        role=role,
        defaults={"team": team, "needs": teams.needs(role)},
    )
    status.update_rows(course, status.compute_state(course))
    log.record(
        "gave role in case", course, by=by, case=course.case_id, role=role, team=team.pk
    )
    _tell(course, role)


@transaction.atomic
def name_person(course: PathwayRun, step: str, person: User, *, by: User) -> None:
    """Appoint who does a coordinator's or an authority's step in a case kept to named
    people: one person who plays that role, for this step, and sees no more (ADR 11)."""
    manage_course.require(by, course)
    course = lock_course(course)
    due = course.dues.filter(key=step).first()
    if due is None:
        raise _over(course, step)
    if not course.case.restricted or due.needs not in OFFICES:
        raise Refused(_("A team does this step, so no person is named for it."))
    held = (
        RoleTeams.of(course.version)
        .could_be_named(due.role)
        .filter(user=person)
        .first()
    )
    if held is None:
        raise Refused(_("This person does not play that role in the mechanism."))
    course.dues.filter(pk=due.pk).update(
        named=person, team=held.team_id, own=False, given=True
    )
    log.record(
        "named person for step",
        course,
        by=by,
        case=course.case_id,
        step=due.step,
        person=person.pk,
    )
    _tell(course, due.role, due.key)


def require_place_or_manage(course: PathwayRun, *, by: User) -> None:
    if not place_course.permits(by, course):
        manage_course.require(by, course)


@transaction.atomic
def expire_wait(course: PathwayRun, step: str) -> bool:
    """End a wait that has lasted long enough; whether it still was one."""
    course = lock_course(course)
    now = timezone.now()
    if not course.awaited.filter(key=step, until__lte=now).exists():
        return False
    row = _take(course, run_events.RunEvent(EventKind.EXPIRED, now, step=step), by=None)
    log.record(
        "waited long enough", course, by=None, case=course.case_id, **_trace(row)
    )
    return True


# --- what they are made of


def lock_course(course: PathwayRun) -> PathwayRun:
    """Lock the course, and return it as it is now, until this transaction ends."""
    rows = PathwayRun.objects.filter(pk=course.pk)
    list(rows.select_for_update(no_key=True).values_list("pk"))
    # Only then, or PostgreSQL would read beside it what stood before the wait.
    return rows.select_related("case__team", "version__mechanism").get()


def _step(
    course: PathwayRun, key: str, *, expected: int | None, by: User
) -> tuple[PathwayRun, OpenTask]:
    """Lock the course, and return it with the step that `by` may do in it now. Raises
    Changed where another was first."""
    held = lock_course(course)
    due = held.dues.select_related("team__organisation").filter(key=key).first()
    if due is None:
        if not did_step.among(held.facts.filter(step=key), by).exists():
            see_course.require(by, held)
        raise _over(held, key)
    do_step.require(by, due)
    gates.require_to_act(by, due.team, due.role)
    # Also a step that is due again by now: it was done since the page was drawn, and
    # the words on that page answer the earlier one.
    if expected is not None and _done_since(held, key, expected):
        raise _over(held, key)
    return held, due


def _done_since(course: PathwayRun, key: str, expected: int) -> bool:
    return course.facts.filter(number__gte=expected, step=key).exists()


def _over(course: PathwayRun, key: str) -> Changed:
    """Build what the one who comes second is told."""
    done = course.facts.filter(step=key, kind__in=[EventKind.DONE, EventKind.SKIPPED])
    last = done.select_related("team").order_by("-number").first()
    step = labels.format_step_of_course(course, key)
    if last is None or last.team is None:
        return Changed(_("“%(step)s” is no longer due in this case.") % {"step": step})
    return Changed(
        _("“%(step)s” has already been done, by %(team)s. Nothing was changed.")
        % {"step": step, "team": last.team}
    )


def is_decision(course: PathwayRun, due: OpenTask) -> bool:
    """Check whether an authority decides about a person here: it gives its reasons."""
    step = status.get_pathway(course).steps[due.step]
    decides = isinstance(step, Do) and bool(step.gives)
    return decides and due.needs == Role.AUTHORITY


def is_conference(course: PathwayRun, due: OpenTask) -> bool:
    return conference.is_conference(status.get_pathway(course).steps[due.step])


def _decides(
    course: PathwayRun, due: OpenTask, said: str, ground: str, *, by: User
) -> None:
    if ground not in DecisionBasis.values:
        raise Refused(_("Choose what the decision is based on."))
    if not said.strip() and sealed.may_send_words(course.case, due.team):
        raise Refused(_("Give the reasons in words that the person understands."))
    # A review by the person who decided would be none; the parts apart from the
    # main way are reviews.
    if _is_review(course, due) and _decided_before(course, by):
        raise Refused(
            _(
                "A review must be decided by someone other than the person "
                "who made the decision."
            )
        )


def _is_review(course: PathwayRun, due: OpenTask) -> bool:
    return status.get_pathway(course).steps[due.step].part != MAIN


def _decided_before(course: PathwayRun, by: User) -> bool:
    decided = course.facts.filter(kind=EventKind.DONE, reason__in=DecisionBasis.values)
    last = decided.order_by("-number").first()
    return last is not None and last.by_id == by.pk


def _take(
    course: PathwayRun,
    fact: run_events.RunEvent,
    *,
    by: User | None,
    team: Team | None = None,
    said: str = "",
    invited: Collection[str] = (),
) -> PathwayEvent:
    """Write the fact, if it applies to the case as it is, and what follows from it."""
    # Folded from the facts, which are all there is: the rows are only there for lists.
    before = status.compute_state(course)
    after = _applied(course, before, fact)
    row = PathwayEvent.of(course, before.length, fact, by=by, team=team)
    row.save(force_insert=True)
    course.length = after.length
    course.ended, course.ended_at = after.ended or "", after.ended_at
    course.save(update_fields=["length", "ended", "ended_at"])
    status.update_rows(course, after)
    if said.strip() and by is not None:
        sealed.seal_words(row, said.strip(), invited=invited, by=by)
    _deliver(course, before, after, team)
    was = before.open.get(fact.step)
    fact_recorded.send(PathwayRun, course=course, fact=row, was=was, by=by)
    if after.ended and before.ended is None:
        course_ended.send(PathwayRun, course=course, fact=row, by=by)
    return row


def _applied(
    course: PathwayRun, before: RunState, fact: run_events.RunEvent
) -> RunState:
    try:
        return engine.apply_fact(before, status.get_pathway(course), fact)
    except EventNotApplicable as no:
        raise build_refusal(course, no) from no


def build_refusal(course: PathwayRun, no: EventNotApplicable) -> Refused:
    """Build the engine's refusal in words: with the titles of steps, in the reader's
    language."""
    values = {
        name: labels.format_step_of_course(course, str(value))
        if name in ("step", "to")
        else value
        for name, value in no.values.items()
    }
    if "name" in values:
        values["name"] = labels.format_name(str(values["name"]))
    kind = Refused if no.code in MISTAKES else Changed
    return kind(_(no.sentence) % values)


MISTAKES = frozenset(
    {
        "no_reason",
        "missing",
        "unknown_name",
        "unknown_code",
        "not_a_list",
        "would_strand",
        "another_branch",
        "unknown_role",
        "too_early",
    }
)
"""What the person who asks for it can put right; the rest is somebody else's doing."""


def _deliver(
    course: PathwayRun, before: RunState, after: RunState, team: Team | None
) -> None:
    """Notify those who are to be told, and other teams of what is now theirs to do."""
    roles = dict.fromkeys(told.whom for told in after.told[len(before.told) :])
    new = [key for key in after.open if key not in before.open]
    asked = course.dues.filter(key__in=new, own=False).exclude(team=team)
    roles |= dict.fromkeys(asked.values_list("role", flat=True))
    for role in roles:
        _tell(course, role)


def _tell(course: PathwayRun, role: str, step: str = "") -> None:
    """Notify in the transaction: with the database's queue, the message can't be
    lost."""
    # Ids alone: the queue is in the clear, and an administrator sees its rows.
    tasks.notify_role.enqueue(str(course.pk), role, step)
    step_asked.send(PathwayRun, course=course, role=role, step=step)


def _trace(row: PathwayEvent) -> dict[str, Any]:
    """Return what the log holds of a fact: which, and of what; no code of its data."""
    step, _item = split_key(row.step)
    return {"number": row.number, "step": step, "reason": row.reason}
