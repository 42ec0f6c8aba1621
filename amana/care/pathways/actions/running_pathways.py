"""Begin, finish, skip, reopen, override, hear."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases.models.case_record import Case
from amana.care.cases.rules import see_case
from amana.care.pathways import conference, gating, sealed, status, tasks
from amana.care.pathways.actions.pathway_steps import (
    Answers,
    build_already_done,
    build_log_fields,
    is_conference,
    is_decision,
    lock_due_step,
    notify_role_of_course,
    record_pathway_fact,
    require_valid_decision,
)
from amana.care.pathways.events import course_begun
from amana.care.pathways.models.open_tasks import RoleAssignment
from amana.care.pathways.models.runs import (
    CASE_CLOSED,
    DeviationReason,
    PathwayEvent,
    PathwayRun,
)
from amana.care.pathways.rules import (
    OFFICES,
    choose_team,
    follow_course,
    manage_course,
    override_course,
    place_course,
)
from amana.care.pathways.status import RoleTeams
from amana.design.mechanism.choosing import find_version_of
from amana.design.pathway import run_events
from amana.design.pathway.run_events import EventKind
from amana.errors import Changed, Refused
from amana.trust.access.models.organisations import Team, User
from amana.trust.audit import log


@transaction.atomic
def begin_pathway(case: Case, *, data: Answers, by: User) -> PathwayRun:
    """Set a case on the way of the mechanism that it follows, as it is in force now;
    `data` is what a pathway starts with, in its own codes."""
    see_case.require(by, case)
    version = find_version_of(case.mechanism_id)
    if version is None:
        raise Refused(_("No mechanism is in force for this case."))
    if not case.still_open():
        raise Refused(_("This case is closed. Reopen it first."))
    # The case has one course at most, by its key: of two colleagues who begin at once,
    # the second is told.
    course, new = PathwayRun.objects.get_or_create(
        case=case, defaults={"version": version}
    )
    if not new:
        raise Changed(_("This case has already started its pathway."))
    record_pathway_fact(
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
    course, due = lock_due_step(course, step, expected=expected, by=by)
    if is_decision(course, due):
        require_valid_decision(course, due, said, ground, by=by)
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
    row = record_pathway_fact(
        course, fact, by=by, team=due.team, said=said, invited=invited
    )
    if invited:
        tasks.notify_invited(course, invited, but=by)
    log.record(
        "finished step", course, by=by, case=course.case_id, **build_log_fields(row)
    )
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
    course, due = lock_due_step(course, step, expected=expected, by=by)
    fact = run_events.RunEvent(
        EventKind.SKIPPED,
        timezone.now(),
        step=step,
        data=data or {},
        role=due.role,
        reason=reason,
    )
    row = record_pathway_fact(course, fact, by=by, team=due.team, said=said)
    log.record(
        "skipped step", course, by=by, case=course.case_id, **build_log_fields(row)
    )
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
    course = status.lock_course(course)
    fact = run_events.RunEvent(
        EventKind.REOPENED, timezone.now(), step=step, reason=reason, onward=onward
    )
    row = record_pathway_fact(course, fact, by=by, team=course.case.team, said=said)
    log.record(
        "reopened step", course, by=by, case=course.case_id, **build_log_fields(row)
    )
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
    course = status.lock_course(course)
    fact = run_events.RunEvent(
        EventKind.REASSIGNED, timezone.now(), step=step, to=to, reason=reason
    )
    row = record_pathway_fact(course, fact, by=by, team=course.case.team, said=said)
    log.record(
        "reassigned step", course, by=by, case=course.case_id, **build_log_fields(row)
    )
    return row


@transaction.atomic
def cancel_step(
    course: PathwayRun, step: str = "", *, reason: str, to: str = "", by: User
) -> PathwayEvent:
    """Record that a step is not needed, and end its branch; without a step, the case
    ends."""
    override_course.require(by, course)
    course = status.lock_course(course)
    fact = run_events.RunEvent(
        EventKind.CANCELLED, timezone.now(), step=step, reason=reason, to=to
    )
    row = record_pathway_fact(course, fact, by=by, team=course.case.team)
    log.record(
        "cancelled step", course, by=by, case=course.case_id, **build_log_fields(row)
    )
    return row


@transaction.atomic
def end_with_case(course: PathwayRun, *, by: User) -> None:
    """End a pathway whose case was closed. Where only the last step is due, closing has
    done it; else the pathway ends. Why the work ended is sealed in the case."""
    follow_course.require(by, course)
    course = status.lock_course(course)
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
    row = record_pathway_fact(course, fact, by=by, team=course.case.team)
    log.record(
        "ended pathway", course, by=by, case=course.case_id, **build_log_fields(row)
    )


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
    course = status.lock_course(course)
    fact = run_events.RunEvent(
        EventKind.OVERRIDDEN,
        timezone.now(),
        step=step,
        to=to,
        data=data or {},
        reason=reason,
    )
    row = record_pathway_fact(course, fact, by=by, team=course.case.team, said=said)
    log.record(
        "overrode pathway", course, by=by, case=course.case_id, **build_log_fields(row)
    )
    return row


@transaction.atomic
def record_message(
    course: PathwayRun, message: str, *, step: str = "", by: User
) -> PathwayEvent:
    """Record something that the case waits for, or that comes between at any time."""
    if not place_course.permits(by, course):
        follow_course.require(by, course)
    course = status.lock_course(course)
    fact = run_events.RunEvent(
        EventKind.HEARD, timezone.now(), step=step, message=message
    )
    row = record_pathway_fact(course, fact, by=by)
    log.record(
        "heard message", course, by=by, case=course.case_id, **build_log_fields(row)
    )
    return row


@transaction.atomic
def record_signal(course: PathwayRun, message: str, *, by: User | None) -> PathwayEvent:
    """Record the same for another room, which has asked already who may; `by` None: the
    clock."""
    course = status.lock_course(course)
    fact = run_events.RunEvent(EventKind.HEARD, timezone.now(), message=message)
    row = record_pathway_fact(course, fact, by=by)
    log.record(
        "heard message", course, by=by, case=course.case_id, **build_log_fields(row)
    )
    return row


@transaction.atomic
def follow_case(course: PathwayRun, *, by: User) -> None:
    """Move a case's own steps to its new team, or its new people. The room of cases has
    asked already who may; who did it may see it no more."""
    course = status.lock_course(course)
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
    course = status.lock_course(course)
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
    notify_role_of_course(course, role)


@transaction.atomic
def name_person(course: PathwayRun, step: str, person: User, *, by: User) -> None:
    """Appoint who does a coordinator's or an authority's step in a case kept to named
    people: one person who plays that role, for this step, and sees no more (ADR 11)."""
    manage_course.require(by, course)
    course = status.lock_course(course)
    due = course.dues.filter(key=step).first()
    if due is None:
        raise build_already_done(course, step)
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
    notify_role_of_course(course, due.role, due.key)


def require_place_or_manage(course: PathwayRun, *, by: User) -> None:
    if not place_course.permits(by, course):
        manage_course.require(by, course)


@transaction.atomic
def expire_wait(course: PathwayRun, step: str) -> bool:
    """End a wait that has lasted long enough; whether it still was one."""
    course = status.lock_course(course)
    now = timezone.now()
    if not course.awaited.filter(key=step, until__lte=now).exists():
        return False
    row = record_pathway_fact(
        course, run_events.RunEvent(EventKind.EXPIRED, now, step=step), by=None
    )
    log.record(
        "waited long enough",
        course,
        by=None,
        case=course.case_id,
        **build_log_fields(row),
    )
    return True
