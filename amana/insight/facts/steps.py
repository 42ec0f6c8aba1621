"""Facts of a pathway's steps. The mechanism's own file says which step an indicator
looks at (`indicators.yaml`, `steps`), so this holds for any mechanism."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from amana.care.cases.models import Case
from amana.care.pathways.models import Course, Fact, Reason
from amana.design.mechanism.engine.facts import Kind
from amana.design.mechanism.engine.standing import Open
from amana.insight.facts.codes import Decision, band
from amana.insight.facts.telling import Said

IN_TIME_OR_NOT = {
    "I12": "immediate_needs",
    "I14": "health_offer",
    "I16": "assessment",
}
"""Indicators of steps that are done in time, late, or not at all."""
OF_CHILDREN = ("guardian", "best_interests")
"""The two steps of I35, in their order."""
LEFT_OUT_FAIRLY = frozenset({Reason.NOT_WISHED, Reason.DONE_BEFORE, Reason.NOT_NEEDED})
"""Reasons for which a step that was not done is no failure of anybody's."""


def facts_of(course: Course, fact: Fact, was: Open | None) -> list[Said]:
    """What a fact of a pathway says in the codes of figures."""
    if fact.kind in {Kind.EXPIRED, Kind.HEARD}:
        return list(rested(course, fact))
    if fact.kind not in {Kind.DONE, Kind.SKIPPED} or was is None:
        return []
    return list(found(course, fact, was))


def rested(course: Course, fact: Fact) -> Iterator[Said]:
    """A period of rest is over that somebody was given."""
    asked = course.version.pack.indicators.get("I10")
    if asked and fact.step in asked.steps:
        yield "reflection", {"result": "granted"}


def found(course: Course, fact: Fact, was: Open) -> Iterator[Said]:
    by_indicator = {
        code: one.steps for code, one in course.version.pack.indicators.items()
    }
    step = fact.step.partition("@")[0]
    codes = {code for code, steps in by_indicator.items() if step in steps}
    timed = in_time(fact, was)
    kinds = {IN_TIME_OR_NOT[code] for code in codes if code in IN_TIME_OR_NOT}
    if "I35" in codes:
        kinds.add(OF_CHILDREN[min(by_indicator["I35"].index(step), 1)])
    for kind in sorted(kinds):
        if timed:
            yield kind, timed
    done = fact.kind == Kind.DONE
    yield from decided(course, fact, codes, timed)
    if "I29" in codes and timed:
        missed = {"result": "missed"} if not done else {"result": timed["result"]}
        yield "follow_up", missed
    if not done and fact.reason in LEFT_OUT_FAIRLY:
        return
    if "I13" in codes:
        yield "safe_bed", {"result": "placed" if done else "not_placed"}
    if "I18" in codes:
        yield "safety_plan", {"result": "yes" if done else "no"}
    if "I17" in codes:
        yield "plan", {"result": "complete" if done else "incomplete"}
    if "I42" in codes and step == by_indicator["I42"][-1]:
        yield "return", {"result": checked(course, by_indicator["I42"][0])}
    yield from said_by(fact)


def decided(
    course: Course, fact: Fact, codes: Collection[str], timed: Mapping[str, Any] | None
) -> Iterator[Said]:
    if timed is None or fact.kind != Kind.DONE:
        return
    if "I07" in codes:
        yield "decision", {**timed, "topic": Decision.FIRST.value}
    if "I08" in codes:
        took = {"band": band(fact.at - course.begun_at)}
        yield "decision", {**timed, **took, "topic": Decision.FINAL.value}


def said_by(fact: Fact) -> Iterator[Said]:
    """What a step left, where any mechanism calls it so."""
    outcome = fact.data.get("outcome")
    if outcome in {"changed", "upheld"}:
        yield "review", {"result": outcome}


def in_time(fact: Fact, was: Open) -> Mapping[str, Any] | None:
    """Against the step's clock; None where it has none, or it was left out fairly."""
    if fact.kind == Kind.SKIPPED:
        return None if fact.reason in LEFT_OUT_FAIRLY else {"result": "not"}
    if was.due_at is None:
        return None
    result = "in_time" if fact.at <= was.due_at else "late"
    return {"result": result, "band": band(fact.at - was.since)}


def checked(course: Course, before: str) -> str:
    """Whether the risks had been looked at before. One query."""
    looked = course.facts.filter(kind=Kind.DONE, step__startswith=before)
    return "checked" if looked.exists() else "unchecked"


def how_often(case: Case, indicator: str) -> int | None:
    """How often the steps of an indicator were done in a case; None without one."""
    course = Course.objects.select_related("version").filter(case=case).first()
    if course is None or indicator not in course.version.pack.indicators:
        return None
    steps = course.version.pack.indicators[indicator].steps
    return course.facts.filter(kind=Kind.DONE, step__in=steps).count()
