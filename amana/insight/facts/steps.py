"""Observations of a pathway's steps. The mechanism's own file names the steps of each
indicator (`indicators.yaml`, `steps`), so this holds for any mechanism."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import accumulate

from amana.care.cases.models import Case
from amana.care.pathways.models import DeviationReason, PathwayEvent, PathwayRun
from amana.design.pathway import case as engine
from amana.design.pathway.pathway_model import Wait
from amana.design.pathway.run_events import EventKind
from amana.design.pathway.run_events import RunEvent as Happened
from amana.design.pathway.run_state import OpenStep, RunState
from amana.insight.facts.codes import Decision, get_band
from amana.insight.facts.recording import Said

IN_TIME_OR_NOT = {
    "I12": "immediate_needs",
    "I14": "health_offer",
    "I16": "assessment",
}
"""Indicators of steps that are done in time, late, or not at all."""
OF_CHILDREN = ("guardian", "best_interests")
"""The two steps of I35, in their order."""
NIGHT = timedelta(hours=24)
"""Where a bed for the night has no clock of its own."""
NEVER_DECIDED: Said = ("decision", {"result": "late", "topic": Decision.FIRST.value})
LEFT_OUT_FAIRLY = frozenset(
    {
        DeviationReason.NOT_WISHED,
        DeviationReason.DONE_BEFORE,
        DeviationReason.NOT_NEEDED,
    }
)
"""Reasons for which a step that was not done is no failure."""


def observe_event(
    course: PathwayRun, fact: PathwayEvent, was: OpenStep | None
) -> list[Said]:
    """Observe an event of a pathway, in the codes of figures."""
    if fact.kind in {EventKind.EXPIRED, EventKind.HEARD}:
        return list(observe_rest(course, fact))
    if fact.kind not in {EventKind.DONE, EventKind.SKIPPED} or was is None:
        return []
    return list(observe_step(course, fact, was))


def observe_rest(course: PathwayRun, fact: PathwayEvent) -> Iterator[Said]:
    """Observe that a reflection period which a person was given is over."""
    if is_rest(course, fact):
        yield "reflection", {"result": "granted"}


def is_rest(course: PathwayRun, fact: PathwayEvent | Happened) -> bool:
    """Check whether an event ends a reflection period: by its step, or by the message
    that it waits for."""
    rests, steps = get_indicator_steps(course, "I10"), course.version.pack.pathway.steps
    if fact.step or not fact.message:
        return fact.step.partition("@")[0] in rests
    waits = [one for step in rests if isinstance(one := steps.get(step), Wait)]
    return any(wait.hears(fact.message) for wait in waits)


def observe_step(
    course: PathwayRun, fact: PathwayEvent, was: OpenStep
) -> Iterator[Said]:
    by_indicator = {
        code: indicator.steps
        for code, indicator in course.version.pack.indicators.items()
    }
    step = fact.step.partition("@")[0]
    codes = {code for code, steps in by_indicator.items() if step in steps}
    timed = compare_with_deadline(fact, was)
    kinds = {IN_TIME_OR_NOT[code] for code in codes if code in IN_TIME_OR_NOT}
    if "I35" in codes:
        kinds.add(OF_CHILDREN[min(by_indicator["I35"].index(step), 1)])
    for kind in sorted(kinds):
        if timed:
            yield kind, timed
    done = fact.kind == EventKind.DONE
    yield from observe_decision(course, fact, codes, timed, was)
    if "I29" in codes and timed:
        missed = {"result": "missed"} if not done else {"result": timed["result"]}
        yield "follow_up", missed
    # What the person did not wish, or did not need, is no failure of the mechanism: it
    # is left out of the denominator too.
    if not done and fact.reason in LEFT_OUT_FAIRLY:
        return
    if "I13" in codes:
        # A step without its own time limit counts by a night of 24 hours.
        tonight = done and fact.at <= (was.due_at or was.since + NIGHT)
        yield "safe_bed", {"result": "placed" if tonight else "not_placed"}
    if "I18" in codes:
        yield "safety_plan", {"result": "yes" if done else "no"}
    if "I17" in codes:
        yield "plan", {"result": "complete" if done else "incomplete"}
    if "I42" in codes and step == by_indicator["I42"][-1]:
        # Only the last of its steps is counted: by then the assessment of risks is
        # known, wherever the mechanism does it.
        before = course.facts.filter(kind=EventKind.DONE).order_by("number")
        yield "return", {"result": classify_return(before, by_indicator["I42"][0])}
    if "I10" in codes:
        yield "reflection", {"result": "granted" if done else "not_granted"}
    yield from observe_review(fact)


def observe_decision(
    course: PathwayRun,
    fact: PathwayEvent,
    codes: Collection[str],
    timed: Mapping[str, object] | None,
    was: OpenStep,
) -> Iterator[Said]:
    if timed is None:
        return
    if fact.kind == EventKind.SKIPPED:
        if "I07" in codes and is_late(was, fact.at):
            yield NEVER_DECIDED
        return
    if "I07" in codes:
        yield "decision", {**timed, "topic": Decision.FIRST.value}
    if "I08" in codes:
        took = {"band": get_band(fact.at - course.begun_at)}
        yield "decision", {**timed, **took, "topic": Decision.FINAL.value}


def observe_review(fact: PathwayEvent) -> Iterator[Said]:
    """Observe the outcome of a review, which any mechanism gives under this name."""
    outcome = fact.data.get("outcome")
    if outcome in {"changed", "upheld"}:
        yield "review", {"result": outcome}


def compare_with_deadline(
    fact: PathwayEvent, was: OpenStep
) -> Mapping[str, object] | None:
    """Compare with the step's time limit; None where it has none, or was left out for a
    fair reason."""
    if fact.kind == EventKind.SKIPPED:
        return None if fact.reason in LEFT_OUT_FAIRLY else {"result": "not"}
    if was.due_at is None:
        return None
    result = "in_time" if fact.at <= was.due_at else "late"
    return {"result": result, "band": get_band(fact.at - was.since)}


def is_late(one: OpenStep, at: datetime) -> bool:
    return one.due_at is not None and one.due_at < at


def classify_return(done: Iterable[PathwayEvent | Happened], risks: str) -> str:
    """Classify a return: checked if the risks were assessed, nothing spoke against it,
    and the person chose to return, as last recorded."""
    safe = option = ""
    for fact in done:
        if fact.step.partition("@")[0] == risks:
            safe = fact.data.get("return_safe", "yes")
        option = fact.data.get("option", option)
    return "checked" if (safe, option) == ("yes", "return") else "unchecked"


# --- what never came to be


def observe_end(course: PathwayRun, happened: Sequence[Happened]) -> list[Said]:
    """Observe what never happened on a pathway that is over: a period that was not
    granted, a first decision that was not taken."""
    # A case that moved to another version starts again from its last move: the steps
    # before are those of another pathway.
    moves = (n for n, fact in enumerate(happened) if fact.kind == EventKind.MOVED)
    *some, last = happened[max(moves, default=0) :]
    states = list(accumulate(some, partial(apply_event, course), initial=RunState()))
    if any(state.ended for state in states):
        return []  # it was over before, and told
    told = list(observe_missing_rest(course, happened, states))
    steps = get_indicator_steps(course, "I07")
    for key, opened in states[-1].open.items():
        if opened.step in steps and key != last.step and is_late(opened, last.at):
            told.append(NEVER_DECIDED)
    return told


def apply_event(course: PathwayRun, state: RunState, fact: Happened) -> RunState:
    return engine.apply_fact(state, course.version.pack.pathway, fact)


def observe_missing_rest(
    course: PathwayRun, happened: Sequence[Happened], states: Sequence[RunState]
) -> Iterator[Said]:
    """Observe whether a person for whom there were grounds was given a reflection
    period; one that had begun was granted."""
    rests = get_indicator_steps(course, "I10")
    if not rests or any(is_rest(course, fact) for fact in happened):
        return
    if any(
        waiting.step in rests for state in states for waiting in state.waiting.values()
    ):
        yield "reflection", {"result": "granted"}
        return
    steps = get_indicator_steps(course, "I07")
    decisions = [f for f in happened if f.kind == EventKind.DONE and f.step in steps]
    if decisions and "yes" in decisions[-1].data.values():
        yield "reflection", {"result": "not_granted"}


def get_indicator_steps(course: PathwayRun, indicator: str) -> tuple[str, ...]:
    known = course.version.pack.indicators
    return known[indicator].steps if indicator in known else ()


def count_steps(case: Case, indicator: str) -> int | None:
    """Count how often the steps of an indicator were done in a case; None without such
    steps."""
    course = PathwayRun.objects.select_related("version").filter(case=case).first()
    if course is None or indicator not in course.version.pack.indicators:
        return None
    steps = course.version.pack.indicators[indicator].steps
    return course.facts.filter(kind=EventKind.DONE, step__in=steps).count()
