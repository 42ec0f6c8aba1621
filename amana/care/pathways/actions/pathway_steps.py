"""What a step does to a run: held, taken, delivered."""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _

from amana.care.pathways import conference, labels, sealed, status, tasks
from amana.care.pathways.events import course_ended, fact_recorded, step_asked
from amana.care.pathways.models.open_tasks import OpenTask
from amana.care.pathways.models.runs import DecisionBasis, PathwayEvent, PathwayRun
from amana.care.pathways.rules import did_step, do_step, see_course
from amana.design.pathway import case as engine
from amana.design.pathway import run_events
from amana.design.pathway.pathway_model import MAIN, Do
from amana.design.pathway.run_events import EventKind
from amana.design.pathway.run_state import EventNotApplicable, RunState, split_key
from amana.errors import Changed, Refused
from amana.trust.access import gates
from amana.trust.access.models.organisations import Role, Team, User

type Answers = Mapping[str, object]


def lock_due_step(
    course: PathwayRun, key: str, *, expected: int | None, by: User
) -> tuple[PathwayRun, OpenTask]:
    """Lock the course, and return it with the step that `by` may do in it now. Raises
    Changed where another was first."""
    held = status.lock_course(course)
    due = held.dues.select_related("team__organisation").filter(key=key).first()
    if due is None:
        if not did_step.among(held.facts.filter(step=key), by).exists():
            see_course.require(by, held)
        raise build_already_done(held, key)
    do_step.require(by, due)
    gates.require_to_act(by, due.team, due.role)
    # Also a step that is due again by now: it was done since the page was drawn, and
    # the words on that page answer the earlier one.
    if expected is not None and _done_since(held, key, expected):
        raise build_already_done(held, key)
    return held, due


def _done_since(course: PathwayRun, key: str, expected: int) -> bool:
    return course.facts.filter(number__gte=expected, step=key).exists()


def build_already_done(course: PathwayRun, key: str) -> Changed:
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


def require_valid_decision(
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


def record_pathway_fact(
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
"""What the user who asks for it can correct; the rest was caused by another's act."""


def _deliver(
    course: PathwayRun, before: RunState, after: RunState, team: Team | None
) -> None:
    """Notify those who are to be told, and other teams of what is now theirs to do."""
    roles = dict.fromkeys(told.whom for told in after.told[len(before.told) :])
    new = [key for key in after.open if key not in before.open]
    asked = course.dues.filter(key__in=new, own=False).exclude(team=team)
    roles |= dict.fromkeys(asked.values_list("role", flat=True))
    for role in roles:
        notify_role_of_course(course, role)


def notify_role_of_course(course: PathwayRun, role: str, step: str = "") -> None:
    """Notify in the transaction: with the database's queue, the message can't be
    lost."""
    # Ids alone: the queue is in the clear, and an administrator sees its rows.
    tasks.notify_role.enqueue(str(course.pk), role, step)
    step_asked.send(PathwayRun, course=course, role=role, step=step)


def build_log_fields(row: PathwayEvent) -> dict[str, Any]:
    """Return what the log holds of a fact: which, and of what; no code of its data."""
    step, _item = split_key(row.step)
    return {"number": row.number, "step": step, "reason": row.reason}
